"""FastAPI: REST v1, widget, auth, live channel."""
