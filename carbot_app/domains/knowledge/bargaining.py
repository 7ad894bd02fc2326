"""A price after the discount the owner allows (pure)."""

_EURO = 100


def lowered(cents: int, percent: int) -> int:
    """``cents`` less at most ``percent``, up to the full euro, so that never more is given away."""
    exact = cents * (100 - percent)
    return -(-exact // (100 * _EURO)) * _EURO
