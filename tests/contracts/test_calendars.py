"""One suite for every calendar server: a real Radicale, and stand-ins for Google and Microsoft."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.calendars.ports import EventChanged, OwnEvent, Span, Window
from carbot_app.kit.ids import new_id
from tests.contracts.calendar_peers import CalendarPeer, GooglePeer, MicrosoftPeer, RadicalePeer
from tests.peers.cloud_calendars import Cloud

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC), BERLIN)


@pytest.fixture(params=["radicale", "google", "microsoft"])
def peer(request: pytest.FixtureRequest) -> Iterator[CalendarPeer]:
    if request.param == "radicale":
        made: CalendarPeer = RadicalePeer(request.getfixturevalue("radicale"))
    else:
        kind = {"google": GooglePeer, "microsoft": MicrosoftPeer}[request.param]
        made = kind(request.getfixturevalue("cloud"), request.getfixturevalue("cloud_origin"))
    yield made
    made.account.close()


def visit(**fields: object) -> OwnEvent:
    own = OwnEvent(new_id(), "Ölwechsel · DO-AB 123", "Ayşe Yılmaz", NOON, NOON + HOUR)
    return replace(own, **fields)  # pyright: ignore[reportArgumentType]


def test_the_persons_calendar_is_listed(peer: CalendarPeer) -> None:
    listed = {choice.id for choice in peer.account.list_calendars()}
    assert peer.calendar_id in listed


def test_an_event_of_the_owner_is_a_busy_time(peer: CalendarPeer) -> None:
    event_id = peer.add(NOON, NOON + HOUR)
    changes = peer.account.list_changes(peer.calendar_id, "", WINDOW)
    (event,) = changes.events
    assert (event.id, event.spans, event.appointment_id) == (event_id, (Span(NOON, NOON + HOUR),), None)
    assert changes.is_full


def test_a_free_event_blocks_nobody(peer: CalendarPeer) -> None:
    peer.add(NOON, NOON + HOUR, free=True)
    changes = peer.account.list_changes(peer.calendar_id, "", WINDOW)
    assert [event.spans for event in changes.events] == [()]


def test_a_whole_day_lasts_from_midnight_to_midnight_of_the_workshop_also_when_clocks_change(
    peer: CalendarPeer,
) -> None:
    peer.add(date(2027, 3, 28), date(2027, 3, 29))  # summer time begins that night: 23 hours
    (event,) = peer.account.list_changes(peer.calendar_id, "", WINDOW).events
    assert event.spans == (
        Span(datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
    )


def test_what_is_written_comes_back_as_ours_with_the_version_we_were_told(peer: CalendarPeer) -> None:
    own = visit()
    written = peer.account.put_event(peer.calendar_id, own, None)
    (event,) = peer.account.list_changes(peer.calendar_id, "", WINDOW).events
    assert (event.appointment_id, event.id, event.etag) == (own.appointment_id, written.id, written.etag)
    assert event.spans == (Span(own.starts_at, own.ends_at),)
    assert event.etag


def test_writing_the_same_visit_twice_as_new_makes_no_second_event(peer: CalendarPeer) -> None:
    own = visit()
    peer.account.put_event(peer.calendar_id, own, None)
    with pytest.raises(EventChanged):
        peer.account.put_event(peer.calendar_id, own, None)
    assert peer.stored() == 1


def test_changes_since_a_token_are_only_what_changed(peer: CalendarPeer) -> None:
    first = peer.add(NOON, NOON + HOUR)
    peer.add(NOON + 2 * HOUR, NOON + 3 * HOUR)
    token = peer.account.list_changes(peer.calendar_id, "", WINDOW).token
    peer.remove(first)
    third = peer.add(NOON + 4 * HOUR, NOON + 5 * HOUR)
    changes = peer.account.list_changes(peer.calendar_id, token, WINDOW)
    assert not changes.is_full
    assert ([event.id for event in changes.events], changes.deleted) == ([third], (first,))
    after = peer.account.list_changes(peer.calendar_id, changes.token, WINDOW)
    assert (after.events, after.deleted) == ((), ())


def test_a_token_nobody_knows_any_more_brings_everything(peer: CalendarPeer, cloud: Cloud) -> None:
    event_id = peer.add(NOON, NOON + HOUR)
    token = peer.account.list_changes(peer.calendar_id, "", WINDOW).token
    cloud.trouble = "forgetful"
    if isinstance(peer, RadicalePeer):
        token = "http://radicale.org/ns/sync/" + "0" * 64
    changes = peer.account.list_changes(peer.calendar_id, token, WINDOW)
    assert changes.is_full
    assert [event.id for event in changes.events] == [event_id]


def test_an_event_moved_by_the_owner_is_seen_and_not_overwritten(peer: CalendarPeer) -> None:
    own = visit()
    written = peer.account.put_event(peer.calendar_id, own, None)
    token = peer.account.list_changes(peer.calendar_id, "", WINDOW).token
    peer.move(written.id, NOON + HOUR, NOON + 2 * HOUR)
    with pytest.raises(EventChanged):
        peer.account.put_event(peer.calendar_id, own, written)
    (event,) = peer.account.list_changes(peer.calendar_id, token, WINDOW).events
    assert (event.appointment_id, event.spans[0].starts_at) == (own.appointment_id, NOON + HOUR)
    again = peer.account.put_event(peer.calendar_id, own, replace(written, etag=event.etag))
    (event,) = peer.account.list_changes(peer.calendar_id, "", WINDOW).events
    assert (event.spans[0].starts_at, event.etag) == (NOON, again.etag)


def test_an_event_deleted_by_the_owner_is_told_and_can_be_written_again(peer: CalendarPeer) -> None:
    own = visit()
    written = peer.account.put_event(peer.calendar_id, own, None)
    token = peer.account.list_changes(peer.calendar_id, "", WINDOW).token
    peer.remove(written.id)
    assert peer.account.list_changes(peer.calendar_id, token, WINDOW).deleted == (written.id,)
    peer.account.put_event(peer.calendar_id, replace(own, revision=1), None)
    (event,) = peer.account.list_changes(peer.calendar_id, "", WINDOW).events
    assert event.appointment_id == own.appointment_id
    assert peer.stored() == 1


def test_writing_over_an_event_that_is_gone_says_so(peer: CalendarPeer) -> None:
    own = visit()
    written = peer.account.put_event(peer.calendar_id, own, None)
    peer.remove(written.id)
    if isinstance(peer, GooglePeer):
        del peer.cloud.google_events[written.id]
    with pytest.raises(EventChanged):
        peer.account.put_event(peer.calendar_id, own, written)


def test_deleting_twice_is_fine(peer: CalendarPeer) -> None:
    written = peer.account.put_event(peer.calendar_id, visit(), None)
    peer.account.delete_event(peer.calendar_id, written)
    peer.account.delete_event(peer.calendar_id, written)
    assert peer.stored() == 0


def test_many_events_come_in_pages(peer: CalendarPeer, cloud: Cloud) -> None:
    cloud.page_size = 3
    for number in range(8):
        peer.add(NOON + number * HOUR, NOON + (number + 1) * HOUR)
    changes = peer.account.list_changes(peer.calendar_id, "", WINDOW)
    assert len(changes.events) == 8
    assert changes.token
