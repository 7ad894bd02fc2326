"""Appointments and free slots."""
