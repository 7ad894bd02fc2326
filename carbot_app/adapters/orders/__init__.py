"""What orders need from outside."""
