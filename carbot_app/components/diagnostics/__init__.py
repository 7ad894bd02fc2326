"""The car on the lift: live values, codes, recordings."""
