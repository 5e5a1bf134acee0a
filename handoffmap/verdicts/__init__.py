"""Claims about premises -> the verdict, class and window of each cell, and the findings."""
