"""Calendars outside: connected by technicians, kept in step with their appointments."""
