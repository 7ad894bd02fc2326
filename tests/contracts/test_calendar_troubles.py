"""Calendar servers that are slow, lying, down or hostile."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from carbot_app.adapters.calendars.accounts import Accounts
from carbot_app.adapters.calendars.caldav import CalDavCalendar, _event
from carbot_app.adapters.calendars.http import Wire, same_site
from carbot_app.domains.calendars.ports import (
    CalendarBusy,
    CalendarError,
    CalendarRevoked,
    CalendarUnavailable,
    Window,
)
from tests.contracts.calendar_peers import (
    GooglePeer,
    MicrosoftPeer,
    RadicalePeer,
    cloud_accounts,
    cloud_secret,
)
from tests.peers.bad_calendar import BadCalendar
from tests.peers.cloud_calendars import Cloud
from tests.peers.http_server import HttpServer, free_port
from tests.peers.radicale_server import USER, Radicale

WINDOW = Window(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC), ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="module")
def bad() -> Iterator[tuple[BadCalendar, str]]:
    calendar = BadCalendar()
    server = HttpServer(calendar.app())
    server.start()
    yield calendar, f"{server.origin}/dav/"
    server.stop()


def account(address: str, seconds: float = 1.0) -> CalDavCalendar:
    secret = {"address": address, "user": "a", "password": "b"}
    return CalDavCalendar(secret, private_hosts=True, seconds=seconds)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        *((name, CalendarUnavailable) for name in ("down", "over", "slow", "dripping", "huge", "circling")),
        *((name, CalendarUnavailable) for name in ("html", "broken", "bomb", "elsewhere", "empty", "binary")),
        ("busy", CalendarBusy),
        ("refusing", CalendarRevoked),
        ("forbidding", CalendarRevoked),
    ],
)
def test_each_trouble_has_its_error_and_none_hangs(
    bad: tuple[BadCalendar, str], trouble: str, error: type[CalendarError]
) -> None:
    bad[0].trouble = trouble
    calendar = account(bad[1], seconds=10.0 if trouble == "huge" else 1.0)
    with pytest.raises(error) as caught:
        calendar.list_changes(bad[1], "", WINDOW)
    assert type(caught.value) is error
    if isinstance(caught.value, CalendarBusy):
        assert caught.value.retry_after == 120
    if trouble not in ("empty",):
        with pytest.raises(CalendarError):
            calendar.list_calendars()
    calendar.close()


def test_nobody_listening_is_worth_another_try() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(CalendarUnavailable):
        account(address).list_calendars()


def test_a_wrong_password_is_told_apart_from_a_server_that_is_down(radicale: Radicale) -> None:
    secret = {"address": radicale.origin, "user": USER, "password": "falsch"}
    with pytest.raises(CalendarRevoked):
        CalDavCalendar(secret, private_hosts=True).list_calendars()


def test_a_calendar_deleted_there_is_no_longer_ours(radicale: Radicale) -> None:
    peer = RadicalePeer(radicale)
    radicale.delete(peer.calendar_id)
    with pytest.raises(CalendarRevoked):
        peer.account.list_changes(peer.calendar_id, "", WINDOW)


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:gestern\r\nDTEND:morgen\r\n",
        "DTSTART:20270301T100000Z\r\nDTEND:20270301T090000Z\r\n",
        "DTSTART;TZID=Mars/Olympus:20270301T100000\r\nDTEND;TZID=Mars/Olympus:20270301T110000\r\n",
        "DTSTART:20270301T100000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY\r\n",
        "DTSTART:00010101T000000Z\r\nDTEND:99991231T235959Z\r\n",
    ],
    ids=["no-date", "end-before-start", "unknown-zone", "every-second", "from-the-beginning-to-the-end"],
)
def test_an_event_nobody_can_make_sense_of_stops_no_other(lines: str) -> None:
    head = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    )
    event = _event("http://x/1", "1", f"{head}{lines}END:VEVENT\r\nEND:VCALENDAR\r\n", WINDOW)
    assert len(event.spans) <= 1
    assert all(WINDOW.starts_at <= span.starts_at < span.ends_at <= WINDOW.ends_at for span in event.spans)


@pytest.fixture(params=["google", "microsoft"])
def cloud_peer(
    request: pytest.FixtureRequest, cloud: Cloud, cloud_origin: str
) -> Iterator[GooglePeer | MicrosoftPeer]:
    peer = {"google": GooglePeer, "microsoft": MicrosoftPeer}[request.param](cloud, cloud_origin)
    yield peer
    peer.account.close()


@pytest.mark.parametrize(
    ("trouble", "error"),
    [("down", CalendarUnavailable), ("lying", CalendarUnavailable), ("busy", CalendarBusy)],
)
def test_the_big_providers_have_bad_days_too(
    cloud_peer: GooglePeer | MicrosoftPeer, cloud: Cloud, trouble: str, error: type[CalendarError]
) -> None:
    cloud.trouble = trouble
    with pytest.raises(error) as caught:
        cloud_peer.account.list_changes(cloud_peer.calendar_id, "", WINDOW)
    assert type(caught.value) is error


def test_a_token_that_ended_early_is_renewed_once_and_kept(
    cloud_peer: GooglePeer | MicrosoftPeer, cloud: Cloud
) -> None:
    cloud.rotate = True
    cloud.access_token = "access-of-somebody-else"
    cloud_peer.account.list_changes(cloud_peer.calendar_id, "", WINDOW)
    (kept,) = cloud_peer.kept
    assert (kept["access_token"], kept["refresh_token"]) == (cloud.access_token, cloud.refresh_token)
    assert cloud.renewals == 1


def test_withdrawn_consent_is_told_apart(cloud_peer: GooglePeer | MicrosoftPeer, cloud: Cloud) -> None:
    cloud.revoked = True
    with pytest.raises(CalendarRevoked):
        cloud_peer.account.list_changes(cloud_peer.calendar_id, "", WINDOW)


def test_a_code_without_its_verifier_is_worth_nothing(cloud: Cloud, cloud_origin: str) -> None:
    accounts = cloud_accounts(cloud_origin)
    address = httpx.URL(accounts.consent_url("google", state="s", challenge="c" * 43))
    code = cloud.authorise(dict(address.params))
    with pytest.raises(CalendarRevoked):
        accounts.redeem("google", code=code, verifier="wrong" * 10)


def test_a_provider_taken_out_of_the_settings_is_lost_access(cloud: Cloud) -> None:
    with pytest.raises(CalendarRevoked):
        Accounts(public_url="http://x").open("google", cloud_secret(cloud), print)


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://gibt-es-nicht.invalid/",
    ],
)
def test_only_public_addresses_over_tls_are_asked(url: str) -> None:
    with pytest.raises(CalendarUnavailable, match="not allowed"):
        Wire().ask("GET", url)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com/1/", True),
        ("https://cloud.example/dav", "https://cloud.example/other", True),
        ("https://cloud.example/", "https://evil.example/", False),
        ("https://a.example.com/", "http://a.example.com/", False),
        ("https://127.0.0.1/", "https://128.0.0.1/", False),
        ("https://icloud.com/", "https://icloud.com.evil.example/", False),
    ],
)
def test_a_password_goes_only_to_hosts_of_the_same_owner(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


def test_an_account_that_takes_too_long_as_a_whole_is_left(
    bad: tuple[BadCalendar, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carbot_app.adapters.calendars.http.ACCOUNT_SECONDS", -1.0)
    before = bad[0].asked
    with pytest.raises(CalendarUnavailable, match="account too slow"):
        account(bad[1]).list_calendars()
    assert bad[0].asked == before
