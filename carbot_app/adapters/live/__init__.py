"""Live buses: one process (memory) or many (Redis)."""
