"""Checking a draft: what is checked and by which rules, tone by meaning, politeness."""
