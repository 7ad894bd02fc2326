"""The chosen time is kept free while the form is filled in, and wishes change what is offered."""

from datetime import timedelta

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment, Claim
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.booking import CONTACT, DONE, TIME, VISIT, BookingState
from carbot_app.state.booking_hold import MAX_RENEWALS, BookingTimes, HoldState
from tests.factories import make_resource
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab
from tests.state.test_booking_state import (
    ABILITIES,
    CONTACT_FORM,
    OIL,
    at_contact,
    rows_of,
)

BELT = "ENG-TIM-001"
"""Takes longer than anybody waits."""


@pytest.fixture
def garage(services: Services, workshop: Workshop) -> Workshop:
    """One technician and one bay: whoever comes second waits."""
    stock(services.db, workshop)
    for kind, abilities in ABILITIES.items():
        make_resource(services.db, workshop, kind, abilities=abilities)
    return workshop


@pytest.fixture
def page(services: Services, garage: Workshop) -> Tab:
    return open_tab(services, garage).at(f"/w/{garage.slug}/termin/")


@pytest.fixture
def other(services: Services, garage: Workshop) -> Tab:
    """Somebody else on the same page."""
    return open_tab(services, garage).at(f"/w/{garage.slug}/termin/")


async def at_times(page: Tab, *codes: str) -> BookingTimes:
    await page.call(BookingState.open)
    await page.call(BookingState.to_times, {f"s-{code}": "on" for code in codes or (OIL,)})
    return await page.state(BookingTimes)


def offered(times: BookingTimes) -> list[str]:
    halves = [entry for day in times.days for half in ("morning", "afternoon") for entry in day[half]]
    return [entry["value"] for entry in halves if not entry["taken"]]


async def test_looking_at_times_holds_nothing_and_picking_one_does(
    services: Services, garage: Workshop, page: Tab
) -> None:
    times = await at_times(page)
    assert rows_of(services, garage, Claim) == []
    await page.call(BookingTimes.choose, offered(times)[1])
    hold = await page.state(HoldState)
    assert (hold.until, hold.seconds, hold.turn) == ("9:05 Uhr", 300, 1)
    assert len(rows_of(services, garage, Claim)) == 1
    await page.call(BookingTimes.choose, offered(times)[2])
    assert len(rows_of(services, garage, Claim)) == 1


async def test_a_held_time_is_offered_to_its_holder_and_to_nobody_else(page: Tab, other: Tab) -> None:
    times = await at_times(page)
    picked = offered(times)[1]
    await page.call(BookingTimes.choose, picked)
    assert picked not in offered(await at_times(other))
    await page.call(BookingTimes.later)
    await page.call(BookingTimes.earlier)
    assert picked in offered(times)


async def test_going_back_to_the_services_or_leaving_gives_it_free(
    services: Services, garage: Workshop, page: Tab
) -> None:
    booking = await at_contact(page)
    await page.call(BookingState.go_to, TIME)
    assert len(rows_of(services, garage, Claim)) == 1
    await page.call(BookingState.go_to, VISIT)
    assert rows_of(services, garage, Claim) == []
    await page.call(BookingState.go_to, CONTACT)
    assert (booking.step, len(rows_of(services, garage, Claim))) == (CONTACT, 1)
    await page.call(HoldState.leave)
    assert (rows_of(services, garage, Claim), (await page.state(HoldState)).until) == ([], "")


async def test_typing_renews_it_twice_and_no_more(page: Tab, clock: ManualClock) -> None:
    await at_contact(page)
    hold = await page.state(HoldState)
    ends = hold._expires_at
    for _ in range(MAX_RENEWALS + 2):
        clock.advance(timedelta(minutes=3))
        await page.call(HoldState.renew)
    assert hold._expires_at == ends + MAX_RENEWALS * timedelta(minutes=3)


async def test_a_browser_whose_clock_runs_fast_is_told_how_much_is_left(
    page: Tab, clock: ManualClock
) -> None:
    await at_contact(page)
    hold = await page.state(HoldState)
    clock.advance(timedelta(minutes=4))
    await page.call(HoldState.end)
    assert (hold.over, hold.seconds, hold.turn) == (False, 60, 2)


async def test_after_it_has_run_out_it_can_be_had_again(page: Tab, clock: ManualClock) -> None:
    booking = await at_contact(page)
    hold = await page.state(HoldState)
    clock.advance(timedelta(minutes=5))
    await page.call(HoldState.end)
    assert (hold.over, hold.until, booking.step) == (True, "", CONTACT)
    await page.call(BookingState.hold_again)
    assert (hold.over, hold.until, booking.step) == (False, "9:10 Uhr", CONTACT)
    await page.call(BookingState.book, CONTACT_FORM)
    assert booking.step == DONE


