"""Pages around money: the bank's statements and dunning."""
