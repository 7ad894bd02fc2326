"""What the bank tells: statements, what they pay, and direct debits."""