async def test_when_somebody_was_faster_the_next_best_time_is_chosen_and_nothing_typed_is_lost(
    page: Tab, other: Tab, clock: ManualClock
) -> None:
    booking = await at_contact(page)
    times, hold = await page.state(BookingTimes), await page.state(HoldState)
    lost = times.slot
    await page.call(BookingState.check, "name", "Jürgen Özgür")
    clock.advance(timedelta(minutes=5))
    await page.call(HoldState.end)
    await at_times(other)
    await other.call(BookingTimes.choose, lost)
    await page.call(BookingState.hold_again)
    assert (booking.step, booking.name) == (TIME, "Jürgen Özgür")
    assert (times.lost_reason, hold.over) == ("slot_taken", False)
    assert times.slot not in ("", lost)


async def test_without_a_loaner_and_for_long_work_there_is_nothing_to_wish_for(page: Tab) -> None:
    await at_times(page, OIL)
    hold = await page.state(HoldState)
    assert (hold.can_wait, hold.can_loan, hold.waiting_limit) == (True, False, "1 Std. 30 Min.")
    await page.call(HoldState.wish, "waits", True)
    await page.call(BookingState.go_to, VISIT)
    await page.call(BookingState.to_times, {f"s-{BELT}": "on", f"s-{OIL}": "on"})
    assert (hold.can_wait, hold.waits) == (False, False)
    await page.call(HoldState.wish, "_token", True)
    assert hold._token == ""


async def test_a_wished_loaner_is_reserved_and_told_in_the_confirmation(
    services: Services, garage: Workshop, page: Tab
) -> None:
    loaner = make_resource(services.db, garage, "loaner")
    await at_times(page)
    await page.call(HoldState.wish, "waits", True)
    await page.call(HoldState.wish, "loaner", True)
    hold = await page.state(HoldState)
    assert (hold.waits, hold.loaner, hold.forced) == (False, True, {"waits": 1})
    await page.call(BookingState.to_contact, {})
    await page.call(BookingState.book, CONTACT_FORM)
    (appointment,) = rows_of(services, garage, Appointment)
    assert (appointment.loaner_id, appointment.waiting, appointment.note) == (loaner.id, False, "")
    drop_off, car = (await page.state(BookingState)).done.stay.split("\n")
    assert drop_off.startswith("Auto abgeben bis ")
    assert car == "Ein Ersatzwagen ist für Sie reserviert."


async def test_a_time_without_a_free_loaner_gives_way_to_one_with(
    services: Services, garage: Workshop, page: Tab, other: Tab
) -> None:
    for kind, abilities in ABILITIES.items():
        make_resource(services.db, garage, kind, abilities=abilities)
    make_resource(services.db, garage, "loaner")
    await at_times(other)
    await other.call(HoldState.wish, "loaner", True)
    await other.call(BookingState.to_contact, {})
    times = await at_times(page)
    wanted = times.slot
    await page.call(BookingTimes.choose, wanted)
    await page.call(HoldState.wish, "loaner", True)
    kept = times.slot
    assert (times.lost_reason, kept not in ("", wanted)) == ("wish", True)
    await page.call(HoldState.wish, "loaner", False)
    assert (times.lost_reason, times.slot) == ("", kept)


async def test_a_time_nobody_has_picked_gives_way_without_a_word(
    services: Services, garage: Workshop, page: Tab, other: Tab
) -> None:
    for kind, abilities in ABILITIES.items():
        make_resource(services.db, garage, kind, abilities=abilities)
    make_resource(services.db, garage, "loaner")
    await at_times(other)
    await other.call(HoldState.wish, "loaner", True)
    await other.call(BookingState.to_contact, {})
    times = await at_times(page)
    wanted = times.slot
    await page.call(HoldState.wish, "loaner", True)
    assert (times.lost_reason, times.slot not in ("", wanted)) == ("", True)
    assert times.shown.day in [day["value"] for day in times.days if day["free"]]


async def test_waiting_is_booked_and_told(services: Services, garage: Workshop, page: Tab) -> None:
    await at_times(page)
    await page.call(HoldState.wish, "waits", True)
    await page.call(BookingState.to_contact, {})
    await page.call(BookingState.book, CONTACT_FORM)
    assert rows_of(services, garage, Appointment)[0].waiting
    assert (await page.state(BookingState)).done.stay.startswith("Sie warten vor Ort, fertig gegen ")


async def test_the_reservation_is_read_in_the_language_of_the_page(page: Tab) -> None:
    await at_contact(page)
    await page.call(BookingState.read_language, "en", "de")
    hold = await page.state(HoldState)
    assert (hold.until, hold.waiting_limit) == ("9:05 am", "1 hr 30 mins")
