"""What a workshop spends on; each has an account in its mapping (billing/datev.toml)."""

CATEGORIES = (
    "goods",
    "external",
    "tools",
    "supplies",
    "rent",
    "energy",
    "vehicles",
    "office",
    "phone",
    "insurance",
    "advice",
    "advertising",
    "training",
    "waste",
    "fees",
    "other",
)


def account_key(category: str) -> str:
    """Its key in the mapping of accounts."""
    return f"expense_{category}"
