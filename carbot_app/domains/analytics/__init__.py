"""Figures about the workshop."""
