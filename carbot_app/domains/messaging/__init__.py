"""Outbound mail and push to people."""
