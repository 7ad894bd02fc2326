"""What each kind of calendar needs for the one contract suite: an account, and the owner's own edits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import uuid4

from carbot_app.adapters.calendars.accounts import Accounts, Provider
from carbot_app.adapters.calendars.caldav import CalDavCalendar
from carbot_app.domains.calendars.ports import RemoteCalendar, Secret
from tests.peers.cloud_calendars import CLIENT_ID, CLIENT_SECRET, Cloud
from tests.peers.radicale_server import PASSWORD, USER, Radicale

Moment = datetime | date


class CalendarPeer(Protocol):
    """A calendar server with one person's calendar."""

    calendar_id: str
    account: RemoteCalendar

    def add(self, start: Moment, end: Moment, *, free: bool = False) -> str:
        """The owner enters an event; its id as the adapter names it."""
        ...

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """The owner drags one of our events elsewhere."""
        ...

    def remove(self, event_id: str) -> None:
        """The owner deletes an event."""
        ...

    def stored(self) -> int:
        """How many events are there."""
        ...


class RadicalePeer:
    """Over a real Radicale."""

    def __init__(self, server: Radicale) -> None:
        self._server = server
        self.calendar_id = server.make_calendar(uuid4().hex)
        secret = {"address": server.origin, "user": USER, "password": PASSWORD}
        self.account: RemoteCalendar = CalDavCalendar(secret, private_hosts=True)

    def add(self, start: Moment, end: Moment, *, free: bool = False) -> str:
        """See CalendarPeer."""
        more = "TRANSP:TRANSPARENT\r\n" if free else ""
        return self.write(f"DTSTART{_ical(start)}\r\nDTEND{_ical(end)}\r\n{more}")

    def write(self, lines: str, uid: str = "") -> str:
        """The owner enters an event with these lines."""
        uid = uid or uuid4().hex
        url = f"{self.calendar_id}{uid}.ics"
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Owner//EN\r\nBEGIN:VEVENT\r\n"
        entry = f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Zahnarzt\r\n{lines}"
        self._server.put(url, f"{head}{entry}END:VEVENT\r\nEND:VCALENDAR\r\n")
        return url

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """See CalendarPeer."""
        lines = self._server.get(event_id).split("\r\n")
        moved = [
            f"DTSTART{_ical(start)}"
            if line.startswith("DTSTART")
            else f"DTEND{_ical(end)}"
            if line.startswith("DTEND")
            else line
            for line in lines
        ]
        self._server.put(event_id, "\r\n".join(moved))

    def remove(self, event_id: str) -> None:
        """See CalendarPeer."""
        self._server.delete(event_id)

    def stored(self) -> int:
        """See CalendarPeer."""
        return self._server.get(self.calendar_id).count("BEGIN:VEVENT")


@dataclass
class GooglePeer:
    """Over the stand-in for Google."""

    cloud: Cloud
    origin: str
    calendar_id: str = "meister@example.com"

    def __post_init__(self) -> None:
        self.kept: list[Secret] = []
        self.account = cloud_accounts(self.origin).open("google", cloud_secret(self.cloud), self.kept.append)

    def add(self, start: Moment, end: Moment, *, free: bool = False) -> str:
        """See CalendarPeer."""
        fields: dict[str, Any] = {"start": _google(start), "end": _google(end), "summary": "Zahnarzt"}
        if free:
            fields["transparency"] = "transparent"
        return self._change(uuid4().hex, **fields)

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """See CalendarPeer."""
        self._change(event_id, start=_google(start), end=_google(end))

    def remove(self, event_id: str) -> None:
        """See CalendarPeer."""
        self._change(event_id, status="cancelled")

    def stored(self) -> int:
        """See CalendarPeer."""
        return sum(event["status"] != "cancelled" for event in self.cloud.google_events.values())

    def _change(self, event_id: str, **fields: Any) -> str:
        version = self.cloud.now()
        before = self.cloud.google_events.get(event_id, {"id": event_id, "status": "confirmed"})
        self.cloud.google_events[event_id] = {**before, **fields, "etag": f'"{version}"', "version": version}
        return event_id


@dataclass
class MicrosoftPeer:
    """Over the stand-in for Microsoft."""

    cloud: Cloud
    origin: str
    calendar_id: str = "AAMk-1"

    def __post_init__(self) -> None:
        self.kept: list[Secret] = []
        accounts = cloud_accounts(self.origin)
        self.account = accounts.open("microsoft", cloud_secret(self.cloud), self.kept.append)

    def add(self, start: Moment, end: Moment, *, free: bool = False) -> str:
        """See CalendarPeer."""
        return self._change(
            f"AAMk-{uuid4().hex}",
            start=_graph(start),
            end=_graph(end),
            isAllDay=not isinstance(start, datetime),
            showAs="free" if free else "busy",
            subject="Zahnarzt",
        )

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """See CalendarPeer."""
        self._change(event_id, start=_graph(start), end=_graph(end))

    def remove(self, event_id: str) -> None:
        """See CalendarPeer."""
        self._change(event_id, gone=True)

    def stored(self) -> int:
        """See CalendarPeer."""
        return sum(not event.get("gone") for event in self.cloud.microsoft_events.values())

    def _change(self, event_id: str, **fields: Any) -> str:
        version = self.cloud.now()
        before = self.cloud.microsoft_events.get(event_id, {"id": event_id, "type": "singleInstance"})
        stored = {**before, **fields, "@odata.etag": f'W/"{version}"', "version": version}
        self.cloud.microsoft_events[event_id] = stored
        return event_id


def cloud_accounts(origin: str) -> Accounts:
    """Accounts that ask the stand-ins instead of Google and Microsoft."""

    def provider(api: str) -> Provider:
        return Provider(
            CLIENT_ID, CLIENT_SECRET, f"{origin}/{api}", f"{origin}/{api}/consent", f"{origin}/token"
        )

    return Accounts(
        public_url="http://localhost:3000",
        google_app=provider("google"),
        microsoft_app=provider("graph"),
        private_hosts=True,
    )


def cloud_secret(cloud: Cloud) -> Secret:
    """Tokens that are good for an hour."""
    expires = int(datetime.now(UTC).timestamp()) + 3600
    return {
        "access_token": cloud.access_token,
        "refresh_token": cloud.refresh_token,
        "expires": expires,
    }


def _ical(moment: Moment) -> str:
    if isinstance(moment, datetime):
        return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";VALUE=DATE:{moment:%Y%m%d}"


def _google(moment: Moment) -> dict[str, str]:
    if isinstance(moment, datetime):
        return {"dateTime": moment.isoformat()}
    return {"date": moment.isoformat()}


def _graph(moment: Moment) -> dict[str, str]:
    instant = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return {"dateTime": f"{instant:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}
