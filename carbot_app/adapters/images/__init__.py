"""What reads and writes pictures."""
