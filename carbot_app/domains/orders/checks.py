"""What may be written into an order; all of it is checked before anything is stored (pure)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from carbot_app.domains.billing.lines import LINE_KINDS, MOST_CENTS
from carbot_app.domains.orders.reckoning import Setting, amount
from carbot_app.domains.orders.schemas import HeadInput, JobInput, OrderLineInput, PayersInput
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import several_lines, single_line

MOST_JOBS = 60
MOST_LINES = 300
"""Of a whole order; more than that is no visit but a mistake."""
URGENCIES = ("urgent", "soon", "later")
UNITS = ("C62", "HUR", "LTR", "MTR", "KGM", "SET")
"""UN/ECE recommendation 20: pieces, hours, litres, metres, kilogrammes, sets."""
MOST_KM = 5_000_000
MOST_MINUTES = 60 * 24 * 30
_YEARS = range(2000, 2101)


def check_job(job: JobInput, setting: Setting) -> JobInput:
    """The job as it is stored.

    Raises:
        Invalid: ``missing`` or ``too_long`` (title, finding), ``order_urgency_unknown``,
            ``order_too_many_lines`` or what ``check_line`` says.
    """
    if job.urgency and job.urgency not in URGENCIES:
        raise Invalid("order_urgency_unknown", field="urgency")
    if len(job.lines) > MOST_LINES:
        raise Invalid("order_too_many_lines", field="lines", limit=MOST_LINES)
    return replace(
        job,
        title=single_line(job.title, field="title", limit=200, required=True),
        finding=single_line(job.finding, field="finding", limit=500),
        lines=tuple(check_line(line, setting) for line in job.lines),
    )


def check_line(line: OrderLineInput, setting: Setting) -> OrderLineInput:
    """The line as it is stored.

    Raises:
        Invalid: ``order_kind_unknown``, ``order_unit_unknown``, ``missing`` or ``too_long`` (text),
            ``billing_quantity_invalid``, ``billing_price_invalid``, ``billing_discount_invalid`` or
            ``order_minutes_invalid``.
    """
    if line.kind not in LINE_KINDS:
        raise Invalid("order_kind_unknown", field="kind")
    if line.unit not in UNITS:
        raise Invalid("order_unit_unknown", field="unit")
    # Only a document that gives money back has negative quantities; an order never does.
    if not line.quantity.is_finite() or line.quantity <= 0:
        raise Invalid("billing_quantity_invalid", field="quantity")
    if not 0 <= line.minutes <= MOST_MINUTES:
        raise Invalid("order_minutes_invalid", field="minutes")
    if not 0 <= line.cost_cents <= MOST_CENTS:
        raise Invalid("billing_price_invalid", field="cost")
    amount(line, setting)
    return replace(
        line,
        text=single_line(line.text, field="text", limit=300, required=True),
        part_number=single_line(line.part_number, field="part_number", limit=60),
    )


def check_head(head: HeadInput) -> HeadInput:
    """The change as it is stored.

    Raises:
        Invalid: ``too_long``, ``km_invalid``, ``billing_discount_invalid``, ``order_promised_invalid`` or
            what ``check_payers`` says.
    """
    check_km(head.km)
    percent, cents = head.discount_percent, head.discount_cents
    if percent is not None and not (percent.is_finite() and 0 <= percent <= 100):
        raise Invalid("billing_discount_invalid", field="discount")
    if cents is not None and not 0 <= cents <= MOST_CENTS:
        raise Invalid("billing_discount_invalid", field="discount")
    return replace(
        head,
        title=None if head.title is None else single_line(head.title, field="title", limit=200),
        complaint=None if head.complaint is None else _long(head.complaint, "complaint", 1000),
        note=None if head.note is None else _long(head.note, "note", 2000),
        promised_at=check_instant(head.promised_at),
        payers=None if head.payers is None else check_payers(head.payers),
    )


def check_payers(payers: PayersInput) -> PayersInput:
    """Insurer and deductible as they are stored; Invalid ``billing_deductible_invalid``."""
    if not 0 <= payers.deductible_cents <= MOST_CENTS:
        raise Invalid("billing_deductible_invalid", field="deductible")
    return replace(
        payers,
        insurer=single_line(payers.insurer, field="insurer", limit=120),
        claim_number=single_line(payers.claim_number, field="claim_number", limit=60),
    )


def check_km(km: int | None) -> int | None:
    """Kilometres; Invalid ``km_invalid``."""
    if km is not None and not 0 <= km <= MOST_KM:
        raise Invalid("km_invalid", field="km")
    return km


def check_instant(at: datetime | None) -> datetime | None:
    """An aware instant of this century; Invalid ``order_promised_invalid``."""
    if at is None:
        return None
    if at.tzinfo is None or at.year not in _YEARS:
        raise Invalid("order_promised_invalid", field="promised_at")
    return at.astimezone(UTC)


def check_count(jobs: int, lines: int) -> None:
    """Invalid ``order_too_many_jobs`` or ``order_too_many_lines``."""
    if jobs > MOST_JOBS:
        raise Invalid("order_too_many_jobs", field="jobs", limit=MOST_JOBS)
    if lines > MOST_LINES:
        raise Invalid("order_too_many_lines", field="lines", limit=MOST_LINES)


def without_places(value: Decimal) -> Decimal:
    """``2.50`` → ``2.5`` and ``10`` instead of ``1E+1``, so that the same number is written the same way."""
    return Decimal(f"{value.normalize():f}")


def _long(text: str, field: str, limit: int) -> str:
    return several_lines(text, field=field, limit=limit)
