"""The business, one package per domain; knows nothing of Reflex, HTTP or vendors."""
