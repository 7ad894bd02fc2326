"""An adapter of the server is read by one process while its session lasts, and by nobody afterwards.
Both engines."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.diagnostics.keeping import LEASE, AdapterKeeping
from carbot_app.domains.diagnostics.schemas import AdapterView, SessionOpen, SessionView
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop
from tests.services.diagnostics_bay import Bay, open_bay


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    return open_bay(database, clock)


@pytest.fixture
def keeping(bay: Bay) -> AdapterKeeping:
    return AdapterKeeping(db=bay.db, clock=bay.clock, allowed=True)


@pytest.fixture
def adapter(bay: Bay) -> AdapterView:
    return bay.agents.add_adapter(bay.staff, "Grube", "socket://192.168.0.10:35000")


def opened(bay: Bay, adapter: AdapterView) -> SessionView:
    return bay.sessions.open_session(bay.staff, SessionOpen(way="server", adapter_id=adapter.id))


def taken(keeping: AdapterKeeping, holder: str) -> list[object]:
    return [one.session_id for one in keeping.take(holder)]


def test_whoever_asks_first_reads_it_and_goes_on_reading(
    bay: Bay, keeping: AdapterKeeping, adapter: AdapterView, clock: ManualClock
) -> None:
    session = opened(bay, adapter)
    (kept,) = keeping.take("first")
    assert (kept.session_id, kept.address) == (session.id, adapter.address)
    assert kept.actor.permissions == {"diagnostics.stream"}
    for _ in range(3):
        clock.advance(LEASE / 2)
        assert (taken(keeping, "second"), taken(keeping, "first")) == ([], [session.id])


def test_of_processes_that_ask_at_once_one_gets_it(
    bay: Bay, keeping: AdapterKeeping, adapter: AdapterView
) -> None:
    session = opened(bay, adapter)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: taken(keeping, f"process {number}"), range(4)))
    assert sorted(found, key=len) == [[], [], [], [session.id]]


def test_a_process_that_died_is_followed_when_its_lease_is_over(
    bay: Bay, keeping: AdapterKeeping, adapter: AdapterView, clock: ManualClock
) -> None:
    session = opened(bay, adapter)
    keeping.take("dead")
    assert taken(keeping, "alive") == []
    clock.advance(LEASE)
    assert taken(keeping, "alive") == [session.id]
    assert taken(keeping, "dead") == []


def test_a_process_that_ends_lets_go_at_once(bay: Bay, keeping: AdapterKeeping, adapter: AdapterView) -> None:
    session = opened(bay, adapter)
    keeping.take("ending")
    keeping.let_go("ending")
    assert taken(keeping, "next") == [session.id]


def test_with_the_session_the_reading_ends_and_the_adapter_is_free(
    bay: Bay, keeping: AdapterKeeping, adapter: AdapterView
) -> None:
    session = opened(bay, adapter)
    keeping.take("reader")
    with pytest.raises(Conflict, match="adapter_busy"):
        opened(bay, adapter)
    bay.sessions.end_session(bay.staff, session.id)
    assert taken(keeping, "reader") == []
    assert taken(keeping, "reader") == []
    following = opened(bay, adapter)
    assert taken(keeping, "reader") == [following.id]


def test_an_adapter_that_is_removed_is_read_no_more(
    bay: Bay, keeping: AdapterKeeping, adapter: AdapterView
) -> None:
    opened(bay, adapter)
    bay.agents.remove_adapter(bay.staff, adapter.id)
    assert taken(keeping, "reader") == []


def test_where_the_operator_allows_none_nobody_reads(bay: Bay, adapter: AdapterView) -> None:
    opened(bay, adapter)
    assert AdapterKeeping(db=bay.db, clock=bay.clock, allowed=False).take("reader") == ()


def test_a_session_at_the_server_names_its_adapter(bay: Bay, database: Database) -> None:
    with pytest.raises(Invalid, match="adapter_missing"):
        bay.sessions.open_session(bay.staff, SessionOpen(way="server"))
    with pytest.raises(NotFound, match="adapter_unknown"):
        bay.sessions.open_session(bay.staff, SessionOpen(way="server", adapter_id=new_id()))
    assert bay.sessions.list_sessions(bay.staff) == []


def test_another_workshops_adapter_cannot_be_claimed(
    bay: Bay, database: Database, clock: ManualClock
) -> None:
    other = open_bay(database, clock, make_workshop(database, slug="schmidt-bochum"))
    theirs = other.agents.add_adapter(other.staff, "Grube", "/dev/ttyUSB0")
    with pytest.raises(NotFound, match="adapter_unknown"):
        opened(bay, theirs)
    mine = bay.agents.add_adapter(bay.staff, "Grube", "/dev/ttyUSB0")
    opened(bay, mine)
    opened(other, theirs)
    found = AdapterKeeping(db=database, clock=clock, allowed=True).take("reader")
    assert {(one.workshop_id, one.actor.workshop_id) for one in found} == {
        (one.workshop.id, one.workshop.id) for one in (bay, other)
    }
