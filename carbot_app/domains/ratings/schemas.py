"""Views of ratings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RatingView:
    """What the page behind a visit's link knows about its rating."""

    state: str
    """One of rules.OPEN, GIVEN, FINAL and CLOSED."""
    stars: int = 0
    comment: str = ""
    review_link: str = ""
    """Where a glad customer may say it in public; empty: not asked, or the workshop has no such page."""
    callback: str = ""
    """offer to a customer who was not glad, asked once they wished for it; empty: neither."""
