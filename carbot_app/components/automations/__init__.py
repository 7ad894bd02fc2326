"""The automations page."""
