"""Webhooks of automations."""
