"""Value added tax of DE, AT and CH: rates by date, who owes it, totals and rounding. Pure."""
