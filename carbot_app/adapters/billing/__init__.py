"""The services of billing, from the settings."""
