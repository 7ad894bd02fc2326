"""The screen on the workshop's wall."""
