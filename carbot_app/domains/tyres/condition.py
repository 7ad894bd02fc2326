"""Age and tread of a tyre, and what they mean (pure).

Sources: the last four digits of the DOT number are week and year of making (UN ECE R30/R54, since 2000);
§ 36(3) StVZO demands 1.6 mm of tread. 3 mm in summer and 4 mm in winter is what makers and motoring clubs
advise; age is a matter of advice as well: looked at from six years on, not driven after ten.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

SUMMER, WINTER, ALL_SEASON = "summer", "winter", "all_season"
SEASONS = (SUMMER, WINTER, ALL_SEASON)
POSITIONS = ("FL", "FR", "RL", "RR")
FINE, LOW, ILLEGAL = "fine", "low", "illegal"
YOUNG, AGED, TOO_OLD = "young", "aged", "too_old"
LEGAL_TENTHS = 16
_ADVISED_TENTHS = {SUMMER: 30, WINTER: 40, ALL_SEASON: 40}
MAX_TENTHS = 200
_AGED_YEARS, _TOO_OLD_YEARS = 6, 10
_DOT = re.compile(r"(?:DOT)?[ A-Z0-9/\-]*?(\d{2})(\d{2})")
_LAST_WEEK = 53
_DOT_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Made:
    """Week and year in which a tyre was made."""

    week: int
    year: int

    @property
    def on(self) -> date:
        """Monday of that week; makers count a week 53 in years that have none by the calendar."""
        return date.fromisocalendar(self.year, 1, 1) + timedelta(weeks=self.week - 1)


def parse_dot(text: str) -> Made | None:
    """``DOT 2319``, ``2319`` or a whole DOT number → week 23 of 2019; None when it is none.

    Three digits are of the last century, when the decade was not told: such a tyre has no date.
    """
    found = _DOT.fullmatch(text.strip().upper()) if len(text) <= _DOT_LENGTH else None
    if found is None:
        return None
    week = int(found[1])
    return Made(week, 2000 + int(found[2])) if 1 <= week <= _LAST_WEEK else None


def judge_age(made: Made, today: date) -> str:
    """young, aged (have it looked at) or too_old."""
    years = (today - made.on).days / 365.25
    if years >= _TOO_OLD_YEARS:
        return TOO_OLD
    return AGED if years >= _AGED_YEARS else YOUNG


def judge_tread(tenths: int, season: str) -> str:
    """fine, low (below what is advised for the season) or illegal; ``tenths`` of a millimetre."""
    if tenths < LEGAL_TENTHS:
        return ILLEGAL
    return LOW if tenths < _ADVISED_TENTHS[season] else FINE
