"""REST API v1 for partners' programs: API keys, JSON, cursors, problems."""
