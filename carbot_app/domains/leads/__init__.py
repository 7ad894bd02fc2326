"""Leads: who may become a job, how hot and why."""
