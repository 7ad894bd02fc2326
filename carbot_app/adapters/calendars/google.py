"""Google Calendar API v3 (developers.google.com/workspace/calendar/api/v3/reference)."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from carbot_app.adapters.calendars.http import json_of, rows_of, written_of
from carbot_app.adapters.calendars.oauth import Access
from carbot_app.adapters.calendars.spans import cut, instant_of, zone_named
from carbot_app.domains.calendars.ports import (
    CalendarChoice,
    CalendarUnavailable,
    Changes,
    EventChanged,
    OwnEvent,
    RemoteEvent,
    Span,
    Window,
    Written,
)

API_URL = "https://www.googleapis.com/calendar/v3"
CONSENT_URL = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105
SCOPE = (
    "https://www.googleapis.com/auth/calendar.events"
    " https://www.googleapis.com/auth/calendar.calendarlist.readonly"
)
EXTRA = (("access_type", "offline"), ("prompt", "consent"))
_MAX_PAGES = 50
_PREFIX = "carbot"


class GoogleCalendar:
    """An account; series come as single events, each with an id of its own."""

    def __init__(self, access: Access, *, api_url: str = "") -> None:
        self._access = access
        self._api = (api_url or API_URL).rstrip("/")

    def list_calendars(self) -> list[CalendarChoice]:
        """See RemoteCalendar."""
        query = {"minAccessRole": "writer", "maxResults": "250"}
        found = json_of(self._access.ask("GET", f"{self._api}/users/me/calendarList", params=query))
        return [
            CalendarChoice(str(item["id"]), str(item.get("summary", "")), bool(item.get("primary")))
            for item in rows_of(found, "items")
        ]

    def list_changes(self, calendar_id: str, token: str, window: Window) -> Changes:
        """See RemoteCalendar."""
        since = {"syncToken": token} if token else _bounds(window)
        items: list[dict[str, Any]] = []
        page = ""
        for _ in range(_MAX_PAGES):
            query = {"singleEvents": "true", "maxResults": "2500", **since}
            answer = self._access.ask(
                "GET",
                self._events(calendar_id),
                params={**query, **({"pageToken": page} if page else {})},
                allow=(410,),
            )
            if answer.status_code == 410:
                if not token:
                    raise CalendarUnavailable("full synchronisation refused")
                return self.list_changes(calendar_id, "", window)
            found = json_of(answer)
            items += rows_of(found, "items")
            page = str(found.get("nextPageToken", ""))
            if not page:
                return _changes(items, str(found.get("nextSyncToken", "")), window, is_full=not token)
        raise CalendarUnavailable("too many pages")

    def put_event(self, calendar_id: str, event: OwnEvent, known: Written | None) -> Written:
        """See RemoteCalendar; an event deleted there keeps its id and is brought back under it."""
        body = _body(event)
        if known is None:
            answer = self._access.ask("POST", self._events(calendar_id), json=body, allow=(409,))
            if answer.status_code != 409:
                return written_of(json_of(answer), etag="etag")
            known = self._deleted(calendar_id, str(body["id"]))
        condition = {"if-match": known.etag} if known.etag else {}
        url = self._event(calendar_id, known.id)
        answer = self._access.ask("PUT", url, json=body, headers=condition, allow=(404, 410))
        if answer.status_code in (404, 410):
            raise EventChanged("event is gone")
        return written_of(json_of(answer), etag="etag")

    def delete_event(self, calendar_id: str, known: Written) -> None:
        """See RemoteCalendar."""
        self._access.ask("DELETE", self._event(calendar_id, known.id), allow=(404, 410))

    def close(self) -> None:
        """See RemoteCalendar."""
        self._access.close()

    def _deleted(self, calendar_id: str, event_id: str) -> Written:
        found = json_of(self._access.ask("GET", self._event(calendar_id, event_id)))
        if found.get("status") != "cancelled":
            raise EventChanged("event is there already")
        return written_of(found, etag="etag")

    def _events(self, calendar_id: str) -> str:
        return f"{self._api}/calendars/{quote(calendar_id, safe='')}/events"

    def _event(self, calendar_id: str, event_id: str) -> str:
        return f"{self._events(calendar_id)}/{quote(event_id, safe='')}"


def _bounds(window: Window) -> dict[str, str]:
    return {
        "timeMin": f"{window.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "timeMax": f"{window.ends_at:%Y-%m-%dT%H:%M:%SZ}",
    }


def _changes(items: list[dict[str, Any]], token: str, window: Window, *, is_full: bool) -> Changes:
    there = [item for item in items if item.get("status") != "cancelled"]
    gone = tuple(str(item["id"]) for item in items if item.get("status") == "cancelled")
    return Changes(tuple(_event(item, window) for item in there), gone, token, is_full)


def _event(item: dict[str, Any], window: Window) -> RemoteEvent:
    event_id, etag = str(item["id"]), str(item.get("etag", ""))
    try:
        start, end = (_instant(item[name], window) for name in ("start", "end"))
    except (KeyError, ValueError, TypeError):
        return RemoteEvent(event_id, etag, ())
    own = _own(event_id, item)
    if own:
        return RemoteEvent(event_id, etag, (Span(start, end),), own)
    return RemoteEvent(event_id, etag, cut(start, end, window) if _blocks(item) else ())


def _own(event_id: str, item: dict[str, Any]) -> UUID | None:
    """Whose id we gave it; a copy somebody made has the mark, but not the id."""
    marks = item.get("extendedProperties", {}).get("private", {})
    try:
        appointment_id = UUID(str(marks.get("carbot", "")))
    except ValueError:
        return None
    return appointment_id if event_id == f"{_PREFIX}{appointment_id.hex}" else None


def _instant(moment: dict[str, Any], window: Window) -> datetime:
    if "date" in moment:
        return instant_of(date.fromisoformat(moment["date"]), window.zone)
    zone = zone_named(str(moment.get("timeZone", "")), window.zone)
    return instant_of(datetime.fromisoformat(moment["dateTime"]), zone)


def _blocks(item: dict[str, Any]) -> bool:
    declined = any(
        guest.get("self") and guest.get("responseStatus") == "declined" for guest in item.get("attendees", [])
    )
    return item.get("transparency") != "transparent" and not declined


def _body(event: OwnEvent) -> dict[str, Any]:
    return {
        "id": f"{_PREFIX}{event.appointment_id.hex}",
        "status": "confirmed",
        "summary": event.title,
        "description": event.text,
        "start": {"dateTime": _text(event.starts_at)},
        "end": {"dateTime": _text(event.ends_at)},
        "extendedProperties": {"private": {"carbot": str(event.appointment_id)}},
        "reminders": {"useDefault": False},
    }


def _text(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
