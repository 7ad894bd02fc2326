"""When a calendar server is away, changes its mind or is somebody else's: nothing lost, the rest goes on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from carbot_app.adapters.calendars.accounts import Accounts
from carbot_app.adapters.identity.vault import AesVault
from carbot_app.db.session import Database
from carbot_app.domains.calendars.models import CalendarLink
from carbot_app.domains.calendars.ports import Window
from carbot_app.domains.calendars.schemas import CalDavLogin
from carbot_app.domains.calendars.sync import CalendarSync
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.contracts.calendar_peers import (
    CalendarPeer,
    GooglePeer,
    MicrosoftPeer,
    RadicalePeer,
    cloud_accounts,
)
from tests.factories import make_calendar_link, make_resource, staff_of
from tests.factories.front_desk import open_front_desk
from tests.peers.cloud_calendars import Cloud
from tests.peers.radicale_server import PASSWORD, USER, Radicale
from tests.services.bookings import BERLIN
from tests.services.calendars import CalendarDesk, open_calendar_desk

TUESDAY = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def calendars(database: Database, clock: ManualClock, tmp_path: Path) -> CalendarDesk:
    return open_calendar_desk(database, clock, open_front_desk(database, clock, technicians=1), tmp_path)


@pytest.fixture
def clouds(database: Database, clock: ManualClock, tmp_path: Path, cloud_origin: str) -> CalendarDesk:
    desk = open_front_desk(database, clock, technicians=1)
    return open_calendar_desk(database, clock, desk, tmp_path, cloud_accounts(cloud_origin))


def consent(calendars: CalendarDesk, cloud: Cloud, provider: str) -> None:
    """A person walks through the provider's consent page."""
    staff = calendars.staff
    address = calendars.service.begin_consent(staff, provider, calendars.desk.technicians[0].id)
    query = dict(httpx.URL(address).params)
    calendars.service.finish_consent(staff, state=query["state"], code=cloud.authorise(query))


@pytest.fixture(params=["google", "microsoft"])
def cloud_peer(
    request: pytest.FixtureRequest, clouds: CalendarDesk, cloud: Cloud, cloud_origin: str
) -> Iterator[CalendarPeer]:
    peer = {"google": GooglePeer, "microsoft": MicrosoftPeer}[request.param](cloud, cloud_origin)
    consent(clouds, cloud, request.param)
    yield peer
    peer.account.close()


def test_a_day_with_google_or_microsoft(clouds: CalendarDesk, cloud: Cloud, cloud_peer: CalendarPeer) -> None:
    cloud.rotate = True
    dentist = cloud_peer.add(TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR)
    visit = clouds.book_at(2026, 11, 24, 9)
    clouds.settle()
    assert clouds.busy() == [(TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR)]
    assert cloud_peer.stored() == 2

    cloud_peer.move(clouds.synced()[0].event_id, TUESDAY + HOUR, TUESDAY + 2 * HOUR)
    cloud_peer.remove(dentist)
    clouds.settle()
    moved = clouds.visit(visit.id)
    assert (moved.starts_at, moved.moved_count, clouds.busy()) == (TUESDAY + HOUR, 1, [])

    cloud_peer.remove(clouds.synced()[0].event_id)
    clouds.settle()
    assert (cloud_peer.stored(), len(clouds.synced())) == (1, 1)

    cloud.access_token = "ended-early"
    cloud.trouble = "forgetful"
    clouds.settle()
    assert (cloud_peer.stored(), clouds.link().state, clouds.visit(visit.id).moved_count) == (1, "ok", 1)

    clouds.desk.booking.cancel_by_link(visit.manage_token)
    clouds.settle()
    assert (cloud_peer.stored(), clouds.synced(), clouds.busy()) == (0, [], [])


def test_nothing_goes_in_circles_at_google_or_microsoft(
    clouds: CalendarDesk, cloud: Cloud, cloud_peer: CalendarPeer
) -> None:
    clouds.book_at(2026, 11, 24, 9)
    clouds.settle()
    cloud.calls.clear()
    clouds.settle()
    assert {call.split()[0] for call in cloud.calls} == {"GET"}


