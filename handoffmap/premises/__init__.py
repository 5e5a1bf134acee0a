"""What the rules and verdicts stand on: who writes what, which events arrive where, how late, how often."""
