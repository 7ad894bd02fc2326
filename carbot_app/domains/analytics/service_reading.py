"""Reads a year of every service: asked, booked, decided, and what it leaves."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.figures import SERVICE, sums
from carbot_app.domains.analytics.job_margins import (
    JobMargin,
    margin_percent,
    net_cents,
    read_margins,
    vat_percent,
)
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.outlook_schemas import ServiceBoard
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.analytics.score_reading import Look
from carbot_app.domains.analytics.service_figures import (
    ENOUGH_DECISIONS,
    Decision,
    ServiceFacts,
    figure_of,
    group_wishes,
    suggestions,
)
from carbot_app.domains.catalog.catalogue import in_language
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.leads.models import Lead

YEAR_DAYS = 365
_FEWEST_JOBS = 3
"""Finished jobs from which what was really left says more than the catalogue."""


def year_to(last: date) -> Span:
    """Days from which services are judged."""
    return Span(last - timedelta(days=YEAR_DAYS - 1), last)


def read_board(look: Look, language: str, span: Span) -> ServiceBoard:
    """Services over the span; those nobody asked for, booked or decided on are left out."""
    figures = [figure_of(facts) for facts in _facts(look, span, language)]
    figures = [one for one in figures if one.asked or one.booked or one.decided]
    figures.sort(key=lambda one: (-one.asked - one.booked, -one.decided, one.name))
    wishes = group_wishes(_wishes(look, span))
    return ServiceBoard(
        tuple(figures),
        wishes,
        suggestions(figures, wishes),
        look.workshop.currency,
        max((one.decided for one in figures), default=0),
        ENOUGH_DECISIONS,
    )


def _facts(look: Look, span: Span, language: str) -> Iterator[ServiceFacts]:
    found = sums(look.session, span, (kinds.ASKED, kinds.BOOKED), by=(SERVICE,))
    decisions = _decisions(look.session, span)
    margins: dict[str, list[JobMargin]] = {}
    for job in read_margins(look.session, look.workshop.country, *look.instants(span)):
        margins.setdefault(job.service_code, []).append(job)
    percent = vat_percent(look.session, look.workshop.country, look.today)
    for service in look.session.exec(select(Service)).all():
        asked, booked = (found.get((kind, service.code)) for kind in (kinds.ASKED, kinds.BOOKED))
        yield ServiceFacts(
            service.code,
            in_language(service.names, language),
            asked.events if asked else 0,
            booked.events if booked else 0,
            (service.price_min_cents + service.price_max_cents) // 2,
            tuple(decisions.get(service.code, ())),
            _margin(service, margins.get(service.code, []), percent),
        )


def _margin(service: Service, jobs: list[JobMargin], percent: Decimal) -> float | None:
    """What finished jobs left; else what the catalogue says of parts; None where neither is known."""
    if len(jobs) >= _FEWEST_JOBS:
        return margin_percent(jobs)
    price = net_cents((service.price_min_cents + service.price_max_cents) // 2, percent)
    if not service.parts_cost_cents or price <= 0:
        return None
    return 100 * (price - service.parts_cost_cents) / price


def _decisions(session: Session, span: Span) -> dict[str, list[Decision]]:
    """Answers that stand, by service; one taken back cancels itself out."""
    event = AnalyticsEvent
    query = (
        sa_select(
            col(event.kind),
            col(event.service_code),
            func.abs(col(event.amount_cents)),
            func.sum(col(event.sign)),
        )
        .where(
            col(event.kind).in_((kinds.JOB_ACCEPTED, kinds.JOB_DECLINED)),
            col(event.day).between(span.first, span.last),
            col(event.service_code) != "",
        )
        .group_by(col(event.kind), col(event.service_code), func.abs(col(event.amount_cents)))
    )
    found: dict[str, list[Decision]] = {}
    for kind, code, cents, count in session.execute(query):
        one = Decision(int(cents), kind == kinds.JOB_ACCEPTED)
        found.setdefault(code, []).extend([one] * max(0, int(count)))
    return found


def _wishes(look: Look, span: Span) -> list[str]:
    start, end = look.instants(span)
    rows = look.session.execute(
        sa_select(col(Lead.wish), col(Lead.service_codes)).where(
            col(Lead.created_at) >= start, col(Lead.created_at) < end, col(Lead.wish) != ""
        )
    )
    return [wish for wish, codes in rows if not codes]
