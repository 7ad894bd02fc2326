"""CalDAV (RFC 4791) with WebDAV sync (RFC 6578): Apple, Nextcloud, Radicale and others.

Over httpx, which bounds an answer in time, size and place; the ``caldav`` library does not (docs/adr/0010).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import httpx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from icalendar import Calendar, Event, vText

from carbot_app.adapters.calendars.http import Wire, same_site
from carbot_app.adapters.calendars.spans import busy_spans, ends_of
from carbot_app.domains.calendars.ports import (
    CalendarChoice,
    CalendarRevoked,
    CalendarUnavailable,
    Changes,
    EventChanged,
    OwnEvent,
    RemoteEvent,
    Secret,
    Span,
    Window,
    Written,
)

_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_XML = {"content-type": "application/xml; charset=utf-8"}
_TOKEN_REFUSED = (400, 403, 404, 409, 410, 412, 501, 507)
_BATCH = 50
_OWN = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@carbot")


class CalDavCalendar:
    """An account by ``address``, ``user`` and ``password``; ids of events are the paths of their files."""

    def __init__(self, secret: Secret, *, private_hosts: bool = False, seconds: float | None = None) -> None:
        self._address = str(secret["address"])
        auth = httpx.BasicAuth(str(secret["user"]), str(secret["password"]))
        limit = {"seconds": seconds} if seconds else {}
        self._wire = Wire(auth=auth, private_hosts=private_hosts, **limit)

    def list_calendars(self) -> list[CalendarChoice]:
        """See RemoteCalendar."""
        home = self._home()
        wanted = "<d:displayname/><d:resourcetype/><c:supported-calendar-component-set/>"
        found = []
        for url, props, _ in self._propfind(home, wanted, depth=1):
            kind = props.get(f"{_DAV}resourcetype")
            if kind is None or kind.find(f"{_CAL}calendar") is None or not _takes_events(props):
                continue
            name = _text(props.get(f"{_DAV}displayname")) or unquote(url.rstrip("/").rsplit("/", 1)[-1])
            found.append(CalendarChoice(id=url, name=name))
        return found

    def list_changes(self, calendar_id: str, token: str, window: Window) -> Changes:
        """See RemoteCalendar."""
        if token and (changes := self._since(calendar_id, token, window)):
            return changes
        # The token first: what changes meanwhile is then told again instead of never.
        new_token = ""
        for _, props, _ in self._propfind(calendar_id, "<d:sync-token/>", depth=0):
            new_token = _text(props.get(f"{_DAV}sync-token"))
        span = f'start="{window.starts_at:%Y%m%dT%H%M%SZ}" end="{window.ends_at:%Y%m%dT%H%M%SZ}"'
        answer = self._report(
            calendar_id,
            f"<c:calendar-query {_SPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop><c:filter>"
            f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range {span}/>'
            "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>",
        )
        return Changes(tuple(self._events(answer, calendar_id, window)), (), new_token, is_full=True)

    def put_event(self, calendar_id: str, event: OwnEvent, known: Written | None) -> Written:
        """See RemoteCalendar."""
        url = known.id if known else urljoin(_folder(calendar_id), f"{event.appointment_id}.ics")
        condition = _condition(known)
        answer = self._wire.ask(
            "PUT",
            url,
            content=_file(event),
            headers={"content-type": "text/calendar; charset=utf-8", **condition},
            allow=(404, 410),
        )
        if answer.status_code in (404, 410):
            # Gone there, or the whole calendar is: only the calendar can tell.
            self._propfind(calendar_id, "<d:resourcetype/>", depth=0)
            raise EventChanged("event is gone")
        etag = answer.headers.get("etag", "")
        return Written(url, etag if _is_strong(etag) else self._etag(url))

    def delete_event(self, calendar_id: str, known: Written) -> None:
        """See RemoteCalendar."""
        self._wire.ask("DELETE", known.id, allow=(404, 410))

    def close(self) -> None:
        """See RemoteCalendar."""
        self._wire.close()

    def _home(self) -> str:
        """The folder of the account's calendars, or the address itself when it is a calendar."""
        principal = ""
        for address in dict.fromkeys((self._address, urljoin(self._address, "/.well-known/caldav"))):
            try:
                found = self._propfind(address, "<d:current-user-principal/><d:resourcetype/>", depth=0)
            except (CalendarUnavailable, EventChanged, _NotThere):
                continue
            for url, props, _ in found:
                kind = props.get(f"{_DAV}resourcetype")
                if kind is not None and kind.find(f"{_CAL}calendar") is not None:
                    return url
                principal = principal or self._link(address, props.get(f"{_DAV}current-user-principal"))
        if not principal:
            self._propfind(self._address, "<d:current-user-principal/>", depth=0)
            raise CalendarUnavailable("no CalDAV at this address")
        for url, props, _ in self._propfind(principal, "<c:calendar-home-set/>", depth=0):
            if home := self._link(url, props.get(f"{_CAL}calendar-home-set")):
                return home
        raise CalendarUnavailable("account has no calendars")

    def _link(self, base: str, prop: Element | None) -> str:
        href = prop.find(f"{_DAV}href") if prop is not None else None
        return self._resolve(base, _text(href)) if href is not None and _text(href) else ""

    def _since(self, calendar_id: str, token: str, window: Window) -> Changes | None:
        """None when the server no longer knows the token."""
        answer = self._report(
            calendar_id,
            f"<d:sync-collection {_SPACES}><d:sync-token>{escape(token)}</d:sync-token>"
            "<d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>",
            depth=0,
            allow=_TOKEN_REFUSED,
        )
        if answer.status_code in _TOKEN_REFUSED:
            return None
        root = _parse(answer)
        changed, deleted = [], []
        for url, _, status in self._responses(root, calendar_id):
            if url.rstrip("/") != calendar_id.rstrip("/"):
                (deleted if status in (404, 410) else changed).append(url)
        new_token = _text(root.find(f"{_DAV}sync-token"))
        if not new_token:
            raise CalendarUnavailable("answer without sync token")
        events = [event for urls in _batches(changed) for event in self._fetch(calendar_id, urls, window)]
        known = {event.id for event in events}
        # Deleted between the two questions, or no longer readable: for us it is gone.
        deleted += [url for url in changed if url not in known]
        return Changes(tuple(events), tuple(deleted), new_token, is_full=False)

    def _fetch(self, calendar_id: str, urls: Sequence[str], window: Window) -> Iterator[RemoteEvent]:
        hrefs = "".join(f"<d:href>{escape(urlsplit(url).path)}</d:href>" for url in urls)
        answer = self._report(
            calendar_id,
            f"<c:calendar-multiget {_SPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop>{hrefs}"
            "</c:calendar-multiget>",
        )
        return self._events(answer, calendar_id, window)

    def _events(self, answer: httpx.Response, base: str, window: Window) -> Iterator[RemoteEvent]:
        for url, props, _ in self._responses(_parse(answer), base):
            text = _text(props.get(f"{_CAL}calendar-data"))
            if text:
                yield _event(url, _text(props.get(f"{_DAV}getetag")), text, window)

    def _etag(self, url: str) -> str:
        found = self._propfind(url, "<d:getetag/>", depth=0)
        return next((_text(props.get(f"{_DAV}getetag")) for _, props, _ in found), "")

    def _propfind(self, url: str, props: str, *, depth: int) -> list[tuple[str, dict[str, Element], int]]:
        answer = self._wire.ask(
            "PROPFIND",
            url,
            content=f"<d:propfind {_SPACES}><d:prop>{props}</d:prop></d:propfind>",
            headers={**_XML, "depth": str(depth)},
            allow=(404, 405),
        )
        if answer.status_code in (404, 405):
            raise _NotThere(f"answered {answer.status_code}")
        return list(self._responses(_parse(answer), str(answer.request.url)))

    def _report(self, url: str, body: str, *, depth: int = 1, allow: tuple[int, ...] = ()) -> httpx.Response:
        return self._wire.ask("REPORT", url, content=body, headers={**_XML, "depth": str(depth)}, allow=allow)

    def _responses(self, root: Element, base: str) -> Iterator[tuple[str, dict[str, Element], int]]:
        """(address, properties found, status) of every part of a multi-status answer."""
        for response in root.findall(f"{_DAV}response"):
            href = _text(response.find(f"{_DAV}href"))
            if not href:
                raise CalendarUnavailable("answer without address")
            props = {
                prop.tag: prop
                for part in response.findall(f"{_DAV}propstat")
                if " 2" in _text(part.find(f"{_DAV}status"))
                for prop in part.findall(f"{_DAV}prop/*")
            }
            status = re.search(r" (\d{3})", _text(response.find(f"{_DAV}status")))
            yield self._resolve(base, href), props, int(status[1]) if status else 200

    def _resolve(self, base: str, href: str) -> str:
        url = urljoin(base, quote(href, safe="%/:?&=@!$'()*+,;~-._"))
        if not same_site(self._address, url):
            # The password goes along: never to somebody the server merely names.
            raise CalendarUnavailable("server points elsewhere")
        return url


