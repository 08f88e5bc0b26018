"""Explain: what a number is made of, which statements decided it, and what was left out and why."""
