"""CarBot: the digital front desk of independent car workshops."""
