"""Workshops, people, roles, sign-in and API keys."""
