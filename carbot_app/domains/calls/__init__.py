"""Calls customers have asked for: when somebody should ring them, and whether it was done."""
