"""Design system, layouts and one folder per domain."""
