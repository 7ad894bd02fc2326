"""HTTP with calendar servers: bounded in time and size, and what their answers mean."""

import ipaddress
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from carbot_app.adapters.trust import trusted
from carbot_app.domains.calendars.ports import (
    CalendarBusy,
    CalendarRevoked,
    CalendarUnavailable,
    EventChanged,
    Written,
)

STEP_SECONDS = 8.0
"""For connecting and for every piece of an answer."""
WHOLE_SECONDS = 25.0
"""For an answer as a whole: a server that sends a byte now and then would otherwise hold us for ever."""
ACCOUNT_SECONDS = 240.0
"""For everything asked of one account: less than the time a calendar is claimed for."""
MAX_BYTES = 10 * 1024 * 1024
DEFAULT_RETRY_SECONDS = 60
MAX_RETRY_SECONDS = 3600
_QUOTA_WORDS = ("ratelimit", "quotaexceeded", "usagelimits")


class Wire:
    """A client for one account.

    ``private_hosts``: servers on this machine and in this network, also without TLS, may be asked. Otherwise
    an address somebody typed would let them reach what only this machine can reach.
    """

    def __init__(
        self,
        *,
        auth: httpx.Auth | None = None,
        private_hosts: bool = False,
        seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._private_hosts = private_hosts
        self._seconds = seconds
        self._ends = time.monotonic() + ACCOUNT_SECONDS
        self._client = httpx.Client(
            auth=auth,
            verify=trusted(),
            timeout=min(STEP_SECONDS, seconds),
            follow_redirects=True,
            max_redirects=5,
            event_hooks={"request": [self._refuse_private]},
            headers={"user-agent": "CarBot"},
        )

    def ask(self, method: str, url: str, *, allow: tuple[int, ...] = (), **options: Any) -> httpx.Response:
        """The whole answer; a status of an error raises unless it is in ``allow``."""
        started = time.monotonic()
        if started > self._ends:
            raise CalendarUnavailable("account too slow")
        try:
            with self._client.stream(method, url, **options) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MAX_BYTES:
                        raise CalendarUnavailable("answer too large")
                    if time.monotonic() - started > self._seconds:
                        raise CalendarUnavailable("answer too slow")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise CalendarUnavailable(type(error).__name__) from error
        answer = httpx.Response(
            response.status_code,
            headers=[(k, v) for k, v in response.headers.multi_items() if k.lower() not in _BODY_HEADERS],
            content=bytes(body),
            request=response.request,
        )
        if answer.status_code not in allow:
            _raise_for(answer)
        return answer

    def close(self) -> None:
        """Give connections back."""
        self._client.close()

    def _refuse_private(self, request: httpx.Request) -> None:
        if self._private_hosts:
            return
        address = request.url
        if address.scheme != "https" or not _is_public(address.host, address.port or 443):
            raise CalendarUnavailable("address not allowed")


_BODY_HEADERS = {"content-encoding", "content-length", "transfer-encoding"}


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The answer's object. Raises CalendarUnavailable when it is none."""
    try:
        found = response.json()
    except ValueError as error:
        raise CalendarUnavailable("answer is not JSON") from error
    if not isinstance(found, dict):
        raise CalendarUnavailable("answer is no object")
    return found


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to the same owner: same host, or hosts below the same domain."""
    first, second = urlsplit(one), urlsplit(other)
    if first.scheme != second.scheme:
        return False
    hosts = [(address.hostname or "").lower() for address in (first, second)]
    return hosts[0] == hosts[1] or _domain(hosts[0]) == _domain(hosts[1]) != ""


def _domain(host: str) -> str:
    if host.replace(".", "").isdigit() or ":" in host:
        return ""
    parts = host.split(".")
    return ".".join(parts[-2:]) if len(parts) > 2 else ""


def _is_public(host: str, port: int) -> bool:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(str(entry[4][0])).is_global for entry in found)


def _raise_for(response: httpx.Response) -> None:
    status = response.status_code
    if status < 400:
        return
    if status in (429, 503) or (status == 403 and _is_quota(response)):
        if status == 503 and "retry-after" not in response.headers:
            raise CalendarUnavailable("answered 503")
        raise CalendarBusy(_retry_after(response))
    if status in (401, 403, 404):
        raise CalendarRevoked(f"answered {status}")
    if status in (409, 412):
        raise EventChanged(f"answered {status}")
    raise CalendarUnavailable(f"answered {status}")


def _is_quota(response: httpx.Response) -> bool:
    text = response.text[:4000].replace("_", "").lower()
    return any(word in text for word in _QUOTA_WORDS)


def _retry_after(response: httpx.Response) -> int:
    asked = response.headers.get("retry-after", "")
    seconds = int(asked) if asked.isdigit() and len(asked) < 8 else DEFAULT_RETRY_SECONDS
    return max(1, min(seconds, MAX_RETRY_SECONDS))


def rows_of(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of a listing, each with its id; CalendarUnavailable for anything else."""
    rows = found.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
        raise CalendarUnavailable(f"answer without {name}")
    return rows


def written_of(found: dict[str, Any], *, etag: str) -> Written:
    """What a server says it has stored; ``etag``: the name of its version."""
    if not found.get("id"):
        raise CalendarUnavailable("answer without id")
    return Written(str(found["id"]), str(found.get(etag, "")))
