"""Sums answer every question like a plain recount of the events, whatever narrows and tells apart."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.figures import LONGEST_DAYS, settle, spreads, sums
from carbot_app.domains.analytics.kinds import counted_by_parts
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.rollups import check, table_of
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Invalid
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop

pytestmark = pytest.mark.engines

EVENT = table_of(AnalyticsEvent)
FIRST, LAST = date(2026, 9, 20), date(2026, 11, 8)
TECHNICIANS = (new_id(), new_id())
SERVICES, CHANNELS = ("OIL", "TYR"), ("chat", "mail", "")
DIMENSIONS = ("day", "weekday", "hour", "channel", "service_code", "technician_id")


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def fill(database: Database, workshop: Workshop, rng: Random, count: int = 600) -> list[dict[str, Any]]:
    """Random events that know no more than their kind does, some of them taken back; their sums are made."""
    rows = [row for _ in range(count) for row in _events(workshop, rng)]
    with database.writing(SYSTEM) as session:
        session.execute(insert(EVENT), rows)
        check(session, workshop.id, FIRST, LAST, mend=True)
    return rows


def _events(workshop: Workshop, rng: Random) -> list[dict[str, Any]]:
    kind = rng.choice(kinds.ALL)
    kept, partial = kinds.KEPT[kind], kinds.WITH_PARTS.get(kind, ())
    is_part = bool(partial) and rng.random() < 0.6
    day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))

    def known(name: str, values: Sequence[Any], nothing: Any) -> Any:
        return rng.choice(values) if name in kept and (is_part or name not in partial) else nothing

    hour = rng.randrange(24)
    row = {
        "workshop_id": workshop.id, "kind": kind, "subject_id": new_id(), "part": "p" if is_part else "",
        "occurred_at": datetime.combine(day, time(hour), UTC), "day": day, "hour": hour,
        "channel": known("channel", CHANNELS, ""), "service_code": known("service_code", SERVICES, ""),
        "technician_id": known("technician_id", (*TECHNICIANS, None), None), "customer_id": None,
        "quantity": rng.randrange(90), "amount_cents": rng.randrange(-500, 9_000),
    }  # fmt: skip
    back = {**row, "quantity": -row["quantity"], "amount_cents": -row["amount_cents"]}
    entries = [(row, 0, 1), (back, 1, -1)][: 2 if rng.random() < 0.2 else 1]
    return [
        {"id": new_id(), "created_at": row["occurred_at"], **entry, "revision": revision, "sign": sign}
        for entry, revision, sign in entries
    ]


def recount(
    rows: Sequence[dict[str, Any]], span: Span, filters: Filters, by: Sequence[str]
) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    found: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    narrowed = {
        "hour": filters.hour, "channel": filters.channel or None,
        "service_code": filters.service_code or None, "technician_id": filters.technician_id,
    }  # fmt: skip
    asked = {name for name, value in narrowed.items() if value is not None}
    for row in rows:
        by_parts = counted_by_parts(row["kind"], (*asked, *by))
        if by_parts is not None and by_parts != (row["part"] != ""):
            continue
        weekday = row["day"].weekday()
        if not span.first <= row["day"] <= span.last or filters.weekday not in (None, weekday):
            continue
        if any(row[name] != narrowed[name] for name in asked):
            continue
        key = (row["kind"], *(_value(row, name) for name in by))
        events, quantity, cents = found.get(key, (0, 0, 0))
        found[key] = (events + row["sign"], quantity + row["quantity"], cents + row["amount_cents"])
    return found


def _value(row: dict[str, Any], name: str) -> Any:
    if name == "weekday":
        return row["day"].weekday()
    empty = {"hour": -1, "technician_id": None}.get(name, "")
    return row[name] if name == "day" or name in kinds.KEPT[row["kind"]] else empty


def test_every_question_equals_a_recount(database: Database, workshop: Workshop) -> None:
    rng = Random(20261130)
    rows = fill(database, workshop, rng)
    for _ in range(60):
        ends = sorted(FIRST + timedelta(days=rng.randrange(-3, 53)) for _ in range(2))
        span = Span(*ends)
        filters = Filters(
            channel=rng.choice(("", "", "chat", "nowhere")),
            service_code=rng.choice(("", "", "OIL")),
            technician_id=rng.choice((None, None, TECHNICIANS[0])),
            weekday=rng.choice((None, None, 0, 6)),
            hour=rng.choice((None, None, 9)),
        )
        by = rng.sample(DIMENSIONS, rng.randrange(4))
        with database.reading(workshop.id) as session:
            found = sums(session, span, kinds.ALL, filters, by=by)
        assert found == recount(rows, span, filters, by), (span, filters, by)


def test_single_values_equal_a_recount(database: Database, workshop: Workshop) -> None:
    rows = fill(database, workshop, Random(3))
    for filters in (Filters(), Filters(channel="mail"), Filters(weekday=2), Filters(service_code="OIL")):
        with database.reading(workshop.id) as session:
            found = spreads(session, Span(FIRST, LAST), kinds.ANSWERED, filters, by=("day",))
            together = spreads(session, Span(FIRST, LAST), kinds.ANSWERED, filters)
        taken_back = {row["subject_id"] for row in rows if row["sign"] < 0}
        standing = [
            (row["day"], row["quantity"])
            for row in rows
            if row["kind"] == kinds.ANSWERED
            and row["subject_id"] not in taken_back
            and (not filters.channel or row["channel"] == filters.channel)
            and filters.weekday in (None, row["day"].weekday())
            and not filters.service_code
        ]
        assert together.get((), []) == sorted(quantity for _, quantity in standing)
        assert found == {
            (day,): sorted(quantity for other, quantity in standing if other == day) for day, _ in standing
        }


def test_a_day_of_the_clock_change_is_one_day_with_its_hours(database: Database, workshop: Workshop) -> None:
    rows = fill(database, workshop, Random(4), 2_000)
    change_day = date(2026, 10, 25)
    with database.reading(workshop.id) as session:
        found = sums(session, Span(change_day, change_day), kinds.ALL, by=("hour",))
        whole = sums(session, Span(change_day, change_day), kinds.ALL)
    assert len(found) > len(whole) > 0
    for (kind,), one in whole.items():
        assert one.events == sum(other.events for (name, _), other in found.items() if name == kind)
    assert found == recount(rows, Span(change_day, change_day), Filters(), ("hour",))


def test_nothing_is_nothing(database: Database, workshop: Workshop) -> None:
    with database.reading(workshop.id) as session:
        assert sums(session, Span(FIRST, LAST), kinds.ALL, by=("day", "hour")) == {}
        assert spreads(session, Span(FIRST, LAST), kinds.ANSWERED) == {}
        assert sums(session, Span(FIRST, LAST), []) == {}


def test_another_workshops_sums_stay_its_own(database: Database, workshop: Workshop) -> None:
    fill(database, workshop, Random(5), 50)
    with database.reading(make_workshop(database, slug="andere").id) as session:
        assert sums(session, Span(FIRST, LAST), kinds.ALL) == {}


def test_sums_cannot_be_told_apart_by_just_anything(database: Database, workshop: Workshop) -> None:
    with database.reading(workshop.id) as session, pytest.raises(ValueError, match="customer_id"):
        sums(session, Span(FIRST, LAST), kinds.ALL, by=("customer_id",))


@pytest.mark.parametrize("change", [lambda span: span, lambda span: Span(span.last, span.first)])
def test_a_reversed_span_is_turned_round(change: Callable[[Span], Span]) -> None:
    assert settle(change(Span(FIRST, LAST))) == Span(FIRST, LAST)
    assert settle(Span(FIRST, FIRST)) == Span(FIRST, FIRST)


def test_a_thousand_years_are_refused_in_words() -> None:
    longest = Span(FIRST, FIRST + timedelta(days=LONGEST_DAYS - 1))
    assert settle(longest) == longest
    for span in (Span(date(1026, 1, 1), date(2026, 1, 1)), Span(date.max, date.min)):
        with pytest.raises(Invalid) as refused:
            settle(span)
        assert refused.value.code == "figures_span_too_long"
