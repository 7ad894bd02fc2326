"""The car on the lift: live values, trouble codes, recordings and what they mean."""
