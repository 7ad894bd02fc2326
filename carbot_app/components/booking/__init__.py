"""Parts of the booking page, one module per step."""
