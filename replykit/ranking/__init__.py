"""Ranking a library's responses for a message: building the index, scoring, confidence."""
