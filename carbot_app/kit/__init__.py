"""Money, clock, ids, actor, errors: no workshop words."""
