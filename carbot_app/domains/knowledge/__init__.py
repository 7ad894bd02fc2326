"""What a workshop wrote down for its customers, and what they asked in vain."""
