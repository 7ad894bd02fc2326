"""The charts of the dashboard besides its series."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, func, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.figures import CHANNEL, DAY, HOUR, NOTHING, SERVICE, TECHNICIAN, Sums, sums
from carbot_app.domains.analytics.kpis import share
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.presence import Presence
from carbot_app.domains.analytics.rollups import table_of
from carbot_app.domains.analytics.schemas import (
    Cohort,
    Filters,
    FunnelStep,
    HeatMap,
    MixItem,
    Span,
    TechnicianLoad,
)
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.opening import OpeningRules, windows_of
from carbot_app.domains.booking.planning import TECHNICIAN as IS_TECHNICIAN
from carbot_app.domains.booking.slots import Window
from carbot_app.domains.catalog.catalogue import in_language
from carbot_app.domains.catalog.models import Service

STEPS = ("lead", "answered", "priced", "booked", "visited")
CONTACTS = (kinds.MESSAGE_IN, kinds.BOOKED)
"""What the heat map counts: customers who write, and appointments that are made."""
COHORT_MONTHS = 12
_HOURS = 24
_EACH_HOUR = tuple((f"{hour:02}:00", f"{hour + 1:02}:00") for hour in range(_HOURS))


def read_funnel(session: Session, span: Span, filters: Filters) -> list[FunnelStep]:
    """How far the leads of the span got; a lead that got further has passed every step before.

    Leads know no technician: narrowed to one there are no steps.
    """
    if filters.technician_id is not None:
        return []
    first = kinds.ASKED if filters.service_code else kinds.LEAD
    found = sums(session, span, (first, *kinds.FUNNEL), filters)
    passed = [found.get((kind,), NOTHING).events for kind in (first, *kinds.FUNNEL)]
    return [FunnelStep(code, count) for code, count in zip(STEPS, passed, strict=True)]


def read_heat_map(session: Session, rules: OpeningRules, span: Span, filters: Filters) -> HeatMap:
    """Contacts by weekday and hour, and which share of them came while nobody was there.

    An hour that is open for a part counts as closed for the other part: contacts are known to the hour.
    """
    found = sums(session, span, CONTACTS, filters, by=(DAY, HOUR))
    counts = [[0] * _HOURS for _ in range(7)]
    total, outside = 0, 0.0
    shares: dict[date, tuple[float, ...]] = {}
    for (_, day, hour), one in found.items():
        if day not in shares:
            shares[day] = open_shares(rules, day)
        counts[day.weekday()][hour] += one.events
        total += one.events
        outside += one.events * (1 - shares[day][hour])
    return HeatMap(tuple(map(tuple, counts)), share(outside, total))


def open_shares(rules: OpeningRules, day: date) -> tuple[float, ...]:
    """Which part of each hour of the day the workshop is open, 0 to 1."""
    opened = rules.windows_on(day)
    if not opened:
        return (0.0,) * _HOURS
    return tuple(_share_of(opened, windows_of([hour], day, rules.zone)) for hour in _EACH_HOUR)


def _share_of(opened: Sequence[Window], cells: Sequence[Window]) -> float:
    whole = sum(end - start for start, end in cells)
    inside = sum(
        max(0, min(end, closes) - max(start, opens)) for start, end in cells for opens, closes in opened
    )
    return inside / whole if whole else 0.0


def read_service_mix(session: Session, span: Span, filters: Filters, language: str) -> list[MixItem]:
    """Services of the appointments that were made, the most frequent first."""
    found = _by_key(sums(session, span, [kinds.BOOKED], filters, by=(SERVICE,)))
    names = {
        code: in_language(words, language)
        for code, words in session.exec(
            select(Service.code, Service.names).where(col(Service.code).in_([code for code, _, _ in found]))
        )
    }
    return [MixItem(code, names.get(code, code), count, cents) for code, count, cents in found if code]


def read_channel_mix(session: Session, span: Span, filters: Filters) -> list[MixItem]:
    """Where leads came from, the most frequent first, with the price of what was booked there."""
    leads = _by_key(sums(session, span, [kinds.LEAD], filters, by=(CHANNEL,)))
    booked = {
        channel: cents
        for channel, _, cents in _by_key(sums(session, span, [kinds.BOOKED], filters, by=(CHANNEL,)))
    }
    return [MixItem(channel, "", count, booked.get(channel, 0)) for channel, count, _ in leads]


def read_cohorts(session: Session, last: date, today: date) -> list[Cohort]:
    """Customers by the month of their first visit, the twelve months up to ``last``.

    Who asked to be forgotten is in no cohort any more. Months that are not over yet are counted as they are.
    """
    event = table_of(AnalyticsEvent).c
    visits = (
        # Only compared: as the database writes it, an id need not become an object
        sa_select(type_coerce(event.customer_id, String), event.day)
        .where(
            event.workshop_id == session.info["workshop_id"],
            event.kind == kinds.VISITED,
            event.part == "",
            event.customer_id.is_not(None),
        )
        .group_by(event.customer_id, event.day)
        .having(func.sum(event.sign) > 0)
    )
    months: dict[Any, set[int]] = {}
    for customer, day in session.connection().execute(visits).all():
        months.setdefault(customer, set()).add(_month(day))
    newest, now = _month(last), _month(max(last, today))
    by_first: dict[int, list[set[int]]] = {
        month: [] for month in range(newest - COHORT_MONTHS + 1, newest + 1)
    }
    for seen in months.values():
        first = min(seen)
        if first in by_first:
            by_first[first].append(seen)
    return [
        Cohort(
            date(month // 12, month % 12 + 1, 1),
            len(people),
            tuple(sum(later in seen for seen in people) for later in range(month, now + 1)),
        )
        for month, people in by_first.items()
        if people
    ]


def read_technician_load(
    session: Session, span: Span, filters: Filters, presence: Presence
) -> list[TechnicianLoad]:
    """Minutes per technician, by name; who neither was there nor did anything is left out."""
    sold = {
        who: one.quantity
        for (_, who), one in sums(session, span, [kinds.INVOICED], filters, by=(TECHNICIAN,)).items()
    }
    booked: dict[UUID, int] = {}
    present: dict[UUID, int] = {}
    for people in presence.values():
        for who, minutes in people.items():
            if who is not None:
                booked[who] = booked.get(who, 0) + minutes.booked
                present[who] = present.get(who, 0) + minutes.present
    people = session.exec(
        select(Resource.id, Resource.name).where(Resource.kind == IS_TECHNICIAN).order_by(Resource.name)
    )
    loads = [
        TechnicianLoad(who, name, booked.get(who, 0), sold.get(who, 0), present.get(who, 0))
        for who, name in people
        if filters.technician_id in (None, who)
    ]
    return [one for one in loads if one.booked_minutes or one.sold_minutes or one.present_minutes]


def instants(rules: OpeningRules, span: Span) -> tuple[datetime, datetime]:
    """From the first midnight of the span to before the last."""
    return (
        datetime.combine(span.first, time.min, rules.zone),
        datetime.combine(span.last + timedelta(days=1), time.min, rules.zone),
    )


def _by_key(found: Sums) -> list[tuple[str, int, int]]:
    """Key, events and cents, the most frequent first; what cancels out is gone."""
    rows = [(str(key), one.events, one.amount_cents) for (_, key), one in found.items() if one.events]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
