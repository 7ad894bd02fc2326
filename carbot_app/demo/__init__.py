"""The demo workshop in Dortmund: what a new user sees first."""
