"""What is remembered between messages."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.contacts import read_contact
from carbot_app.domains.conversations.dialogue import (
    BookedVisit,
    DateWish,
    DialogueState,
    OfferedSlot,
    absorb,
    choose_services,
)
from carbot_app.domains.conversations.nlu.schemas import DesiredDate, Entities, MessageAnalysis
from carbot_app.domains.conversations.reading import find_words, read_message
from carbot_app.domains.customers.schemas import VehicleFacts

ZONE = ZoneInfo("Europe/Berlin")
SLOTS = [
    OfferedSlot("a", datetime(2026, 11, 24, 8, tzinfo=ZONE).isoformat(), "Di, 24. Nov., 8:00 Uhr"),
    OfferedSlot("b", datetime(2026, 11, 26, 13, 45, tzinfo=ZONE).isoformat(), "Do, 26. Nov., 13:45 Uhr"),
    OfferedSlot("c", datetime(2026, 11, 27, 9, tzinfo=ZONE).isoformat(), "Fr, 27. Nov., 9:00 Uhr"),
]
SAID = MessageAnalysis(
    language="de",
    language_confidence=1.0,
    intent="book_appointment",
    secondary_intents=(),
    intent_confidence=0.9,
    urgency="normal",
    lead="hot",
    is_new_business=True,
    must_refuse=False,
    refusal_topic=None,
    handoff_human=False,
    danger=None,
    entities=Entities(),
)


def on(day: int) -> DesiredDate:
    """A wish for a day of November."""
    at = datetime(2026, 11, day, tzinfo=ZONE)
    return DesiredDate("", at, at)


def test_the_state_survives_json() -> None:
    state = DialogueState(
        language="tr",
        service_codes=["SAF-BRK-001"],
        vehicle=VehicleFacts(plate="DO-AB 123", make="VW", model="Golf", year=2015),
        name="Ayşe",
        wish=DateWish(from_at=SLOTS[0].starts_at, part_of_day="morning"),
        offered=list(SLOTS),
        chosen=SLOTS[1],
        booked=BookedVisit(
            "a", "token", "Bremsen", "Di", "129 €", "Dortmund", SLOTS[0].starts_at, SLOTS[0].starts_at
        ),
    )
    assert DialogueState.from_json(state.to_json()) == state
    assert DialogueState.from_json({**state.to_json(), "of_a_later_version": 1}) == state
    assert DialogueState.from_json({}, language="pl").language == "pl"


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("der zweite passt", "b"),
        ("gleich den ersten", "a"),
        ("den letzten bitte", "c"),
        ("2", "b"),
        ("Nr. 3", "c"),
        ("1 olsun lütfen", "a"),
        ("ja, die 2 bitte", "b"),
        ("biorę 3", "c"),
        ("ok 3.", "c"),
        ("the second one works", "b"),
        ("number 2 please", "b"),
        ("ikincisi olur", "b"),
        ("ilki uyar", "a"),
        ("ten pierwszy", "a"),
        ("drugi poproszę", "b"),
        ("13:45 Uhr passt", "b"),
        ("um 9 uhr", "c"),
        ("Do, 26. Nov., 13:45 Uhr", "b"),
        ("egal", "a"),
        ("obojętnie", "a"),
        ("fark etmez", "a"),
    ],
)
def test_customers_choose_in_their_own_words(text: str, slot: str) -> None:
    reading = read_message(text, None, SAID, DialogueState(offered=list(SLOTS)))
    assert reading.slot is not None
    assert reading.slot.id == slot


@pytest.mark.parametrize(
    "text",
    [
        "doch lieber nachmittags",
        "passt alles nicht",
        "rather another day",
        "başka gün",
        "ja, 2 Reifen",
        "passt, Golf 2",
        "ich habe 2",
    ],
)
def test_other_wishes_choose_nothing(text: str) -> None:
    assert read_message(text, None, SAID, DialogueState(offered=list(SLOTS))).slot is None


def test_a_day_that_fits_one_offer_is_a_choice_and_a_new_day_is_not() -> None:
    state = DialogueState(offered=list(SLOTS))
    assert read_message("Freitag geht", on(27), SAID, state).slot == SLOTS[2]
    assert read_message("Mittwoch geht", on(25), SAID, state).slot is None
    assert read_message("doch lieber Freitag", on(27), SAID, state).slot is None


def test_a_choice_beyond_the_offer_is_noticed() -> None:
    assert read_message("nummer 3", None, SAID, DialogueState(offered=SLOTS[:2])).unknown_slot


def test_a_button_of_an_older_message_is_left_to_the_calendar() -> None:
    reading = read_message("Mo, 9:00", None, SAID, DialogueState(offered=list(SLOTS)), Choice("slot", "zzz"))
    assert reading.slot == OfferedSlot("zzz", "", "Mo, 9:00")


def test_a_part_of_the_day_keeps_the_days_wished_for_before() -> None:
    state = DialogueState(service_codes=["X"])
    absorb(state, SAID, "Freitag", codes=[], vehicle_class="", desired=on(27))
    afternoon = replace(SAID, entities=Entities(part_of_day="afternoon"))
    news = absorb(state, afternoon, "nachmittags", codes=[], vehicle_class="", desired=None)
    assert news.wish
    assert state.wish.part_of_day == "afternoon"
    assert state.wish.after == on(27).from_


def test_a_bare_clock_time_keeps_the_day_wished_for_before() -> None:
    state = DialogueState(service_codes=["X"])
    absorb(state, SAID, "Freitag", codes=[], vehicle_class="", desired=on(27))
    today = datetime(2026, 11, 23, 8, tzinfo=ZONE)
    absorb(state, SAID, "8:00", codes=[], vehicle_class="", desired=DesiredDate("8:00", today, today))
    assert state.wish.after == datetime(2026, 11, 27, 8, tzinfo=ZONE)


def test_another_service_starts_a_new_offer() -> None:
    state = DialogueState(service_codes=["SAF-BRK-001"], offered=list(SLOTS), chosen=SLOTS[0])
    assert choose_services(state, ["ENG-OIL-001"])
    assert (state.service_codes, state.offered, state.chosen) == (["ENG-OIL-001"], [], None)
    assert not choose_services(state, ["ENG-OIL-001"])


def test_urgency_and_lead_only_rise() -> None:
    state = DialogueState()
    absorb(state, replace(SAID, urgency="high"), "x", codes=[], vehicle_class="", desired=None)
    absorb(state, replace(SAID, urgency="low", lead="cold"), "y", codes=[], vehicle_class="", desired=None)
    assert (state.urgency, state.lead_class, state.request) == ("high", "hot", "x")


@pytest.mark.parametrize(
    ("text", "name", "phone", "email"),
    [
        ("Jan Petersen, 0171 5550190", "Jan Petersen", "0171 5550190", ""),
        (
            "Erika Krause, 0171 5550190, erika@mail.example",
            "Erika Krause",
            "0171 5550190",
            "erika@mail.example",
        ),
        ("ich bin Svenja Brandt, svenja@mail.example", "Svenja Brandt", "", "svenja@mail.example"),
        ("kemal aydin 0163 5550912", "Kemal Aydin", "0163 5550912", ""),
        ("Anna Zielińska", "Anna Zielińska", "", ""),
        ("tja", "", "", ""),
        ("+49 151 55530771", "", "+49 151 55530771", ""),
    ],
)
def test_contacts_are_read_as_people_type_them(text: str, name: str, phone: str, email: str) -> None:
    state = DialogueState(pending="contact")
    read_contact(text, state, Entities(), is_wordy=bool(find_words(text)))
    assert (state.name, state.phone, state.email) == (name, phone, email)
