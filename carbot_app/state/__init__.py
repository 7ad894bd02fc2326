"""Reflex states: a handler parses, calls one service, assigns views."""
