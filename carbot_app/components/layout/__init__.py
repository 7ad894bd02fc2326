"""Frames around pages: staff, public, sign-in."""
