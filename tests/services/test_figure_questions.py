"""Narrowed figures, charts and the rows behind figures; and what is asked badly."""

from collections import Counter
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.comparing import span_before, year_before
from carbot_app.domains.analytics.drilling import BEHIND
from carbot_app.domains.analytics.kpis import ALL
from carbot_app.domains.analytics.schemas import DrillRow, Filters, Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Invalid, NotFound
from tests.factories import (
    make_appointment,
    make_conversation,
    make_customer,
    make_lead,
    make_resource,
    make_service,
    make_vehicle,
    make_workshop,
    staff_of,
)
from tests.factories.owed import make_invoice
from tests.services.busy_workshop import FIRST, LAST, ZONE, BusyWorkshop, fill_workshop

WEEKS = Span(FIRST, LAST)
COUNTED = ("new_leads", "bookings", "chat_volume")


@pytest.fixture
def analytics(database: Database, clock: ManualClock) -> AnalyticsService:
    return AnalyticsService(db=database, clock=clock)


@pytest.fixture
def busy(database: Database, clock: ManualClock) -> BusyWorkshop:
    made = fill_workshop(database, Random(5))
    collect(database, clock, made.workshop)
    return made


def collect(database: Database, clock: ManualClock, workshop: Workshop) -> None:
    EventCollector(db=database, clock=clock).collect(workshop.id)


def asked(span: Span = WEEKS, **filters: Any) -> Question:
    return Question(span, None, Filters(**filters))


def values(analytics: AnalyticsService, actor: Actor, question: Question) -> dict[str, float | None]:
    return {kpi.code: kpi.value for kpi in analytics.kpis(actor, question)}


def rows_of(database: Database, workshop: Workshop, table: type[Any]) -> list[Any]:
    with database.reading(SYSTEM) as session:
        query = select(table).where(col(table.workshop_id) == workshop.id)
        return list(session.exec(query.order_by(table.id)))


def is_in(at: datetime, span: Span = WEEKS) -> bool:
    return span.first <= at.astimezone(ZONE).date() <= span.last