def test_an_event_moved_out_of_sight_is_written_back_and_not_doubled(
    clouds: CalendarDesk, cloud: Cloud, cloud_peer: CalendarPeer
) -> None:
    visit = clouds.book_at(2026, 11, 24, 9)
    clouds.settle()
    far = TUESDAY + timedelta(days=200)
    cloud_peer.move(clouds.synced()[0].event_id, far, far + HOUR)
    cloud.trouble = "forgetful"  # nobody tells us of the move: the event is just not there
    clouds.settle()
    assert (cloud_peer.stored(), clouds.visit(visit.id).starts_at) == (1, TUESDAY)
    (event,) = cloud_peer.account.list_changes(
        cloud_peer.calendar_id, "", Window(TUESDAY - HOUR, TUESDAY + 3 * HOUR, BERLIN)
    ).events
    assert event.spans[0].starts_at == TUESDAY


def test_a_visit_moved_beyond_the_window_stays_where_its_owner_put_it(
    clouds: CalendarDesk, cloud_peer: CalendarPeer
) -> None:
    visit = clouds.book_at(2026, 11, 24, 9)
    clouds.settle()
    far = TUESDAY + timedelta(days=98)
    cloud_peer.move(clouds.synced()[0].event_id, far, far + HOUR)
    clouds.settle()
    moved = clouds.visit(visit.id)
    assert (moved.starts_at, moved.moved_count, cloud_peer.stored()) == (far, 1, 1)


def test_withdrawn_consent_shows_and_connecting_anew_goes_on_where_it_was(
    clouds: CalendarDesk, cloud: Cloud, cloud_peer: CalendarPeer
) -> None:
    visit = clouds.book_at(2026, 11, 24, 9)
    clouds.settle()
    cloud.revoked = True
    clouds.tick()
    (view,) = clouds.service.overview(clouds.staff).links
    assert (view.state, view.error) == ("revoked", "revoked")
    assert clouds.tick() == 0
    clouds.desk.booking.cancel_by_link(visit.manage_token)
    cloud.revoked = False
    consent(clouds, cloud, view.provider)
    clouds.settle()
    assert (clouds.link().id, clouds.link().state, cloud_peer.stored()) == (view.id, "ok", 0)


def test_a_server_that_asks_for_a_pause_gets_it(
    clouds: CalendarDesk, cloud: Cloud, cloud_peer: CalendarPeer
) -> None:
    clouds.settle()
    cloud.trouble = "busy"
    clouds.tick()
    assert (clouds.link().state, clouds.link().error) == ("failing", "busy")
    assert clouds.link().next_at - clouds.clock() == timedelta(seconds=90)
    clouds.book_at(2026, 11, 24, 9)
    assert clouds.tick(1) == 0
    cloud.trouble = ""
    assert clouds.tick(1) == 1
    assert (clouds.link().state, clouds.link().error, cloud_peer.stored()) == ("ok", "", 1)


def test_while_a_server_is_down_nothing_is_lost_and_the_others_go_on(
    database: Database, clock: ManualClock, tmp_path: Path, radicale: Radicale
) -> None:
    calendars = open_calendar_desk(database, clock, open_front_desk(database, clock), tmp_path)
    well = RadicalePeer(radicale)
    with Radicale(tmp_path / "radicale") as shaky:
        ill = RadicalePeer(shaky)
        calendars.connect(shaky, ill, 0)
        calendars.connect(radicale, well, 1)
        ill.add(TUESDAY, TUESDAY + HOUR)
        calendars.settle()
        before = calendars.busy()
        assert len(before) == 1
        shaky.stop()
        well.add(TUESDAY + 3 * HOUR, TUESDAY + 4 * HOUR)
        visits = [calendars.book_at(2026, 11, 25, hour) for hour in (9, 11)]
        calendars.tick()
        views = {view.technician: view for view in calendars.service.overview(calendars.staff).links}
        assert (views["T0"].state, views["T0"].error) == ("failing", "unavailable")
        assert views["T1"].state == "ok"
        assert len(calendars.busy()) == 2  # what is known of the silent one still counts
        pauses = []
        for _ in range(6):
            calendars.clock.advance(timedelta(hours=1))
            calendars.sync.sync_due()
            with database.reading(visits[0].workshop_id) as session:
                pauses.append(session.get_one(CalendarLink, views["T0"].id).next_at)
        assert pauses[-1] - calendars.clock() == timedelta(hours=1)
        shaky.start()
        calendars.tick(61)
        calendars.settle()
        mine = [v for v in visits if calendars.visit(v.id).technician_id == calendars.desk.technicians[0].id]
        assert ill.stored() == 1 + len(mine)
        assert {view.state for view in calendars.service.overview(calendars.staff).links} == {"ok"}
        ill.account.close()
    well.account.close()


