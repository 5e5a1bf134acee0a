"""Nodes -> one topology: files found, entries read, names looked up, products' facts filled in."""
