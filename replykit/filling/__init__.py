"""Filling a response: templates, inflection, opening hours, what to ask the customer."""