def test_filters_narrow_alone_and_together(
    database: Database, analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    actor = staff_of(busy.workshop)
    leads = [row for row in rows_of(database, busy.workshop, Lead) if is_in(row.created_at)]
    visits = [row for row in rows_of(database, busy.workshop, Appointment) if is_in(row.created_at)]
    local = [(row.channel, row.created_at.astimezone(ZONE)) for row in leads]

    def new_leads(**filters: Any) -> float | None:
        return values(analytics, actor, asked(**filters))["new_leads"]

    def bookings(**filters: Any) -> float | None:
        return values(analytics, actor, asked(**filters))["bookings"]

    technician = busy.technicians[0].id
    assert new_leads(channel="mail") == sum(channel == "mail" for channel, _ in local) > 0
    assert new_leads(weekday=6) == sum(at.weekday() == 6 for _, at in local) > 0
    assert new_leads(hour=0) == sum(at.hour == 0 for _, at in local) > 0
    assert new_leads(channel="mail", hour=23) == sum(one == "mail" and at.hour == 23 for one, at in local)
    assert bookings(technician_id=technician) == sum(row.technician_id == technician for row in visits) > 0
    assert bookings(service_code="ENG-OIL-001") == sum("ENG-OIL-001" in row.service_codes for row in visits)


def test_a_figure_that_cannot_be_narrowed_says_why(analytics: AnalyticsService, busy: BusyWorkshop) -> None:
    actor = staff_of(busy.workshop)
    found = {kpi.code: kpi for kpi in analytics.kpis(actor, asked(service_code="ENG-OIL-001"))}
    assert (found["first_response"].value, found["first_response"].reason) == (None, "service_code")
    assert set(found["first_response"].series) == {0}
    assert (found["bookings"].reason, found["revenue"].reason) == ("", "")
    assert found["hours_sold"].beside is None, "nobody is present for a service"
    assert {kpi.code for kpi in analytics.kpis(actor, asked(weekday=2)) if kpi.reason} == {"open_items"}
    series = analytics.series(actor, asked(channel="mail"), "utilisation")
    assert (series.reason, set(series.values)) == ("channel", {None})
    assert analytics.rows(actor, asked(channel="mail"), "utilisation").rows == ()


def test_utilisation_of_one_technician_in_one_hour_counts_that_hour_only(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    customer = make_customer(database, workshop)
    start = datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)
    make_appointment(database, workshop, customer, technician, bay, starts_at=start, state="done")
    collect(database, clock, workshop)
    day = Span(date(2026, 11, 24), date(2026, 11, 24))

    def share(**filters: Any) -> float | None:
        return values(analytics, staff_of(workshop), asked(day, **filters))["utilisation"]

    assert share() == pytest.approx(100 * 60 / 540)
    assert (share(hour=9), share(hour=10), share(hour=11)) == (50, 50, 0)
    assert (share(hour=12), share(weekday=2)) == (None, None)
    assert share(technician_id=technician.id, hour=9) == 50


def test_a_technician_who_left_was_there_until_then(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    bay, customer = make_resource(database, workshop, "bay"), make_customer(database, workshop)
    left = make_resource(database, workshop, active=False, last_on=date(2026, 11, 17))
    off = make_resource(database, workshop, name="Pia", active=False)
    for technician, day in ((left, 16), (off, 16), (off, 18)):
        start = datetime(2026, 11, day, 8, tzinfo=ZONE)
        make_appointment(database, workshop, customer, technician, bay, starts_at=start, state="done")
    collect(database, clock, workshop)
    clock.now = datetime(2026, 11, 23, 8, tzinfo=ZONE)
    week = Span(date(2026, 11, 16), date(2026, 11, 20))
    loads = {one.name: one for one in analytics.technician_load(staff_of(workshop), asked(week))}
    assert (loads["technician 1"].present_minutes, loads["technician 1"].booked_minutes) == (2 * 540, 60)
    assert (loads["Pia"].present_minutes, loads["Pia"].booked_minutes) == (3 * 540, 120)


def test_days_of_a_year_before_are_compared_by_weekday(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    for day in (datetime(2026, 11, 23, 12, tzinfo=ZONE), datetime(2025, 11, 24, 12, tzinfo=ZONE)):
        make_lead(database, make_conversation(database, workshop, created_at=day), created_at=day)
    collect(database, clock, workshop)
    span = Span(date(2026, 11, 23), date(2026, 11, 25))
    dates_alike = Span(date(2025, 11, 23), date(2025, 11, 25))
    for compare in (dates_alike, year_before(span)):
        series = analytics.series(staff_of(workshop), Question(span, compare), "new_leads")
        assert (series.values, series.previous) == ((1, 0, 0), (1, 0, 0)), "Monday beside Monday"
    before = analytics.series(staff_of(workshop), Question(span, span_before(span)), "new_leads")
    assert before.previous == (0, 0, 0)


def test_series_are_the_days_of_the_figure(analytics: AnalyticsService, busy: BusyWorkshop) -> None:
    actor = staff_of(busy.workshop)
    for kpi in analytics.kpis(actor, asked()):
        series = analytics.series(actor, asked(), kpi.code)
        assert series.days == WEEKS.each()
        assert tuple(value or 0.0 for value in series.values) == kpi.series, kpi.code


def test_a_lead_that_got_far_has_passed_every_step(
    database: Database, analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    actor = staff_of(busy.workshop)
    steps = analytics.funnel(actor, asked())
    assert [step.code for step in steps] == ["lead", "answered", "priced", "booked", "visited"]
    counts = [step.count for step in steps]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == values(analytics, actor, asked())["new_leads"]
    done = {
        row.conversation_id for row in rows_of(database, busy.workshop, Appointment) if row.state == "done"
    }
    leads = [row for row in rows_of(database, busy.workshop, Lead) if is_in(row.created_at)]
    assert counts[4] == sum(row.conversation_id in done for row in leads) > 0
    by_mail = analytics.funnel(actor, asked(channel="mail"))
    assert by_mail[0].count == sum(row.channel == "mail" for row in leads)
    assert analytics.funnel(actor, asked(technician_id=busy.technicians[0].id)) == []


def test_the_heat_map_knows_what_came_while_nobody_was_there(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    customer = make_customer(database, workshop)
    # Open at noon on a Monday; half of seven o'clock; a Sunday; a public holiday
    for at in ((2026, 11, 23, 11), (2026, 11, 23, 7), (2026, 11, 22, 11), (2026, 12, 25, 11)):
        created = datetime(*at, tzinfo=ZONE)
        make_appointment(database, workshop, customer, technician, bay, created_at=created)
    collect(database, clock, workshop)
    heat = analytics.heat_map(staff_of(workshop), asked(Span(date(2026, 11, 1), date(2026, 12, 31))))
    assert (len(heat.counts), {len(hours) for hours in heat.counts}) == (7, {24})
    assert (heat.counts[0][11], heat.counts[0][7], heat.counts[6][11], heat.counts[4][11]) == (1, 1, 1, 1)
    assert heat.after_hours_percent == 100 * 2.5 / 4


def test_mixes_name_what_is_asked_for_most(
    database: Database, analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    make_service(database, busy.workshop, code="ENG-OIL-001", names={"de": "Ölwechsel", "en": "Oil change"})
    visits = [row for row in rows_of(database, busy.workshop, Appointment) if is_in(row.created_at)]
    wanted = Counter(code for row in visits for code in row.service_codes)
    found = analytics.service_mix(staff_of(busy.workshop, language="en"), asked())
    assert {one.key: one.count for one in found} == dict(wanted)
    assert [one.count for one in found] == sorted(wanted.values(), reverse=True)
    assert {one.key: one.label for one in found}["ENG-OIL-001"] == "Oil change"
    assert sum(one.amount_cents for one in found) == sum(row.price_max_cents for row in visits)
    leads = [row for row in rows_of(database, busy.workshop, Lead) if is_in(row.created_at)]
    channels = analytics.channel_mix(staff_of(busy.workshop), asked())
    assert {one.key: one.count for one in channels} == dict(Counter(row.channel for row in leads))


def test_cohorts_count_who_came_again_month_by_month(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    visits = {"Anna": ((9, 3), (9, 20), (11, 4)), "Bert": ((9, 8),), "Cem": ((10, 1), (11, 2))}
    for name, days in visits.items():
        customer = make_customer(database, workshop, name=name)
        for month, day in days:
            start = datetime(2026, month, day, 10, tzinfo=ZONE)
            make_appointment(database, workshop, customer, technician, bay, starts_at=start, state="done")
    collect(database, clock, workshop)
    clock.now = datetime(2026, 11, 23, 8, tzinfo=ZONE)
    found = analytics.cohorts(staff_of(workshop), asked(Span(date(2026, 11, 1), date(2026, 11, 23))))
    assert [(one.month, one.customers, one.returned) for one in found] == [
        (date(2026, 9, 1), 2, (2, 0, 1)),
        (date(2026, 10, 1), 1, (1, 1)),
    ]


def test_rows_are_as_many_as_the_figure_counts_and_come_in_pages(
    analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    actor = staff_of(busy.workshop)
    counted = values(analytics, actor, asked())
    for code in ALL:
        seen: list[DrillRow] = []
        after, total = "", None
        while True:
            page = analytics.rows(actor, asked(), code, 7, after)
            assert total in (None, page.total), "the same on every page"
            seen, after, total = [*seen, *page.rows], page.after, page.total
            if not after:
                break
        assert len(seen) == total, code
        assert [row.at for row in seen] == sorted((row.at for row in seen), reverse=True), code
        # Many messages of a thread; several services a lead asks for
        assert len(set(seen)) == len(seen) or code in {"chat_volume", "leads_asked"}, code
        assert all(row.title and row.href for row in seen), code
        if code in COUNTED:
            assert total == counted[code]
        if code in {"revenue", "open_items", "declined_value"}:
            assert sum(row.amount_cents for row in seen) == counted[code], code
        if code == "hours_sold":
            assert sum(row.quantity for row in seen) == counted[code]


def test_rows_can_be_narrowed_like_their_figure(analytics: AnalyticsService, busy: BusyWorkshop) -> None:
    actor, technician = staff_of(busy.workshop), busy.technicians[1].id
    for question in (asked(weekday=1), asked(hour=9), asked(technician_id=technician)):
        counted = values(analytics, actor, question)
        page = analytics.rows(actor, question, "bookings", 200)
        assert len(page.rows) == page.total == counted["bookings"]
        held = analytics.rows(actor, question, "utilisation", 200)
        assert len(held.rows) == held.total > 0
    by_service = analytics.rows(actor, asked(service_code="ENG-OIL-001"), "bookings", 200)
    assert by_service.total == values(analytics, actor, asked(service_code="ENG-OIL-001"))["bookings"]


def test_rows_lead_to_the_page_that_shows_their_record(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    customer = make_customer(database, workshop, name="Ayşe Yılmaz")
    car = make_vehicle(database, workshop, customer, plate="DO-AB 123")
    at = datetime(2026, 11, 23, 10, tzinfo=ZONE)
    thread = make_conversation(database, workshop, customer_id=customer.id, created_at=at)
    make_lead(database, thread, created_at=at, vehicle_id=car.id, value_max_cents=12_900)
    visit = make_appointment(
        database, workshop, customer, technician, bay, vehicle_id=car.id, created_at=at, starts_at=at
    )
    make_invoice(database, workshop, "RE-1", 20_000, customer=customer, issued_on=at.date())
    collect(database, clock, workshop)
    actor, day = staff_of(workshop), Span(at.date(), at.date())
    (lead,) = analytics.rows(actor, asked(day), "new_leads").rows
    assert (lead.title, lead.plate, lead.amount_cents) == ("Ayşe Yılmaz", "DO-AB 123", 12_900)
    assert lead.href == f"/posteingang/?c={thread.id}"
    (booked,) = analytics.rows(actor, asked(day), "bookings").rows
    assert (booked.plate, booked.href) == ("DO-AB 123", f"/kalender/?on=2026-11-23&termin={visit.id}")
    (owed,) = analytics.rows(actor, asked(day), "open_items").rows
    assert (owed.title, owed.detail, owed.amount_cents) == ("Ayşe Yılmaz", "RE-1", 20_000)


def test_a_customer_who_is_gone_stays_counted_without_a_name(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    customer = make_customer(database, workshop)
    at = datetime(2026, 11, 23, 10, tzinfo=ZONE)
    thread = make_conversation(database, workshop, customer_id=customer.id, created_at=at)
    make_lead(database, thread, created_at=at)
    collect(database, clock, workshop)
    with database.writing(SYSTEM) as session:
        session.delete(session.get_one(Lead, rows_of(database, workshop, Lead)[0].id))
        session.flush()
        thread = session.merge(thread)
        session.delete(thread)
        session.flush()
        session.delete(session.get_one(Customer, customer.id))
    actor, day = staff_of(workshop), Span(at.date(), at.date())
    assert values(analytics, actor, asked(day))["new_leads"] == 1
    (row,) = analytics.rows(actor, asked(day), "new_leads").rows
    assert (row.title, row.detail, row.href) == ("", "", "")


def test_another_workshop_sees_none_of_it(
    database: Database, analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    stranger = staff_of(make_workshop(database, slug="andere"))
    make_resource(database, make_workshop(database, slug="dritte"))
    assert not any(kpi.value for kpi in analytics.kpis(stranger, asked()))
    assert all(analytics.rows(stranger, asked(), code).rows == () for code in ALL)
    assert {step.count for step in analytics.funnel(stranger, asked())} == {0}
    assert analytics.heat_map(stranger, asked()).after_hours_percent is None
    for chart in (analytics.service_mix, analytics.channel_mix, analytics.cohorts, analytics.technician_load):
        assert chart(stranger, asked()) == []


def test_a_reversed_span_is_turned_round_and_a_thousand_years_are_refused(
    analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    actor = staff_of(busy.workshop)
    assert values(analytics, actor, asked(Span(LAST, FIRST))) == values(analytics, actor, asked())
    with pytest.raises(Invalid) as refused:
        analytics.kpis(actor, asked(Span(date(1, 1, 1), date(2026, 1, 1))))
    assert refused.value.code == "figures_span_too_long"
    for edge in (date.min, date.max, date(1899, 12, 31)):
        with pytest.raises(Invalid) as refused:
            analytics.kpis(actor, asked(Span(edge, edge)))
        assert refused.value.code == "figures_span_unknown"
    for filters in ({"weekday": 7}, {"weekday": -1}, {"hour": 24}):
        with pytest.raises(Invalid):
            analytics.kpis(actor, asked(**filters))
    with pytest.raises(NotFound):
        analytics.rows(actor, asked(), "nonsense")
    with pytest.raises(NotFound):
        analytics.series(actor, asked(), "nonsense")
    with pytest.raises(Invalid):
        analytics.rows(actor, asked(), "revenue", 5, "yesterday")


def test_huge_sums_in_francs_stay_exact(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database, currency="CHF", country="CH", region="ZH", timezone="Europe/Zurich")
    huge = 9_000_000_000_000
    for number in range(3):
        make_invoice(database, workshop, f"RE-{number}", huge, issued_on=date(2026, 11, 20))
    collect(database, clock, workshop)
    found = values(analytics, staff_of(workshop), asked())
    assert (found["revenue"], found["open_items"]) == (3 * huge, 3 * huge)


def test_a_day_of_twenty_five_hours_is_one_day(
    database: Database, analytics: AnalyticsService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    for moment in ("2026-10-25T00:30+02:00", "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"):
        at = datetime.fromisoformat(moment)
        make_lead(database, make_conversation(database, workshop, created_at=at), created_at=at)
    collect(database, clock, workshop)
    series = analytics.series(
        staff_of(workshop), asked(Span(date(2026, 10, 24), date(2026, 10, 26))), "new_leads"
    )
    assert series.values == (0, 3, 0)


def test_every_figure_has_rows_behind_it() -> None:
    assert {*BEHIND, "utilisation", "open_items"} == set(ALL)
