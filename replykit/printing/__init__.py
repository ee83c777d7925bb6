"""Printing results: text for people, JSON for programs (shapes in `schemas/`)."""
