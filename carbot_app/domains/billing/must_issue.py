"""Whether an invoice has to be an e-invoice (§ 14(2), § 27(38) UStG, § 33 UStDV, BMF letter of 2024-10-15).

Everybody has to be able to receive them since 2025-01-01. Issuing them to domestic businesses is a duty from
2027-01-01 with more than 800,000 € of turnover in the year before, from 2028-01-01 for all (figures.toml). A
PDF is no e-invoice.
"""

from dataclasses import dataclass
from datetime import date

from carbot_app.domains.billing.figures import figure, rows
from carbot_app.kit.errors import Invalid

NO_DUTY_IN_COUNTRY, NOT_DOMESTIC_BUSINESS = "no_duty_in_country", "not_domestic_business"
SMALL_BUSINESS, EXEMPT_SUPPLY, SMALL_AMOUNT = "small_business", "exempt_supply", "small_amount"
NOT_YET, BELOW_TURNOVER, DUTY = "not_yet", "below_turnover", "duty"


@dataclass(frozen=True, slots=True)
class EInvoiceDuty:
    """Whether and why; ``next_change`` is the day the answer may become another."""

    must: bool
    reason: str
    next_change: date | None = None


def must_issue(
    supplied_on: date,
    *,
    prior_year_turnover_cents: int,
    domestic_business: bool,
    gross_cents: int,
    small_business: bool = False,
    exempt_supply: bool = False,
    country: str = "DE",
) -> EInvoiceDuty:
    """Judge an invoice for a supply of that day; ``exempt_supply`` is one under § 4 Nr. 8 to 29 UStG."""
    if not rows("einvoice_duty", country):
        return EInvoiceDuty(False, NO_DUTY_IN_COUNTRY)
    if not domestic_business:
        return EInvoiceDuty(False, NOT_DOMESTIC_BUSINESS)
    if small_business:
        return EInvoiceDuty(False, SMALL_BUSINESS)
    if exempt_supply:
        return EInvoiceDuty(False, EXEMPT_SUPPLY)
    try:
        small, duty = (figure(table, supplied_on, country) for table in ("einvoice_small", "einvoice_duty"))
    except Invalid:
        return EInvoiceDuty(False, NOT_YET, _next_change(supplied_on, country))
    if gross_cents <= small["cents"]:
        return EInvoiceDuty(False, SMALL_AMOUNT)
    if "above_cents" not in duty:
        return EInvoiceDuty(False, NOT_YET, _next_change(supplied_on, country))
    if prior_year_turnover_cents <= duty["above_cents"]:
        return EInvoiceDuty(False, BELOW_TURNOVER, _next_change(supplied_on, country))
    return EInvoiceDuty(True, DUTY)


def _next_change(on: date, country: str) -> date | None:
    starts = (row["valid_from"] for row in rows("einvoice_duty", country))
    return min((start for start in starts if start > on), default=None)
