"""Who may see, move and cancel a visit in a conversation that did not book it."""
