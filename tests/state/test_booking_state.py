"""The booking page's steps without a browser."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.service import HOLD
from carbot_app.domains.catalog.editing_schemas import RuleDraft
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.booking import CONTACT, DONE, TIME, VISIT, BookingState
from carbot_app.state.booking_car import CarState
from carbot_app.state.booking_hold import BookingTimes, HoldState
from carbot_app.state.booking_visit import VisitState
from tests.factories import make_customer, make_resource, make_vehicle, make_workshop
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab

NBSP = "\u00a0"
OIL, WHEELS = "ENG-OIL-001", "TYR-CHG-001"
CONTACT_FORM = {"name": "Jürgen Özgür", "phone": "0171 5550142", "email": "", "note": ""}
ABILITIES = {
    "technician": ["mechanic", "tyre_fitter", "climate_certified"],
    "bay": ["standard", "tyre", "climate"],
}


@pytest.fixture
def garage(services: Services, workshop: Workshop) -> Workshop:
    """The workshop with the library's services, one technician and one bay."""
    stock(services.db, workshop)
    for kind, abilities in ABILITIES.items():
        make_resource(services.db, workshop, kind, abilities=abilities)
    return workshop


@pytest.fixture
def page(services: Services, garage: Workshop) -> Tab:
    """The booking page in a customer's browser."""
    return open_tab(services, garage).at(f"/w/{garage.slug}/termin/")


async def at_contact(page: Tab, *codes: str) -> BookingState:
    """Walk to the last step; returns its state."""
    await page.call(BookingState.open)
    await page.call(
        BookingState.to_times, {"plate": "DO-XY 77", **{f"s-{code}": "on" for code in codes or (OIL,)}}
    )
    await page.call(BookingState.to_contact, {})
    return await page.state(BookingState)


def rows_of(services: Services, workshop: Workshop, kind: type[Any]) -> list[Any]:
    with services.db.reading(workshop.id) as session:
        return list(session.exec(select(kind)).all())


async def test_an_untouched_page_costs_almost_nothing(page: Tab) -> None:
    await page.call(BookingState.open)
    await page.call(BookingState.read_language, "de", "de")
    sizes = [await page.size(kind) for kind in (BookingState, VisitState, CarState, BookingTimes, HoldState)]
    assert sum(sizes) < 2_000
    assert (await page.state(VisitState)).offers == []


async def test_a_known_plate_greets_with_the_car_and_never_with_its_owner(
    services: Services, garage: Workshop, page: Tab
) -> None:
    owner = make_customer(services.db, garage, name="Sabine Krause", phone="+491715550142")
    make_vehicle(
        services.db, garage, owner, plate="DO-AB 123", make="VW", model="Golf VII", vehicle_class="compact"
    )
    await page.call(CarState.read_plate, "do ab 123", True)
    car = await page.state(CarState)
    assert (car.status, car.city, car.rest, car.label) == ("known", "DO", "AB 123", "VW Golf VII")
    shown = str([await page.state(kind) for kind in (CarState, VisitState, BookingState)])
    shown += str([car.get_value(name) for name in type(car).base_vars])
    assert "Krause" not in shown
    assert "5550142" not in shown


async def test_prices_follow_the_class_of_the_car(page: Tab) -> None:
    await page.call(VisitState.choose, OIL, True)
    visit = await page.state(VisitState)
    unknown = visit.total
    await page.call(CarState.ask_by_model, True)
    await page.call(CarState.read_model, "VW Golf 7")
    compact = visit.total
    await page.call(CarState.read_class, "premium")
    assert " bis " in unknown
    assert compact == "89,00\u00a0€"
    assert visit.total == "134,00\u00a0€"
    assert next(row for row in visit.offers if row["code"] == OIL)["price"] == visit.total


@pytest.mark.parametrize(
    ("text", "plate", "band"), [("W-12345A", "W-12345A", "A"), ("zh 123456", "ZH 123456", "CH")]
)
async def test_plates_of_the_neighbours_are_understood(page: Tab, text: str, plate: str, band: str) -> None:
    await page.call(CarState.read_plate, text, True)
    car = await page.state(CarState)
    assert (car.status, car.plate, car.country) == ("new", plate, band)