def test_a_fault_of_our_own_in_one_calendar_stops_no_other(
    calendars: CalendarDesk, radicale: Radicale
) -> None:
    peer = RadicalePeer(radicale)
    calendars.connect(radicale, peer)
    broken = make_calendar_link(calendars.database, calendars.desk.technicians[0])
    calendars.tick()
    states = {view.id: view.state for view in calendars.service.overview(calendars.staff).links}
    assert states.pop(broken.id) == "revoked"  # its secret opens with no key of ours
    assert set(states.values()) == {"ok"}
    peer.account.close()


def test_a_lost_key_means_connecting_anew_and_no_crash(
    calendars: CalendarDesk, radicale: Radicale, tmp_path: Path
) -> None:
    calendars.connect(radicale, peer := RadicalePeer(radicale))
    other_key = AesVault(tmp_path / "other" / "secrets.key")
    sync = CalendarSync(
        db=calendars.database,
        clock=calendars.clock,
        accounts=calendars.accounts,
        vault=other_key,
        booking=calendars.desk.booking,
    )
    assert sync.sync_due() == 1
    assert calendars.link().state == "revoked"
    peer.account.close()


def test_passwords_are_not_readable_in_the_database(calendars: CalendarDesk, radicale: Radicale) -> None:
    calendars.connect(radicale, peer := RadicalePeer(radicale))
    stored = calendars.link()
    assert PASSWORD not in str(stored.model_dump())
    opened = json.loads(calendars.vault.unseal(stored.secret, purpose=f"calendar:{stored.id}"))
    assert opened["password"] == PASSWORD
    with pytest.raises(ValueError, match="purpose"):
        calendars.vault.unseal(stored.secret, purpose=f"calendar:{new_id()}")
    peer.account.close()


