"""Everything the workshop knows of a customer, on one page."""