class _NotThere(CalendarRevoked):
    """There is nothing at this address."""


def _parse(answer: httpx.Response) -> Element:
    try:
        root = fromstring(answer.content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise CalendarUnavailable("answer is not XML") from error
    if root.tag != f"{_DAV}multistatus":
        raise CalendarUnavailable("answer is no multi-status")
    return root


def _event(url: str, etag: str, text: str, window: Window) -> RemoteEvent:
    """A file of the calendar; one that cannot be read blocks nobody and stops nothing."""
    try:
        calendar = Calendar.from_ical(text)
        own = _OWN.fullmatch(str(calendar.walk("VEVENT")[0].get("UID", "")))
        if own:
            start, end = ends_of(calendar.walk("VEVENT")[0], window.zone)
            return RemoteEvent(url, etag, (Span(start, end),), UUID(own[1]))
        return RemoteEvent(url, etag, busy_spans(calendar, window))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        return RemoteEvent(url, etag, ())


def _file(event: OwnEvent) -> bytes:
    entry = Event()
    entry.add("uid", f"{event.appointment_id}@carbot")
    entry.add("dtstamp", event.starts_at)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", vText(event.title))
    entry.add("description", vText(event.text))
    calendar = Calendar()
    calendar.add("prodid", "-//CarBot//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return calendar.to_ical()


def _condition(known: Written | None) -> dict[str, str]:
    if known is None:
        return {"if-none-match": "*"}
    return {"if-match": known.etag} if _is_strong(known.etag) else {}


def _is_strong(etag: str) -> bool:
    """Only such a version can be a condition (RFC 9110 13.1.1); some servers weaken it in answers to PUT."""
    return bool(etag) and not etag.startswith("W/")


def _takes_events(props: dict[str, Any]) -> bool:
    kinds = props.get(f"{_CAL}supported-calendar-component-set")
    return kinds is None or any(kind.get("name", "").upper() == "VEVENT" for kind in kinds)


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _batches(urls: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(urls), _BATCH):
        yield urls[start : start + _BATCH]
