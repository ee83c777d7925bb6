"""The response library as trainers keep it: its files, house rules, suppressions, proof."""
