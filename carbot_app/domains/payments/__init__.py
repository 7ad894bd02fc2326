"""How money reaches the workshop: online through a provider, by transfer, over the counter."""
