"""Estimates, approvals, work orders and what happens at the car."""
