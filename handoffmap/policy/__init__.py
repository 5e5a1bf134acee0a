"""What a team makes of the findings: which of them count, which it lives with, and which it knows already."""
