"""Scheduled entry points; each job calls one service."""
