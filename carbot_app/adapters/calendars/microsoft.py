"""Microsoft Graph v1.0 calendars (learn.microsoft.com/graph/api/resources/calendar, event-delta)."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from carbot_app.adapters.calendars.http import json_of, rows_of, same_site, written_of
from carbot_app.adapters.calendars.oauth import Access
from carbot_app.adapters.calendars.spans import cut, instant_of
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

API_URL = "https://graph.microsoft.com/v1.0"
CONSENT_URL = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
TOKEN_URL = "https://login.microsoftonline.com/common/oauth2/v2.0/token"  # noqa: S105
SCOPE = "offline_access Calendars.ReadWrite"
_ETAG = "@odata.etag"
_MAX_PAGES = 200
_IN_UTC = {"prefer": 'outlook.timezone="UTC", odata.maxpagesize=200'}
_OF_THE_SERIES = ("showAs", "isAllDay")
_FREE = {"free", "workingElsewhere"}


class MicrosoftCalendar:
    """An account; the token of changes is the whole delta link, which carries the window."""

    def __init__(self, access: Access, *, api_url: str = "") -> None:
        self._access = access
        self._api = (api_url or API_URL).rstrip("/")

    def list_calendars(self) -> list[CalendarChoice]:
        """See RemoteCalendar."""
        found = json_of(self._access.ask("GET", f"{self._api}/me/calendars", params={"$top": "100"}))
        return [
            CalendarChoice(str(item["id"]), str(item.get("name", "")), bool(item.get("isDefaultCalendar")))
            for item in rows_of(found, "value")
            if item.get("canEdit", True)
        ]

    def list_changes(self, calendar_id: str, token: str, window: Window) -> Changes:
        """See RemoteCalendar."""
        url = token or (
            f"{self._api}/me/calendars/{quote(calendar_id, safe='')}/calendarView/delta"
            f"?startDateTime={window.starts_at:%Y-%m-%dT%H:%M:%SZ}&endDateTime={window.ends_at:%Y-%m-%dT%H:%M:%SZ}"
        )
        items: list[dict[str, Any]] = []
        for _ in range(_MAX_PAGES):
            if not same_site(self._api, url):
                raise CalendarUnavailable("server points elsewhere")
            answer = self._access.ask("GET", url, headers=_IN_UTC, allow=(400, 410))
            if answer.status_code in (400, 410):
                if not token:
                    raise CalendarUnavailable("full synchronisation refused")
                return self.list_changes(calendar_id, "", window)
            found = json_of(answer)
            items += rows_of(found, "value")
            if "@odata.deltaLink" in found:
                return _changes(items, str(found["@odata.deltaLink"]), window, is_full=not token)
            url = str(found.get("@odata.nextLink", ""))
        raise CalendarUnavailable("too many pages")

    def put_event(self, calendar_id: str, event: OwnEvent, known: Written | None) -> Written:
        """See RemoteCalendar; ``transactionId`` keeps a repeated POST from making a second event."""
        body = _body(event)
        if known is None:
            mark = {"transactionId": f"{event.appointment_id}:{event.revision}"}
            url = f"{self._api}/me/calendars/{quote(calendar_id, safe='')}/events"
            return written_of(json_of(self._access.ask("POST", url, json={**body, **mark})), etag=_ETAG)
        condition = {"if-match": known.etag} if known.etag else {}
        answer = self._access.ask(
            "PATCH", self._event(known.id), json=body, headers=condition, allow=(404, 410)
        )
        if answer.status_code in (404, 410):
            raise EventChanged("event is gone")
        return written_of(json_of(answer), etag=_ETAG)

    def delete_event(self, calendar_id: str, known: Written) -> None:
        """See RemoteCalendar."""
        self._access.ask("DELETE", self._event(known.id), allow=(404, 410))

    def close(self) -> None:
        """See RemoteCalendar."""
        self._access.close()

    def _event(self, event_id: str) -> str:
        return f"{self._api}/me/events/{quote(event_id, safe='')}"


def _changes(items: list[dict[str, Any]], token: str, window: Window, *, is_full: bool) -> Changes:
    """The last word on each event; occurrences say only what differs from the series they belong to."""
    series = {str(item["id"]): item for item in items if item.get("type") == "seriesMaster"}
    events: dict[str, RemoteEvent] = {}
    gone: dict[str, None] = {}
    for item in items:
        event_id = str(item["id"])
        if "@removed" in item or item.get("isCancelled"):
            gone[event_id] = None
            events.pop(event_id, None)
        elif event_id not in series:
            master = series.get(str(item.get("seriesMasterId")), {})
            shared = {name: master[name] for name in _OF_THE_SERIES if name in master}
            events[event_id] = _event({**shared, **item}, window)
            gone.pop(event_id, None)
    return Changes(tuple(events.values()), tuple(gone), token, is_full)


def _event(item: dict[str, Any], window: Window) -> RemoteEvent:
    event_id, etag = str(item["id"]), str(item.get("@odata.etag", ""))
    try:
        start, end = (_instant(item, item[name], window) for name in ("start", "end"))
    except (KeyError, ValueError, TypeError):
        return RemoteEvent(event_id, etag, ())
    try:
        own = UUID(str(item.get("transactionId") or "").partition(":")[0])
    except ValueError:
        blocks = item.get("showAs", "busy") not in _FREE
        return RemoteEvent(event_id, etag, cut(start, end, window) if blocks else ())
    return RemoteEvent(event_id, etag, (Span(start, end),), own)


def _instant(item: dict[str, Any], moment: dict[str, Any], window: Window) -> datetime:
    text = str(moment["dateTime"])[:19]  # seven digits behind the seconds are more than Python reads
    value = datetime.fromisoformat(text)
    if item.get("isAllDay"):
        return instant_of(value.date(), window.zone)
    return value.replace(tzinfo=UTC)


def _body(event: OwnEvent) -> dict[str, Any]:
    return {
        "subject": event.title,
        "body": {"contentType": "text", "content": event.text},
        "start": {"dateTime": f"{event.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"},
        "end": {"dateTime": f"{event.ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"},
        "showAs": "busy",
        "isReminderOn": False,
    }
