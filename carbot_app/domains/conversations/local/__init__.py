"""The built-in assistant: no network, answers from rules, a small model and the workshop's own records."""
