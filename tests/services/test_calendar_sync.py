"""Calendars and visits kept in step, against a real Radicale, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.calendars.ports import EventChanged
from carbot_app.kit.clock import ManualClock
from tests.contracts.calendar_peers import RadicalePeer
from tests.factories import make_workshop, staff_of
from tests.factories.front_desk import open_front_desk
from tests.peers.radicale_server import Radicale
from tests.services.bookings import suggest
from tests.services.calendars import CalendarDesk, open_calendar_desk

TUESDAY = datetime(2026, 11, 24, 8, tzinfo=UTC)
"""9:00 in Berlin."""
HOUR = timedelta(hours=1)


@pytest.fixture
def calendars(database: Database, clock: ManualClock, tmp_path: Path) -> CalendarDesk:
    desk = open_front_desk(database, clock, technicians=1)
    return open_calendar_desk(database, clock, desk, tmp_path)


@pytest.fixture
def peer(radicale: Radicale) -> Iterator[RadicalePeer]:
    peer = RadicalePeer(radicale)
    yield peer
    peer.account.close()


@pytest.fixture
def connected(calendars: CalendarDesk, radicale: Radicale, peer: RadicalePeer) -> CalendarDesk:
    calendars.connect(radicale, peer)
    return calendars


def test_an_event_of_the_technician_blocks_and_frees_the_time(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    event = peer.add(TUESDAY, TUESDAY + 4 * HOUR)
    connected.tick()
    assert connected.busy() == [(TUESDAY, TUESDAY + 4 * HOUR)]
    offered = suggest(connected.desk, after=TUESDAY, until=TUESDAY + 3 * HOUR, limit=12)
    assert not [slot for slot in offered if TUESDAY <= slot.starts_at < TUESDAY + 4 * HOUR]
    peer.move(event, TUESDAY + HOUR, TUESDAY + 2 * HOUR)
    connected.tick()
    assert connected.busy() == [(TUESDAY + HOUR, TUESDAY + 2 * HOUR)]
    peer.remove(event)
    connected.tick()
    assert connected.busy() == []


def test_a_series_and_whole_days_block_every_time_they_happen(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    peer.write(
        "DTSTART;TZID=Europe/Berlin:20261125T180000\r\nDTEND;TZID=Europe/Berlin:20261125T190000\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=2\r\n"
    )
    peer.add(date(2026, 12, 24), date(2026, 12, 26))
    connected.tick()
    assert connected.busy() == [
        (datetime(2026, 11, 25, 17, tzinfo=UTC), datetime(2026, 11, 25, 18, tzinfo=UTC)),
        (datetime(2026, 12, 2, 17, tzinfo=UTC), datetime(2026, 12, 2, 18, tzinfo=UTC)),
        (datetime(2026, 12, 23, 23, tzinfo=UTC), datetime(2026, 12, 25, 23, tzinfo=UTC)),
    ]


def test_a_series_for_ever_ends_with_the_window_and_moves_on_with_it(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    peer.write("DTSTART:20261123T040000Z\r\nDTEND:20261123T050000Z\r\nRRULE:FREQ=DAILY\r\n")
    connected.tick()
    assert len(connected.busy()) == 90
    last = connected.busy()[-1]
    connected.clock.advance(timedelta(days=2))
    connected.tick()
    assert connected.busy()[-1][0] - last[0] == timedelta(days=2)


def test_a_new_visit_is_in_the_calendar_within_one_tick_with_plate_and_name_only(
    connected: CalendarDesk, peer: RadicalePeer, radicale: Radicale
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.tick()
    text = radicale.get(f"{peer.calendar_id}{visit.id}.ics")
    assert f"UID:{visit.id}@carbot" in text
    assert "DTSTART:20261124T080000Z" in text
    assert "DO-AB 123" in text
    assert "Ayşe Yılmaz" in text
    assert "5550142" not in text


def test_our_own_events_never_block_and_nothing_goes_in_circles(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    connected.book_at(2026, 11, 24, 9)
    connected.settle()
    before = [(row.etag, row.fingerprint) for row in connected.synced()]
    connected.settle()
    assert [(row.etag, row.fingerprint) for row in connected.synced()] == before
    assert (connected.busy(), peer.stored()) == ([], 1)


def test_a_visit_moved_in_carbot_moves_in_the_calendar(
    connected: CalendarDesk, peer: RadicalePeer, radicale: Radicale
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    slot = next(slot for slot in suggest(connected.desk, limit=12) if slot.starts_at != visit.starts_at)
    connected.desk.booking.move_by_link(visit.manage_token, slot.id)
    connected.tick()
    assert f"DTSTART:{slot.starts_at:%Y%m%dT%H%M%SZ}" in radicale.get(f"{peer.calendar_id}{visit.id}.ics")
    assert peer.stored() == 1


def test_a_cancelled_visit_leaves_the_calendar(connected: CalendarDesk, peer: RadicalePeer) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    connected.desk.booking.cancel_by_link(visit.manage_token)
    connected.tick()
    assert (peer.stored(), connected.synced()) == (0, [])


def test_an_event_moved_by_the_technician_moves_the_visit_once(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    peer.move(connected.synced()[0].event_id, TUESDAY + HOUR, TUESDAY + 2 * HOUR)
    connected.settle()
    moved = connected.visit(visit.id)
    assert (moved.starts_at, moved.moved_count) == (TUESDAY + HOUR, 1)
    assert connected.link().notices == []


def test_a_move_to_an_impossible_time_is_undone_in_the_calendar_and_told_to_staff(
    connected: CalendarDesk, peer: RadicalePeer, radicale: Radicale
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)
    peer.move(connected.synced()[0].event_id, midnight, midnight + HOUR)
    connected.settle()
    assert connected.visit(visit.id).starts_at == TUESDAY
    assert "DTSTART:20261124T080000Z" in radicale.get(f"{peer.calendar_id}{visit.id}.ics")
    (notice,) = connected.service.overview(connected.staff).links[0].notices
    assert (notice.appointment_id, notice.wanted, notice.code) == (visit.id, midnight, "outside_hours")
    connected.service.dismiss_notices(connected.staff, connected.link().id)
    assert connected.link().notices == []


def test_when_both_sides_moved_the_time_of_carbot_counts(
    connected: CalendarDesk, peer: RadicalePeer, radicale: Radicale
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    peer.move(connected.synced()[0].event_id, TUESDAY + HOUR, TUESDAY + 2 * HOUR)
    slot = suggest(connected.desk, after=TUESDAY + 24 * HOUR)[0]
    connected.desk.booking.move_by_link(visit.manage_token, slot.id)
    connected.settle()
    assert connected.visit(visit.id).starts_at == slot.starts_at
    assert f"DTSTART:{slot.starts_at:%Y%m%dT%H%M%SZ}" in radicale.get(f"{peer.calendar_id}{visit.id}.ics")


def test_an_event_deleted_by_the_technician_is_put_back_and_the_visit_stays(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    peer.remove(connected.synced()[0].event_id)
    connected.settle()
    assert (connected.visit(visit.id).state, peer.stored()) == (visit.state, 1)


def test_a_crash_after_writing_and_before_noting_makes_no_duplicate(
    connected: CalendarDesk, peer: RadicalePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.book_at(2026, 11, 24, 9)
    with monkeypatch.context() as crash:
        crash.setattr(connected.sync._pusher, "_keep", lambda *_: 1 / 0)
        connected.tick()
    assert (peer.stored(), connected.synced(), connected.link().state) == (1, [], "failing")
    connected.settle()
    connected.settle()
    assert (peer.stored(), len(connected.synced()), connected.link().state) == (1, 1, "ok")
    assert connected.busy() == []


def test_a_crash_between_moving_and_noting_moves_once(
    connected: CalendarDesk, peer: RadicalePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    peer.move(connected.synced()[0].event_id, TUESDAY + HOUR, TUESDAY + 2 * HOUR)
    with monkeypatch.context() as crash:
        crash.setattr("carbot_app.domains.calendars.pulling._block", lambda *_: 1 / 0)
        connected.tick()
    for _ in range(3):
        connected.tick(60)
    moved = connected.visit(visit.id)
    assert (moved.starts_at, moved.moved_count, peer.stored()) == (TUESDAY + HOUR, 1, 1)


def test_an_edit_between_reading_and_writing_is_not_lost(
    connected: CalendarDesk, peer: RadicalePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    event_id = connected.synced()[0].event_id
    apply = connected.sync._puller.apply

    def apply_and_be_overtaken(*args: object, **options: object) -> None:
        apply(*args, **options)  # pyright: ignore[reportArgumentType]
        peer.move(event_id, TUESDAY + HOUR, TUESDAY + 2 * HOUR)

    slot = suggest(connected.desk, after=TUESDAY + 24 * HOUR)[0]
    connected.desk.booking.move_by_link(visit.manage_token, slot.id)
    with monkeypatch.context() as race:
        race.setattr(connected.sync._puller, "apply", apply_and_be_overtaken)
        connected.tick()
    assert connected.link().state == "ok"
    connected.settle()
    assert connected.visit(visit.id).starts_at == slot.starts_at
    assert (peer.stored(), connected.synced()[0].starts_at) == (1, slot.starts_at)


def test_a_night_with_25_hours_keeps_visits_and_events_where_they_are(
    database: Database, radicale: Radicale, peer: RadicalePeer, tmp_path: Path
) -> None:
    clock = ManualClock(datetime(2026, 10, 23, 8, tzinfo=UTC))  # clocks change on the 25th
    calendars = open_calendar_desk(database, clock, open_front_desk(database, clock, technicians=1), tmp_path)
    calendars.connect(radicale, peer)
    peer.add(date(2026, 10, 25), date(2026, 10, 26))
    visit = calendars.book_at(2026, 10, 26, 9)
    calendars.settle()
    assert calendars.busy() == [
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    ]
    assert "DTSTART:20261026T080000Z" in radicale.get(f"{peer.calendar_id}{visit.id}.ics")


def test_two_processes_never_work_on_one_calendar(
    connected: CalendarDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connected.link()
    inside, leave, runs = threading.Event(), threading.Event(), []

    def slowly(*_: object) -> bool:
        runs.append(1)
        inside.set()
        leave.wait(10)
        return True

    monkeypatch.setattr(connected.sync, "_sync", slowly)
    first = threading.Thread(target=connected.sync.sync_one, args=(link.workshop_id, link.id))
    first.start()
    assert inside.wait(10)
    assert connected.sync.sync_one(link.workshop_id, link.id) is False
    leave.set()
    first.join()
    assert len(runs) == 1


def test_a_process_that_died_gives_the_calendar_free_after_a_while(connected: CalendarDesk) -> None:
    link = connected.link()
    assert connected.sync._claim(link.workshop_id, link.id, connected.clock())
    assert connected.tick(5) == 0
    assert connected.tick(6) == 1


def test_a_visit_booked_while_its_calendar_is_being_read_is_not_forgotten(
    connected: CalendarDesk, peer: RadicalePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = connected.sync._pusher.bring

    def bring_and_book(*args: object) -> bool:
        done = bring(*args)  # pyright: ignore[reportArgumentType]
        connected.clock.advance(timedelta(seconds=1))
        connected.book_at(2026, 11, 24, 9)
        return done

    with monkeypatch.context() as race:
        race.setattr(connected.sync._pusher, "bring", bring_and_book)
        connected.tick()
    assert peer.stored() == 0
    connected.tick(0)
    assert peer.stored() == 1


def test_a_visit_given_to_somebody_else_moves_to_their_calendar(
    database: Database, clock: ManualClock, radicale: Radicale, peer: RadicalePeer, tmp_path: Path
) -> None:
    calendars = open_calendar_desk(database, clock, open_front_desk(database, clock), tmp_path)
    other = RadicalePeer(radicale)
    calendars.connect(radicale, peer, 0)
    calendars.connect(radicale, other, 1)
    visit = calendars.book_at(2026, 11, 24, 9)
    calendars.settle()
    assert peer.stored() + other.stored() == 1
    had_it = peer if peer.stored() else other
    successor = next(one for one in calendars.desk.technicians if one.id != visit.technician_id)
    with database.writing(visit.workshop_id) as session:
        session.get_one(type(visit), visit.id).technician_id = successor.id
    calendars.settle()
    assert (had_it.stored(), peer.stored() + other.stored()) == (0, 1)
    assert calendars.busy() == []


def test_another_workshops_calendars_are_out_of_reach(connected: CalendarDesk, database: Database) -> None:
    stranger = staff_of(make_workshop(database, slug="other"))
    link = connected.link()
    assert connected.service.overview(stranger).links == ()
    connected.service.disconnect(stranger, link.id)
    assert connected.link().id == link.id
    assert connected.sync.sync_one(stranger.workshop_id, link.id) is False


def test_events_of_ours_that_somebody_copied_block_like_any_other(
    connected: CalendarDesk, peer: RadicalePeer
) -> None:
    visit = connected.book_at(2026, 11, 24, 9)
    connected.settle()
    foreign = make_workshop(connected.database, slug="other").id
    peer.write("DTSTART:20261126T080000Z\r\nDTEND:20261126T090000Z\r\n", uid=f"{foreign}@carbot")
    connected.settle()
    assert connected.busy() == [
        (datetime(2026, 11, 26, 8, tzinfo=UTC), datetime(2026, 11, 26, 9, tzinfo=UTC))
    ]
    assert connected.visit(visit.id).starts_at == TUESDAY


def test_a_disconnected_calendar_blocks_nobody_any_more(connected: CalendarDesk, peer: RadicalePeer) -> None:
    peer.add(TUESDAY, TUESDAY + HOUR)
    connected.tick()
    link_id = connected.link().id
    for _ in range(2):  # disconnecting twice is fine
        connected.service.disconnect(connected.staff, link_id)
    assert connected.busy() == []
    assert connected.tick() == 0


def test_an_event_that_cannot_be_written_is_tried_again_soon(
    connected: CalendarDesk, peer: RadicalePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.book_at(2026, 11, 24, 9)

    def refuse(*_: object) -> None:
        raise EventChanged

    with monkeypatch.context() as trouble:
        trouble.setattr("carbot_app.domains.calendars.pushing._write", refuse)
        connected.tick()
    assert connected.link().next_at - connected.clock() == timedelta(seconds=30)
    connected.tick(1)
    assert peer.stored() == 1
