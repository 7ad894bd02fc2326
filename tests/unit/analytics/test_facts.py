"""What records say happened, and how what changed later is taken back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import comb
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.facts import (
    Context,
    Fact,
    channel_of,
    facts_of_invoice,
    facts_of_lead,
    facts_of_thread,
    facts_of_visit,
    share,
)
from carbot_app.domains.analytics.recording import Entry, revise
from carbot_app.domains.analytics.rollups import MOST_KEPT, Counted, compare, sets_of, tally, values_of
from carbot_app.domains.billing.models import Invoice, InvoiceLine
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.leads.models import Lead
from carbot_app.kit.ids import new_id

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORKSHOP = new_id()
Names = list[tuple[str, str]]


def make_lead(**fields: Any) -> Lead:
    known = {"channel": "chat", "intent": "price_request", "created_at": AT, **fields}
    return Lead(workshop_id=WORKSHOP, conversation_id=new_id(), **known)


def make_visit(**fields: Any) -> Appointment:
    known: dict[str, Any] = {
        "customer_id": new_id(), "title": "Bremsen", "starts_at": AT, "ends_at": AT + timedelta(hours=1),
        "source": "page", "manage_token": "x", "request_key": "x", "created_at": AT - timedelta(days=3),
        "price_max_cents": 10_001, **fields,
    }  # fmt: skip
    return Appointment(workshop_id=WORKSHOP, **known)


def names(facts: list[Fact]) -> Names:
    return sorted((one.kind, one.part) for one in facts)


@pytest.mark.parametrize(
    ("at", "day", "hour"),
    [
        ("2026-03-29T00:59:59+00:00", date(2026, 3, 29), 1),
        ("2026-03-29T01:00:00+00:00", date(2026, 3, 29), 3),
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 25), 2),
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25), 2),
        ("2026-12-31T23:00:00+00:00", date(2027, 1, 1), 0),
    ],
)
def test_day_and_hour_are_what_the_clock_on_the_wall_showed(at: str, day: date, hour: int) -> None:
    (came,) = facts_of_lead(
        make_lead(created_at=datetime.fromisoformat(at)), answered=False, came=False, zone=BERLIN
    )
    assert (came.day, came.hour) == (day, hour)


def test_a_lead_is_won_and_asks_for_services_on_the_day_it_came_in() -> None:
    lead = make_lead(state="booked", service_codes=["OIL", "OIL", "TYR"], booked_at=AT + timedelta(days=9))
    found = facts_of_lead(lead, answered=True, came=False, zone=BERLIN)
    assert {one.day for one in found} == {date(2026, 11, 23)}
    steps = [
        (step, part)
        for step in ("lead_answered", "lead_booked", "lead_priced")
        for part in ("", "OIL", "TYR")
    ]
    assert names(found) == sorted(
        [("lead", ""), ("lead_won", ""), ("asked", "OIL"), ("asked", "TYR"), *steps]
    )


@pytest.mark.parametrize(
    ("state", "value", "answered", "came", "passed"),
    [
        ("open", 0, False, False, 0),
        ("open", 9_900, False, False, 0),
        ("open", 0, True, False, 1),
        ("lost", 9_900, True, False, 2),
        ("won", 0, False, False, 3),
        ("open", 0, False, True, 4),
    ],
)
def test_a_lead_that_got_far_has_passed_every_step(
    state: str, value: int, answered: bool, came: bool, passed: int
) -> None:
    lead = make_lead(state=state, value_max_cents=value)
    found = {one.kind for one in facts_of_lead(lead, answered=answered, came=came, zone=BERLIN)}
    assert found & set(kinds.FUNNEL) == set(kinds.FUNNEL[:passed])


@pytest.mark.parametrize(
    ("fields", "is_unoffered"),
    [
        ({"wish": "Sitze neu beziehen"}, True),
        ({"wish": "Sitze neu beziehen", "service_codes": ["OIL"]}, False),
        ({"wish": "Danke!", "intent": "positive_feedback"}, False),
        ({"wish": ""}, False),
    ],
)
def test_only_a_wish_without_a_service_is_unoffered(fields: dict[str, Any], is_unoffered: bool) -> None:
    found = facts_of_lead(make_lead(**fields), answered=False, came=False, zone=BERLIN)
    assert (("unoffered", "") in names(found)) is is_unoffered


def test_a_thread_counts_from_its_first_answer() -> None:
    thread = Conversation(
        workshop_id=WORKSHOP, channel="mail", token_fingerprint="x", last_message_at=AT, created_at=AT,
        handover_reason="asked",
    )  # fmt: skip
    assert facts_of_thread(thread, BERLIN) == []
    thread.first_answer_at = AT + timedelta(seconds=90.9)
    answered, handed_over = facts_of_thread(thread, BERLIN)
    assert (answered.kind, answered.quantity, answered.channel) == ("answered", 90, "mail")
    assert (handed_over.kind, handed_over.quantity) == ("handed_over", 1)


def test_a_visit_is_shared_out_among_its_services_by_the_catalogue() -> None:
    visit = make_visit(state="done", service_codes=["OIL", "TYR"], minutes=100)
    weights = {"OIL": (30, 3_000), "TYR": (60, 6_000)}
    found = facts_of_visit(visit, Context("booking", is_returning=True, weights=weights), BERLIN)
    came = {one.part: (one.quantity, one.amount_cents) for one in found if one.kind == "visited"}
    assert came == {"": (100, 10_001), "OIL": (34, 3_334), "TYR": (66, 6_667)}
    assert {one.kind for one in found} == {"booked", "visited", "returning"}
    assert {(one.kind, one.day) for one in found} >= {
        ("booked", date(2026, 11, 20)), ("visited", date(2026, 11, 23)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "kind"), [("no_show", "no_show"), ("cancelled", "cancelled"), ("confirmed", "")]
)
def test_a_visit_that_did_not_come_was_booked_all_the_same(state: str, kind: str) -> None:
    visit = make_visit(state=state, cancelled_at=AT - timedelta(days=1) if kind == "cancelled" else None)
    found = {one.kind: one.day for one in facts_of_visit(visit, Context(), BERLIN)}
    days = {"no_show": date(2026, 11, 23), "cancelled": date(2026, 11, 22)}
    assert found == {"booked": date(2026, 11, 20)} | ({kind: days[kind]} if kind else {})


def test_hours_of_labour_are_minutes_sold_also_where_nobody_told_minutes() -> None:
    invoice = Invoice(
        workshop_id=WORKSHOP, number="RE-1", kind="invoice", issued_on=date(2026, 11, 20), gross_cents=11_900,
        supplied_on=date(2026, 11, 20), keep_until=date(2034, 12, 31), currency="EUR", net_cents=10_000,
        vat_cents=1_900, due_cents=11_900, language="de", form="pdf", created_at=AT,
    )  # fmt: skip
    line = {
        "workshop_id": WORKSHOP, "invoice_id": invoice.id, "text": "x", "unit_price": Decimal(1),
        "category": "S", "rate": 1900,
    }  # fmt: skip
    told = InvoiceLine(
        **line, position=1, kind="labour", quantity=Decimal(2), unit="HUR", minutes=45, net_cents=5
    )
    hours = InvoiceLine(**line, position=2, kind="labour", quantity=Decimal("1.2"), unit="HUR", net_cents=7)
    part = InvoiceLine(**line, position=3, kind="part", quantity=Decimal(4), net_cents=9)
    whole, *lines = facts_of_invoice(invoice, [told, hours, part], Context("chat"), None, BERLIN)
    assert (whole.part, whole.day, whole.quantity, whole.amount_cents) == (
        "",
        date(2026, 11, 20),
        117,
        11_900,
    )
    assert [(one.part, one.quantity, one.amount_cents) for one in lines] == [
        ("line-1", 45, 5),
        ("line-2", 72, 7),
    ]


def test_an_appointment_from_a_chat_is_of_the_channel_of_its_thread() -> None:
    assert channel_of(make_visit(source="chat"), "whatsapp") == "whatsapp"
    assert channel_of(make_visit(source="chat"), "") == "chat"
    assert channel_of(make_visit(source="page"), "booking") == "booking"
    assert channel_of(make_visit(source="staff"), "") == "staff"


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_shares_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert (sum(parts), len(parts), min(parts) >= 0) == (total, len(weights), True)


SUBJECTS = [UUID(int=number) for number in range(1, 3)]
some_facts = st.lists(
    st.builds(
        Fact,
        kind=st.sampled_from((kinds.BOOKED, kinds.LEAD, kinds.ANSWERED)),
        subject_id=st.sampled_from(SUBJECTS),
        at=st.just(AT),
        day=st.sampled_from((date(2026, 11, 1), date(2026, 11, 2))),
        hour=st.integers(0, 1),
        part=st.sampled_from(("", "OIL")),
        quantity=st.integers(0, 2),
        amount_cents=st.integers(-5, 5),
    ),
    max_size=6,
    unique_by=lambda one: (one.kind, one.subject_id, one.part),
)


@given(st.lists(some_facts, min_size=1, max_size=6))
def test_after_every_change_exactly_what_is_so_stands(history: list[list[Fact]]) -> None:
    last: dict[Any, Entry] = {}
    written: list[Entry] = []
    for facts in history:
        new = list(revise(last, facts))
        assert [(one.revision % 2, one.sign) for one in new if one.revision % 2 == (one.sign > 0)] == []
        written += new
        for entry in new:
            last[entry.fact.kind, entry.fact.subject_id, entry.fact.part] = entry
        assert list(revise(last, facts)) == [], "the same again is no news"
        standing = {one.fact.kind: 0 for one in last.values()}
        for entry in written:
            standing[entry.fact.kind] += entry.sign
        assert standing == {kind: sum(one.kind == kind for one in facts) for kind in standing}
    keys = [(one.fact.kind, one.fact.subject_id, one.fact.part, one.revision) for one in written]
    assert len(keys) == len(set(keys)), "the database takes a revision once"


def test_what_was_known_stays_known_when_a_link_is_gone() -> None:
    technician = new_id()
    before = Fact("no_show", SUBJECTS[0], AT, AT.date(), 9, channel="chat", technician_id=technician)
    last = {("no_show", SUBJECTS[0], ""): Entry(before, 0, 1)}
    forgotten = Fact("no_show", SUBJECTS[0], AT, AT.date(), 9)
    assert list(revise(last, [forgotten])) == []
    other = Fact("no_show", SUBJECTS[0], AT, AT.date(), 9, technician_id=new_id())
    back, again = revise(last, [other])
    assert (back.fact, back.sign, again.sign, again.fact.channel) == (before, -1, 1, "chat")


def test_an_old_visit_is_not_shared_out_anew_when_a_price_changes() -> None:
    visit = make_visit(service_codes=["OIL", "TYR"], minutes=60)
    before = facts_of_visit(visit, Context(weights={"OIL": (1, 1), "TYR": (1, 1)}), BERLIN)
    last = {(one.kind, one.subject_id, one.part): Entry(one, 0, 1) for one in before}
    now = facts_of_visit(visit, Context(weights={"OIL": (9, 9), "TYR": (1, 1)}), BERLIN)
    assert list(revise(last, now)) == []
    visit.minutes = 90
    changed = facts_of_visit(visit, Context(weights={"OIL": (9, 9), "TYR": (1, 1)}), BERLIN)
    assert len(list(revise(last, changed))) == 6


@pytest.mark.parametrize("kind", kinds.ALL)
def test_every_question_counts_either_wholes_or_parts(kind: str) -> None:
    wholes, parts = (set(sets_of(kind, is_part=is_part)) for is_part in (False, True))
    every = sum(comb(len(kinds.KEPT[kind]), size) for size in range(MOST_KEPT + 1))
    if kind in kinds.WITH_PARTS:
        assert (wholes & parts, len(wholes | parts)) == (set(), every)
    else:
        assert len(wholes) == len(parts) == every


def test_a_sum_of_nothing_and_no_sum_are_the_same() -> None:
    at = ("answered", False)
    day = date(2026, 11, 23)
    once = Counted(*at, 1, day, 9, "chat", "", None, 0, 0)
    back = once._replace(sign=-1)
    assert compare(tally([once, back]), {}) == 0
    assert compare(tally([once]), {}) == len(sets_of("answered", is_part=False))


@given(st.lists(st.integers(0, 99)), st.randoms())
def test_single_values_are_taken_back_one_by_one(kept: list[int], rng: Any) -> None:
    gone = [rng.randrange(100) for _ in range(5)]
    words = [f"{value}," for value in [*kept, *gone]] + [f"-{value}," for value in gone]
    rng.shuffle(words)
    assert values_of("".join(words)) == sorted(kept)