async def test_a_plate_typed_without_a_gap_asks_which_one_is_meant(page: Tab) -> None:
    await page.call(CarState.read_plate, "BMW1234", True)
    car = await page.state(CarState)
    assert car.status == "ambiguous"
    assert len(car.choices) > 1
    await page.call(CarState.pick_plate, car.choices[0])
    assert (car.status, car.plate) == ("new", car.choices[0] if car.choices else car.plate)


async def test_nothing_is_said_about_a_plate_while_it_is_being_typed(page: Tab) -> None:
    await page.call(CarState.read_plate, "DO A", False)
    car = await page.state(CarState)
    assert car.status == ""
    await page.call(CarState.read_plate, "DO A", True)
    assert car.status == "invalid"


async def test_search_understands_customers_words_in_four_languages(page: Tab) -> None:
    visit = await page.state(VisitState)
    for words in ("bremsen quitschen", "brakes squeak", "fren sesi", "piszczą hamulce"):
        await page.call(VisitState.search, words)
        assert visit.offers[0]["code"].startswith("SAF-BRK"), words
    await page.call(VisitState.search, "xyzzy")
    assert (visit.offers, visit.nothing_found) == ([], True)
    await page.call(VisitState.search, "")
    assert (visit.offers, visit.nothing_found) == ([], False)


async def test_without_a_service_there_is_no_next_step(page: Tab) -> None:
    await page.call(BookingState.to_times, {"plate": ""})
    booking = await page.state(BookingState)
    assert (booking.step, booking.problem, booking.attempt) == (VISIT, "services_missing", 1)


async def test_the_recommended_time_is_chosen_before_anybody_chooses(page: Tab) -> None:
    await page.call(BookingState.to_times, {f"s-{OIL}": "on"})
    times = await page.state(BookingTimes)
    assert (await page.state(BookingState)).step == TIME
    assert times.slot == times.best != ""
    assert times.slot_label == "Mo, 23. Nov., 13:00 Uhr"
    assert [day["weekday"] for day in times.days] == ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", "Mo"]
    assert times.days[6]["free"] == 0


async def test_later_days_come_and_go_without_losing_the_choice(page: Tab) -> None:
    await page.call(BookingState.to_times, {f"s-{OIL}": "on"})
    times = await page.state(BookingTimes)
    first, chosen = times.days, times.slot
    await page.call(BookingTimes.later)
    assert times.days[0]["value"] == "2026-12-01"
    assert (times.slot, times.has_earlier, times.best) == (chosen, True, "")
    await page.call(BookingTimes.earlier)
    assert (times.days, times.has_earlier) == (first, False)


async def test_a_request_books_customer_car_appointment_and_conversation(
    services: Services, garage: Workshop, page: Tab
) -> None:
    booking = await at_contact(page, OIL, WHEELS)
    await page.call(BookingState.book, {**CONTACT_FORM, "note": "Geräusch <b>vorn</b>"})
    assert (booking.step, booking.busy, booking.errors) == (DONE, False, {})
    (appointment,) = rows_of(services, garage, Appointment)
    assert (appointment.source, appointment.service_codes) == ("page", [OIL, WHEELS])
    assert appointment.note == "Geräusch <b>vorn</b>"
    (customer,) = rows_of(services, garage, Customer)
    assert (customer.name, customer.phone) == ("Jürgen Özgür", "+491715550142")
    assert rows_of(services, garage, Vehicle)[0].plate == "DO-XY 77"
    assert rows_of(services, garage, Conversation)[0].channel == "booking"
    assert booking.done.when == "Mo, 23. Nov., 13:00 Uhr"
    assert booking.done.link == f"/t/{appointment.manage_token}/"


async def test_pressing_twice_asks_once(services: Services, garage: Workshop, page: Tab) -> None:
    await at_contact(page)
    await page.call(BookingState.book, CONTACT_FORM)
    await page.call(BookingState.book, CONTACT_FORM)
    assert len(rows_of(services, garage, Appointment)) == 1


