"""A mailbox through IMAP4rev1 (RFC 3501) with IDLE (RFC 2177)."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from socket import socket
from threading import Event
from typing import Any

from imap_tools import A, U
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.idle import get_socket_poller
from imap_tools.mailbox import BaseMailBox

from carbot_app.adapters.mail.connecting import TLS_FROM_THE_START, Network
from carbot_app.domains.mailbox.ports import (
    Folder,
    MailboxError,
    MailboxInsecure,
    MailboxRefused,
    MailHead,
    ServerLogin,
)

INBOX = "INBOX"
SLICE_SECONDS = 1.0
"""How long a request to stop may go unheard."""
POLL_SECONDS = 30.0
"""For servers without IDLE."""
_HEADS_AT_ONCE = 500
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_LATER = ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "[SERVERBUG]", "Too many")
"""Refusals that say nothing about the password."""


class ImapMailbox:
    """One connection, signed in."""

    def __init__(self, login: ServerLogin, network: Network) -> None:
        """Raises MailboxError's children."""
        self._idles = False
        with _as_ours():
            self._box = _PinnedBox(login, network)
        try:
            with _as_ours():
                self._box.login(login.user, login.password, initial_folder=None)
                self._idles = b"IDLE" in self._box.client.capability()[1][0].upper().split()
        except MailboxError:
            self._box.client.shutdown()
            raise

    def open(self) -> Folder:
        """See RemoteMailbox."""
        with _as_ours():
            self._box.folder.set(INBOX, readonly=True)
            status = self._box.folder.status(INBOX, ["UIDVALIDITY", "UIDNEXT"])
            self._forget_news()
            return Folder(int(status["UIDVALIDITY"]), int(status["UIDNEXT"]))

    def list_after(self, uid: int, *, since: date | None = None) -> Sequence[MailHead]:
        """See RemoteMailbox."""
        with _as_ours():
            self._box.client.noop()  # only now the server shows what came meanwhile
            self._forget_news()
            wanted = A(uid=U(str(uid + 1), "*")) if since is None else A(date_gte=since)
            uids = sorted(int(one) for one in self._box.uids(wanted))
            new = [one for one in uids if one > uid]  # of an empty range servers give the last mail
            chunks = [new[at : at + _HEADS_AT_ONCE] for at in range(0, len(new), _HEADS_AT_ONCE)]
            return [head for chunk in chunks for head in self._heads(chunk)]

    def fetch(self, uid: int, max_bytes: int) -> bytes:
        """See RemoteMailbox."""
        with _as_ours():
            answer = self._ask(str(uid), f"(BODY.PEEK[]<0.{max_bytes}>)")
            return next((bytes(one[1]) for one in answer if isinstance(one, tuple)), b"")

    def wait(self, seconds: float, stop: Event) -> None:
        """See RemoteMailbox."""
        with _as_ours():
            if self._forget_news():
                return  # told while we were listing
            if not self._idles:
                stop.wait(min(seconds, POLL_SECONDS))
                self._box.client.noop()
                return
            if self._start_idle():
                self._box.idle.stop()
                return
            ends = time.monotonic() + seconds
            while not stop.is_set() and time.monotonic() < ends:
                lines, is_readable = self._hear(SLICE_SECONDS)
                # Readable and yet nothing to read: it has gone, which the end of IDLE will show.
                if (is_readable and not lines) or any(b"EXISTS" in line for line in lines):
                    break
            self._box.idle.stop()

    def close(self) -> None:
        """See RemoteMailbox."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._box.client.logout()

    def _start_idle(self) -> bool:
        """Whether the server told of new mails while IDLE began.

        Such lines come before its go-ahead or in the same packet: imap-tools takes the first for a refusal
        and waits at the socket for the second, which has long been read.
        """
        client = self._box.client
        tag = client._command("IDLE")
        self._box.idle._idle_tag = tag
        while client._get_response():
            if client.tagged_commands[tag]:
                raise MailboxError("IDLE refused")
        told = [line for line in self._lines_ahead() if b"EXISTS" in line]
        return self._forget_news() or bool(told)

    def _hear(self, seconds: float) -> tuple[list[bytes], bool]:
        """What the server said within the time, and whether anything came at all."""
        lines = self._lines_ahead()
        is_readable = not lines and bool(get_socket_poller(self._box.client.sock, seconds))  # type: ignore[arg-type]
        return (self._lines_ahead() if is_readable else lines), is_readable

    def _lines_ahead(self) -> list[bytes]:
        """Lines that have come, read without waiting for one: only a line that has begun is waited for."""
        lines: list[bytes] = []
        while self._has_begun():
            lines.append(self._box.client._get_line())
        return lines

    def _has_begun(self) -> bool:
        client = self._box.client
        reader: Any = vars(client).get("_file") or client.file  # the name differs between Python's versions
        timeout = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return bool(reader.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            client.sock.settimeout(timeout)

    def _forget_news(self) -> bool:
        """Whether the server had said beside an answer that there are new mails."""
        return self._box.client.untagged_responses.pop("EXISTS", None) is not None

    def _heads(self, uids: list[int]) -> Iterator[MailHead]:
        numbers = ",".join(str(one) for one in uids)
        found: dict[int, MailHead] = {}
        for one in self._ask(numbers, "(RFC822.SIZE INTERNALDATE)"):
            line = one if isinstance(one, bytes) else b" ".join(part for part in one or () if part)
            uid, size = _UID.search(line), _SIZE.search(line)
            if uid and size:
                found[int(uid[1])] = MailHead(int(uid[1]), int(size[1]), _arrival(line))
        return (found[uid] for uid in uids if uid in found)

    def _ask(self, uids: str, items: str) -> list[Any]:
        kind, answer = self._box.client.uid("fetch", uids, items)
        if kind != "OK":
            raise MailboxError("fetch refused")
        return [one for one in answer if one is not None]


class _PinnedBox(BaseMailBox):
    """imap-tools over a connection of ours."""

    def __init__(self, login: ServerLogin, network: Network) -> None:
        self._login, self._network = login, network
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        host, port = self._login.host, self._login.port
        plain = self._network.connect(host, port)
        if port in TLS_FROM_THE_START:
            return _Client(self._network.wrap(plain, host))
        client = _Client(plain)
        if "STARTTLS" not in client.capabilities:
            client.shutdown()
            raise MailboxInsecure("no STARTTLS")
        client.host = host  # what the certificate has to be for
        client.starttls(self._network.tls)
        return client


class _Client(imaplib.IMAP4):
    def __init__(self, connected: socket) -> None:
        self._connected = connected
        super().__init__()

    def _create_socket(self, timeout: float | None) -> socket:
        return self._connected


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except MailboxLoginError as error:
        said = str(error)
        if any(word in said for word in _LATER):
            raise MailboxError("signing in refused for now") from error
        raise MailboxRefused("signing in refused") from error
    except ssl.SSLError as error:
        raise MailboxInsecure(type(error).__name__) from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        raise MailboxError(type(error).__name__) from error


def _arrival(line: bytes) -> datetime:
    at = imaplib.Internaldate2tuple(line)
    return datetime.fromtimestamp(time.mktime(at), UTC) if at else datetime.now(UTC)
