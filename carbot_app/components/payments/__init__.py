"""Payments: what came, what is unclear, what goes back."""
