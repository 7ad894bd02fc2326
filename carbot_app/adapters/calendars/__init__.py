"""Calendar servers behind the port of the domain."""
