"""When a booking obliges to pay, and until when it can be withdrawn from; pure."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.opening import public_holidays
from carbot_app.domains.team.online_booking import BINDING, WITHDRAWAL_COUNTRIES

TEXT_VERSION = "2026-11"
"""State of what customers read when they order: namespaces ``order`` and ``withdrawal`` of the languages."""
PERIOD_DAYS = 14
_SATURDAY = 6
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is mistaken for something else."""
_MISREAD = str.maketrans("OIL", "011")
_HALF = 4


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    """A price of the visit, gross."""

    cents: int
    exact: bool
    """Neither a range nor a "from" price."""
    per_unit: bool = False
    """For one of several whose number nobody has said: the sum is open."""


@dataclass(frozen=True, slots=True)
class OrderKind:
    """What pressing the button will mean."""

    binding: bool
    price_open: bool
    """It stays a request although the workshop takes binding bookings, because a price is not settled."""


def kind_of_order(mode: str, prices: Iterable[OfferedPrice]) -> OrderKind:
    """A contract needs the total price (Art. 246a § 1 EGBGB): one that is not settled leaves a free request.

    Neither is an order without anything to pay one that obliges to pay.
    """
    told = tuple(prices)
    if mode != BINDING or not told:
        return OrderKind(binding=False, price_open=False)
    if not all(price.exact and not price.per_unit for price in told):
        return OrderKind(binding=False, price_open=True)
    return OrderKind(binding=sum(price.cents for price in told) > 0, price_open=False)


def withdrawal_end(concluded_at: datetime, zone: ZoneInfo, country: str, region: str) -> datetime | None:
    """First instant after the period of withdrawal; None where the law grants none.

    Fourteen days (§ 355 BGB, § 11 FAGG), the day of conclusion not counted (§ 187 BGB), to the end of the
    last one (§ 188 BGB); a Saturday, Sunday or public holiday moves that to the next working day (§ 193 BGB).
    """
    if country not in WITHDRAWAL_COUNTRIES:
        return None
    last = concluded_at.astimezone(zone).date() + timedelta(days=PERIOD_DAYS)
    while _is_day_of_rest(last, country, region):
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def last_day(ends_at: datetime, zone: ZoneInfo) -> date:
    """The day on which a period that is over at ``ends_at`` ends."""
    return (ends_at.astimezone(zone) - timedelta(microseconds=1)).date()


def needs_early_start(starts_at: datetime, ends_at: datetime | None) -> bool:
    """Whether work before the end of the period has to be asked for expressly (§ 356 (4), § 357a (2) BGB)."""
    return ends_at is not None and starts_at < ends_at


def new_contract_number() -> str:
    """``7KM4-2XQP``: forty random bits, for people to read out and nobody to guess."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF))
    return f"{drawn[:_HALF]}-{drawn[_HALF:]}"


def read_contract_number(text: str) -> str:
    """A number as people type it, in its stored form; what is none stays without meaning."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum()).translate(_MISREAD)
    return f"{letters[:_HALF]}-{letters[_HALF:]}"[:12]


def _is_day_of_rest(on: date, country: str, region: str) -> bool:
    return on.isoweekday() >= _SATURDAY or on in public_holidays(country, region, on.year)
