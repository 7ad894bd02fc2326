"""Tyre hotel: stored wheel sets, their tyres and labels."""
