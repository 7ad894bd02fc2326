"""What customers thought of their visits."""
