"""Automations: when something happens, if conditions hold, then CarBot acts."""
