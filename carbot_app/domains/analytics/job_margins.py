"""What finished jobs leave after their parts, from the lines of the orders."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from sqlmodel import Session, col, select

from carbot_app.domains.billing.lines import PART
from carbot_app.domains.catalog.models import PriceTerms
from carbot_app.domains.orders.models import OrderJob, OrderLine
from carbot_app.domains.tax.vat import standard_percent
from carbot_app.kit.money import round_half_up

SMALL_BUSINESS = "small_business"


@dataclass(frozen=True, slots=True)
class JobMargin:
    """Net price and net cost of the parts of one job, both in cents."""

    service_code: str
    net_cents: int
    cost_cents: int


def margin_percent(jobs: Iterable[JobMargin]) -> float | None:
    """Share of the net price that is left; None of nothing sold."""
    listed = list(jobs)
    net = sum(job.net_cents for job in listed)
    return 100 * (net - sum(job.cost_cents for job in listed)) / net if net > 0 else None


def read_margins(session: Session, country: str, start: datetime, end: datetime) -> list[JobMargin]:
    """Jobs done in the time whose every part has a known cost; the others would look better than they are."""
    query = (
        select(OrderJob, OrderLine)
        .join(OrderLine, col(OrderLine.job_id) == col(OrderJob.id))
        .where(col(OrderJob.done_at) >= start, col(OrderJob.done_at) < end, OrderJob.decision != "declined")
        .order_by(col(OrderJob.id))
    )
    percent = vat_percent(session, country, end.date())
    rows = session.exec(query).all()
    return list(_margins(rows, percent))


def vat_percent(session: Session, country: str, on: date) -> Decimal:
    """VAT inside this workshop's consumer prices: the standard rate, or none for a small business."""
    regime = session.exec(select(PriceTerms.vat_regime)).first()
    return Decimal(0) if regime == SMALL_BUSINESS else standard_percent(country, on)


def net_cents(gross_cents: int, percent: Decimal) -> int:
    """Gross without its VAT."""
    return round_half_up(Decimal(gross_cents) * 100 / (100 + percent))


def line_net_cents(line: OrderLine, percent: Decimal) -> int:
    """Net of a line after its own discount."""
    price = line.quantity * line.unit_price * (100 - line.discount_percent)
    return round_half_up(price * 100 / (100 + percent)) if line.gross else round_half_up(price)


def _margins(rows: Iterable[tuple[OrderJob, OrderLine]], percent: Decimal) -> Iterator[JobMargin]:
    for _, group in groupby(rows, key=lambda row: row[0].id):
        pairs = list(group)
        lines = [line for _, line in pairs]
        parts = [line for line in lines if line.kind == PART]
        if all(line.cost_cents > 0 for line in parts):
            yield JobMargin(
                pairs[0][0].service_code,
                sum(line_net_cents(line, percent) for line in lines),
                sum(line.cost_cents for line in lines),
            )
