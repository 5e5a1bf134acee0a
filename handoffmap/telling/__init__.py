"""Telling: a diagnosis as text, JSON, Markdown, HTML and pictures."""
