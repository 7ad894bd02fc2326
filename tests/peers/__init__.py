"""Counterparts that tests talk to over the network."""