async def test_a_time_taken_meanwhile_offers_the_next_and_keeps_the_contact(
    services: Services, garage: Workshop, page: Tab, clock: ManualClock
) -> None:
    booking = await at_contact(page)
    times = await page.state(BookingTimes)
    lost = times.slot
    clock.advance(HOLD)
    faster = services.team.public_actor(services.team.get_public_workshop(garage.slug), language="de")
    services.booking.book(
        faster,
        BookingRequest(
            slot_id=lost,
            service_codes=(OIL,),
            contact=Contact(phone="0231 5550188"),
            vehicle=VehicleFacts(),
            source="page",
            language="de",
            request_key="faster",
        ),
    )
    await page.call(BookingState.book, CONTACT_FORM)
    assert (booking.step, booking.name, booking.phone) == (TIME, "Jürgen Özgür", "0171 5550142")
    assert (times.lost_reason, times.lost_label) == ("slot_taken", "Mo, 23. Nov., 13:00 Uhr")
    assert times.slot not in ("", lost)
    taken = [entry for day in times.days for entry in (*day["morning"], *day["afternoon"]) if entry["taken"]]
    assert [entry["value"] for entry in taken] == [lost]
    await page.call(BookingState.to_contact, {})
    await page.call(BookingState.book, CONTACT_FORM)
    assert booking.step == DONE


async def test_a_page_left_open_over_night_says_the_time_has_passed(page: Tab, clock: ManualClock) -> None:
    booking = await at_contact(page)
    clock.advance(timedelta(days=1))
    await page.call(BookingState.book, CONTACT_FORM)
    times = await page.state(BookingTimes)
    assert (booking.step, times.lost_reason) == (TIME, "slot_past")
    assert times.days[0]["value"] >= "2026-11-24"


@pytest.mark.parametrize("slot", ["", "zzzz", "<script>", "0" * 5000])
async def test_a_time_that_was_never_offered_is_not_taken(page: Tab, slot: str) -> None:
    await page.call(BookingState.to_times, {f"s-{OIL}": "on"})
    times = await page.state(BookingTimes)
    times.slot = ""
    await page.call(BookingState.to_contact, {"slot": slot})
    booking = await page.state(BookingState)
    assert (booking.step, booking.problem) == (TIME, "slot_missing")


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"name": "", "phone": "", "email": ""}, {"name": "missing", "phone": "contact_missing"}),
        ({"name": "A", "phone": "0231 55", "email": ""}, {"phone": "phone_invalid"}),
        ({"name": "A", "phone": "", "email": "s.krause@"}, {"email": "email_invalid"}),
        ({"name": "x" * 200, "phone": "0171 5550142", "email": ""}, {"name": "too_long"}),
        ({"name": "A", "phone": "0171 5550142", "email": "", "note": "y" * 2400}, {"note": "too_long"}),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    services: Services, garage: Workshop, page: Tab, form: dict[str, str], errors: dict[str, str]
) -> None:
    booking = await at_contact(page)
    await page.call(BookingState.book, form)
    assert (booking.step, booking.errors, booking.attempt) == (CONTACT, errors, 1)
    assert rows_of(services, garage, Appointment) == []


async def test_a_field_is_checked_when_it_is_left_and_an_empty_one_is_not_scolded(page: Tab) -> None:
    booking = await at_contact(page)
    await page.call(BookingState.check, "phone", "0231 55")
    assert booking.errors == {"phone": "phone_invalid"}
    await page.call(BookingState.check, "phone", "0231 5550120")
    await page.call(BookingState.check, "name", "")
    await page.call(BookingState.check, "_slug", "evil")
    assert (booking.errors, booking.phone, booking._slug) == ({}, "0231 5550120", "mueller-dortmund")


async def test_a_change_of_language_says_everything_again_and_forgets_nothing(page: Tab) -> None:
    booking = await at_contact(page)
    visit, times = await page.state(VisitState), await page.state(BookingTimes)
    slot = times.slot
    await page.call(BookingState.read_language, "en", "de")
    assert (booking.step, times.slot, visit.codes) == (CONTACT, slot, [OIL])
    assert (times.slot_label, times.month) == ("Mon, Nov 23, 1:00 pm", "November 2026")
    assert visit.lines[0]["name"] == "Engine oil change incl. filter"
    await page.call(BookingState.book, CONTACT_FORM)
    await page.call(BookingState.read_language, "pl", "de")
    assert booking.done.title == "Wymiana oleju silnikowego z filtrem"


