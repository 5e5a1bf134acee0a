"""What matters first: money, questions, coverage, the order of the gaps."""
