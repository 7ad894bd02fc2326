"""The catalogue's parts."""
