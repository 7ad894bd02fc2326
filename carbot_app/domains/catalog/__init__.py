"""What the workshop offers and what it costs."""
