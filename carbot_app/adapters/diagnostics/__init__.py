"""Files of recorded sessions, and the services of diagnostics put together."""
