"""How long what is kept, and why (pure).

Personal data goes when its purpose is over (Art. 5(1)(e) GDPR), unless a law has it kept longer. Where the
law leaves room the owner chooses within the bounds; the grounds in words are ``privacy.ground.<kind>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from carbot_app.kit.errors import Invalid

CHAT = "chat"
ENQUIRY = "enquiry"
ORDER = "order"
INVOICE = "invoice"
DIAGNOSTICS = "diagnostics"
CONSENT = "consent"
VOICE = "voice"
LOG = "log"
EXPORT = "export"
PROOF = "proof"
REPORT = "report"
DAYS, MONTHS, YEARS = "days", "months", "years"
_INVOICES_KEPT = {"DE": 8, "AT": 7, "CH": 10}
"""Documents in years from the end of their year: § 147(3) AO, § 14b UStG; § 132 BAO; Art. 958f OR."""
_LETTERS_KEPT = {"DE": 6, "AT": 7, "CH": 10}
"""Business letters in years from the end of their year: § 147 AO and § 257 HGB; § 132 BAO and § 212 UGB;
Art. 958f OR."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Data with a common end. ``usual``, ``shortest`` and ``longest`` count ``unit``."""

    key: str
    unit: str
    usual: int
    shortest: int
    longest: int
    from_year_end: bool = False
    """Commercial law counts from the end of the year the paper is of."""

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return self.shortest == self.longest


_KINDS = (
    Kind(CHAT, DAYS, 30, 1, 90),
    Kind(ENQUIRY, MONTHS, 6, 1, 24),
    Kind(ORDER, YEARS, 6, 6, 10, from_year_end=True),
    Kind(INVOICE, YEARS, 8, 8, 8, from_year_end=True),
    Kind(DIAGNOSTICS, MONTHS, 24, 1, 60),
    Kind(CONSENT, YEARS, 3, 3, 5),
    Kind(VOICE, DAYS, 30, 1, 30),
    Kind(LOG, DAYS, 90, 7, 180),
    Kind(EXPORT, DAYS, 7, 7, 7),
    Kind(PROOF, YEARS, 3, 3, 3),
    Kind(REPORT, DAYS, 400, 30, 400),
)


def kinds_for(country: str) -> dict[str, Kind]:
    """Every kind with the bounds of the workshop's country (``DE``, ``AT`` or ``CH``)."""
    letters = _LETTERS_KEPT.get(country, max(_LETTERS_KEPT.values()))
    bounds = {kind.key: kind for kind in _KINDS}
    documents = _INVOICES_KEPT.get(country, max(_INVOICES_KEPT.values()))
    bounds[INVOICE] = Kind(INVOICE, YEARS, documents, documents, documents, from_year_end=True)
    bounds[ORDER] = Kind(ORDER, YEARS, letters, letters, 10, from_year_end=True)
    return bounds


def period_of(kind: Kind, chosen: Mapping[str, int]) -> int:
    """What holds: the owner's choice within the bounds, which a move to another country may have changed."""
    return min(max(chosen.get(kind.key, kind.usual), kind.shortest), kind.longest)


def require_period(kind: Kind, period: int) -> int:
    """The period itself. Raises Invalid ``retention_out_of_bounds`` with ``shortest`` and ``longest``."""
    if not kind.shortest <= period <= kind.longest:
        raise Invalid("retention_out_of_bounds", field=kind.key, shortest=kind.shortest, longest=kind.longest)
    return period


def cutoff(kind: Kind, period: int, now: datetime, zone: ZoneInfo) -> datetime:
    """What was touched last before this instant goes.

    A letter of 2026 kept for six years goes with the first day of 2033 on the workshop's clock.
    """
    local = now.astimezone(zone)
    if kind.from_year_end:
        return datetime(local.year - period, 1, 1, tzinfo=zone)
    if kind.unit == DAYS:
        return now - timedelta(days=period)
    return _months_before(local, period * (12 if kind.unit == YEARS else 1))


def _months_before(at: datetime, months: int) -> datetime:
    count = at.year * 12 + at.month - 1 - months
    year, month = divmod(count, 12)
    day = at.day
    while True:
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1
