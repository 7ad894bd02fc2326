"""Engine, sessions, tenancy, base columns, outbox."""
