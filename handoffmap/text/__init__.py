"""YAML text -> nodes with positions, and what can be wrong with a file."""