async def test_going_back_keeps_what_was_typed_and_skips_times_of_other_services(page: Tab) -> None:
    booking = await at_contact(page)
    await page.call(BookingState.check, "name", "Jürgen")
    await page.call(BookingState.go_to, VISIT)
    await page.call(BookingState.go_to, CONTACT)
    assert (booking.step, booking.name) == (CONTACT, "Jürgen")
    await page.call(BookingState.go_to, VISIT)
    await page.call(VisitState.choose, WHEELS, True)
    await page.call(BookingState.go_to, CONTACT)
    assert booking.step == VISIT


async def test_what_was_typed_before_the_page_came_alive_counts(page: Tab) -> None:
    await page.call(BookingState.adopt, "do xy 77", [OIL, WHEELS])
    assert (await page.state(CarState)).plate == "DO-XY 77"
    visit = await page.state(VisitState)
    assert visit.codes == [OIL, WHEELS]
    assert visit.total != ""


async def test_another_workshop_in_the_same_tab_begins_anew(
    services: Services, garage: Workshop, page: Tab
) -> None:
    make_workshop(services.db, slug="kaya-koeln", name="Autotechnik Kaya")
    booking = await at_contact(page)
    await page.at("/w/kaya-koeln/termin/").call(BookingState.open)
    assert (booking.step, booking.name, (await page.state(VisitState)).codes) == (VISIT, "", [])
    assert (await page.state(CarState)).plate == ""


async def test_an_unknown_workshop_or_service_is_answered_with_a_sentence(page: Tab) -> None:
    outcomes = await page.at("/w/gibt-es-nicht/termin/").call(VisitState.choose, OIL, True)
    assert "Diese Werkstatt gibt es hier nicht" in str(outcomes).encode().decode("unicode_escape", "ignore")
    page.at("/w/mueller-dortmund/termin/")
    outcomes = await page.call(VisitState.choose, "<script>alert(1)</script>", True)
    assert len(outcomes) == 1


async def test_a_surcharge_for_the_day_is_in_the_total_before_the_visit_is_asked_for(
    services: Services, garage: Workshop, page: Tab
) -> None:
    owner = services.team.system_actor(garage.id)
    every_day = RuleDraft(names={"de": "Jeden Tag"}, percent=10, weekdays=(1, 2, 3, 4, 5, 6, 7))
    services.catalog_editing.save_rule(owner, every_day)
    await page.call(BookingState.open)
    await page.call(BookingState.to_times, {"plate": "DO-XY 77", f"s-{WHEELS}": "on"})
    assert (await page.state(VisitState)).total.replace(NBSP, " ") == "ab 39,00 €"
    await page.call(BookingState.to_contact, {})
    assert (await page.state(VisitState)).total.replace(NBSP, " ") == "42,90 €"
    await page.call(BookingState.book, CONTACT_FORM)
    (appointment,) = rows_of(services, garage, Appointment)
    assert (appointment.price_min_cents, appointment.price_max_cents) == (4_290, 4_290)


async def test_a_changed_price_is_booked_at_once_and_booked_visits_keep_theirs(
    services: Services, garage: Workshop, page: Tab
) -> None:
    await at_contact(page, WHEELS)
    await page.call(BookingState.book, CONTACT_FORM)
    owner = services.team.system_actor(garage.id)
    draft = services.catalog_editing.get_draft(owner, WHEELS)
    services.catalog_editing.save(owner, replace(draft, price_min_cents=4_500, price_max_cents=4_500))
    other = open_tab(services, garage).at(f"/w/{garage.slug}/termin/")
    await at_contact(other, WHEELS)
    assert (await other.state(VisitState)).total.replace(NBSP, " ") == "45,00 €"
    (appointment,) = rows_of(services, garage, Appointment)
    assert appointment.price_min_cents == 3_900