@pytest.mark.parametrize(
    ("address", "user", "password", "code"),
    [
        ("", USER, PASSWORD, "calendar_address_invalid"),
        ("ftp://cloud.example", USER, PASSWORD, "calendar_address_invalid"),
        ("https://a:b@cloud.example", USER, PASSWORD, "calendar_address_invalid"),
        ("https://" + "a" * 300, USER, PASSWORD, "calendar_address_invalid"),
        ("https://[", USER, PASSWORD, "calendar_address_invalid"),
        ("https://cloud.example", "  ", PASSWORD, "calendar_user_missing"),
        ("https://cloud.example", USER, "", "calendar_password_missing"),
        ("https://cloud.example", USER, "x" * 401, "calendar_password_missing"),
        ("http://127.0.0.1:9/", USER, PASSWORD, "calendar_unreachable"),
    ],
)
def test_a_login_that_cannot_be_is_refused_with_its_reason(
    calendars: CalendarDesk, address: str, user: str, password: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        calendars.service.probe_caldav(calendars.staff, CalDavLogin(address, user, password))
    assert caught.value.code == code


def test_what_is_connected_must_exist_and_belong_to_one_technician(
    calendars: CalendarDesk, radicale: Radicale
) -> None:
    peer, login = RadicalePeer(radicale), CalDavLogin(radicale.origin, USER, PASSWORD)
    first = calendars.desk.technicians[0]
    second = make_resource(calendars.database, calendars.desk.workshop, name="Zweite")
    connect = calendars.service.connect_caldav
    for calendar, resource, code in (
        ("https://elsewhere.example/", first.id, "calendar_unknown"),
        (peer.calendar_id, calendars.desk.bays[0].id, "technician_unknown"),
        (peer.calendar_id, new_id(), "technician_unknown"),
    ):
        with pytest.raises(NotFound) as missing:
            connect(calendars.staff, login, calendar_id=calendar, resource_id=resource)
        assert missing.value.code == code
    made = connect(calendars.staff, login, calendar_id=peer.calendar_id, resource_id=first.id)
    again = connect(calendars.staff, login, calendar_id=peer.calendar_id, resource_id=first.id)
    assert made.id == again.id
    with pytest.raises(Conflict, match="calendar_of_another"):
        connect(calendars.staff, login, calendar_id=peer.calendar_id, resource_id=second.id)
    peer.account.close()


def test_a_consent_belongs_to_the_person_who_began_it_and_ends(clouds: CalendarDesk, cloud: Cloud) -> None:
    staff, technician = clouds.staff, clouds.desk.technicians[0].id
    query = dict(httpx.URL(clouds.service.begin_consent(staff, "google", technician)).params)
    code = cloud.authorise(query)
    finish = clouds.service.finish_consent
    for stranger in (staff_of(clouds.desk.workshop), clouds.staff):
        with pytest.raises(Forbidden, match="calendar_consent_invalid"):
            finish(stranger, state=query["state"], code=code)
    with pytest.raises(Forbidden, match="calendar_consent_invalid"):
        finish(staff, state="made-up", code=code)
    with pytest.raises(Invalid, match="calendar_refused"):
        finish(staff, state=query["state"], code="made-up")
    clouds.clock.advance(timedelta(minutes=16))
    with pytest.raises(Gone, match="calendar_consent_over"):
        finish(staff, state=query["state"], code=code)
    assert clouds.service.overview(staff).links == ()


def test_a_provider_that_is_not_set_up_is_refused(calendars: CalendarDesk) -> None:
    for provider in ("google", "microsoft", "caldav", "yahoo"):
        with pytest.raises(Invalid, match="calendar_not_set_up"):
            calendars.service.begin_consent(calendars.staff, provider, calendars.desk.technicians[0].id)


def test_technicians_may_not_connect_calendars(calendars: CalendarDesk) -> None:
    nobody = staff_of(calendars.desk.workshop, "technician")
    service, login = calendars.service, CalDavLogin("https://x", "a", "b")
    for attempt in (
        lambda: service.overview(nobody),
        lambda: service.probe_caldav(nobody, login),
        lambda: service.begin_consent(nobody, "google", new_id()),
        lambda: service.finish_consent(nobody, state="", code=""),
        lambda: service.disconnect(nobody, new_id()),
        lambda: service.sync_now(nobody, new_id()),
        lambda: service.dismiss_notices(nobody, new_id()),
        lambda: service.renew_feed(nobody, None),
        lambda: service.end_feed(nobody, None),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_consent_url_carries_no_secret(clouds: CalendarDesk) -> None:
    address = clouds.service.begin_consent(clouds.staff, "microsoft", clouds.desk.technicians[0].id)
    query = dict(httpx.URL(address).params)
    assert query["redirect_uri"] == "http://localhost:3000/api/calendars/callback"
    assert (query["code_challenge_method"], len(query["code_challenge"])) == ("S256", 43)
    assert str(clouds.desk.workshop.id) not in query["state"]
    assert "secret" not in address.lower().replace("carbot-secret", "secret")


def test_accounts_at_real_providers_are_asked_over_tls() -> None:
    accounts = Accounts(public_url="https://carbot.example")
    assert accounts.providers == {"caldav": True, "google": False, "microsoft": False}
    for provider in ("google", "microsoft"):
        address = httpx.URL(accounts.consent_url(provider, state="s", challenge="c"))
        assert (address.scheme, address.params["redirect_uri"]) == (
            "https",
            "https://carbot.example/api/calendars/callback",
        )
