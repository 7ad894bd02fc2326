"""When a direct debit may be collected, and how a mandate stands (pure)."""

import re
from datetime import date, timedelta
from functools import lru_cache

import holidays
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

from carbot_app.kit.errors import Invalid

CORE, B2B = "CORE", "B2B"
SCHEMES = (CORE, B2B)
FIRST, RECURRING, ONCE = "FRST", "RCUR", "OOFF"
_ONE_DAY = timedelta(days=1)
_UNUSED_MONTHS = 36
"""A mandate nobody uses for so long lapses (SEPA rulebooks 4.1)."""
_MOST_DAYS = 365
_MANDATE = re.compile(r"[A-Za-z0-9+?/:().,'-]{1,35}")


def is_bank_day(day: date) -> bool:
    """Whether TARGET works: no weekend and none of its six holidays."""
    return day.weekday() < 5 and day not in _target(day.year)


def next_bank_day(after: date) -> date:
    """The first bank day after a day; nothing is collected before it."""
    day = after + _ONE_DAY
    while not is_bank_day(day):
        day += _ONE_DAY
    return day


def require_collection_day(day: date, today: date) -> None:
    """Raise Invalid ``bank_collect_on`` unless it is a bank day from tomorrow on, within a year."""
    if not is_bank_day(day) or day < next_bank_day(today) or (day - today).days > _MOST_DAYS:
        raise Invalid("bank_collect_on", field="collect_on")


def sequence_of(*, recurring: bool, uses: int) -> str:
    """First, following or only collection of a mandate."""
    if not recurring:
        return ONCE
    return RECURRING if uses else FIRST


def is_usable(
    *,
    recurring: bool,
    uses: int,
    signed_on: date,
    last_used_on: date | None,
    revoked_on: date | None,
    on: date,
) -> bool:
    """Whether a mandate still permits a collection on a day."""
    if revoked_on or signed_on > on or (uses and not recurring):
        return False
    since = last_used_on or signed_on
    return (on.year - since.year) * 12 + on.month - since.month < _UNUSED_MONTHS


def require_creditor_id(text: str) -> str:
    """The identifier without spaces. Raises Invalid ``bank_creditor_id``."""
    try:
        return at_02.validate(text)
    except ValidationError:
        raise Invalid("bank_creditor_id", field="creditor_id") from None


def require_mandate(reference: str) -> str:
    """A reference banks can carry. Raises Invalid ``bank_mandate_reference``."""
    plain = reference.strip()
    if not _MANDATE.fullmatch(plain):
        raise Invalid("bank_mandate_reference", field="reference")
    return plain


@lru_cache(maxsize=16)
def _target(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("XECB", years=year))
