"""Work orders: board, list, the order itself, and a new estimate."""
