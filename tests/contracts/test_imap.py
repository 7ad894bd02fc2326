"""The mailbox port against real IMAP servers with IDLE: pymap everywhere, Dovecot where it is installed."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from carbot_app.adapters.mail.connecting import Network
from carbot_app.adapters.mail.servers import ImapSmtpServers
from carbot_app.domains.mailbox.ports import (
    MailboxError,
    MailboxInsecure,
    MailboxRefused,
    RemoteMailbox,
    ServerLogin,
)
from tests.factories.letters import letter
from tests.peers.imap_server import PASSWORD, USER, Certificate, Dovecot, ImapServer, Pymap

NEVER = threading.Event()


@pytest.fixture(params=[Pymap, Dovecot], ids=lambda kind: kind.name)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ImapServer]:
    if request.param is Dovecot and not Dovecot.is_here():
        pytest.skip("NOT RUN: no Dovecot, or not root (apt install dovecot-imapd); pymap ran instead")
    with request.param(tmp_path / "imap", Certificate(tmp_path / "tls")) as server:
        yield server


@pytest.fixture
def servers(server: ImapServer) -> ImapSmtpServers:
    return ImapSmtpServers(Network(private_hosts=True, tls=server.certificate.trust))


@pytest.fixture
def login(server: ImapServer) -> ServerLogin:
    return ServerLogin("localhost", server.port, USER, PASSWORD)


@pytest.fixture
def inbox(servers: ImapSmtpServers, login: ServerLogin) -> Iterator[RemoteMailbox]:
    inbox = servers.open_inbox(login)
    yield inbox
    inbox.close()


def wait_and_list(inbox: RemoteMailbox) -> None:
    inbox.wait(30, NEVER)
    inbox.list_after(0)


def test_new_mails_are_listed_in_order_with_size_and_time_and_read_whole(
    server: ImapServer, inbox: RemoteMailbox
) -> None:
    folder = inbox.open()
    assert (folder.uid_validity > 0, list(inbox.list_after(folder.next_uid - 1))) == (True, [])
    first, second = letter("eins").as_bytes(), letter("zwei, Grüße").as_bytes()
    server.deliver(first, second)
    heads = inbox.list_after(folder.next_uid - 1)
    assert [head.uid for head in heads] == [folder.next_uid, folder.next_uid + 1]
    assert all(abs(head.arrived_at - datetime.now(UTC)) < timedelta(minutes=2) for head in heads)
    assert all(head.size >= len(first) for head in heads)
    fetched = inbox.fetch(heads[1].uid, 1_000_000)
    assert fetched.replace(b"\r\n", b"\n") == second.replace(b"\r\n", b"\n")
    assert inbox.list_after(heads[1].uid) == []


def test_only_the_beginning_of_a_large_mail_is_fetched(server: ImapServer, inbox: RemoteMailbox) -> None:
    folder = inbox.open()
    server.deliver(letter("groß", files=(("video.mp4", b"\x00" * 3_000_000),)).as_bytes())
    (head,) = inbox.list_after(folder.next_uid - 1)
    assert (head.size > 3_000_000, len(inbox.fetch(head.uid, 2_000))) == (True, 2_000)


def test_reading_marks_nothing_as_seen(server: ImapServer, inbox: RemoteMailbox) -> None:
    folder = inbox.open()
    server.deliver(letter().as_bytes())
    (head,) = inbox.list_after(folder.next_uid - 1)
    inbox.fetch(head.uid, 1_000_000)
    assert [flag.strip() for flag in server.flags()] == [""]


@pytest.mark.timeout(60)
def test_a_mail_ends_the_wait(server: ImapServer, inbox: RemoteMailbox) -> None:
    folder = inbox.open()
    threading.Timer(0.5, server.deliver, [letter().as_bytes()]).start()
    inbox.wait(600, NEVER)
    assert len(inbox.list_after(folder.next_uid - 1)) == 1


@pytest.mark.timeout(60)
def test_one_told_while_listing_is_not_waited_for(server: ImapServer, inbox: RemoteMailbox) -> None:
    folder = inbox.open()
    inbox.list_after(folder.next_uid - 1)
    server.deliver(letter().as_bytes())
    assert inbox.fetch(folder.next_uid + 5, 10) == b""
    inbox.wait(600, NEVER)


@pytest.mark.timeout(60)
def test_waiting_ends_in_time_and_at_once_when_asked(inbox: RemoteMailbox) -> None:
    inbox.open()
    started = time.monotonic()
    inbox.wait(2, NEVER)
    assert time.monotonic() - started > 1.5
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    inbox.wait(600, stop)


def test_a_mail_that_was_deleted_is_empty(server: ImapServer, inbox: RemoteMailbox) -> None:
    folder = inbox.open()
    server.deliver(letter().as_bytes())
    server.delete_all()
    inbox.open()
    assert inbox.list_after(folder.next_uid - 1) == []
    assert inbox.fetch(folder.next_uid, 1000) == b""


def test_mails_are_found_by_day_when_numbers_mean_nothing(server: ImapServer, inbox: RemoteMailbox) -> None:
    inbox.open()
    server.deliver(letter().as_bytes())
    today = datetime.now(UTC).date()
    assert len(inbox.list_after(0, since=today - timedelta(days=1))) == 1
    assert list(inbox.list_after(0, since=today + timedelta(days=2))) == []


@pytest.mark.timeout(60)
def test_a_server_that_goes_away_ends_the_wait(server: ImapServer, inbox: RemoteMailbox) -> None:
    inbox.open()
    threading.Timer(0.5, server.stop).start()
    with pytest.raises(MailboxError):
        wait_and_list(inbox)


def test_a_wrong_password_is_refused(servers: ImapSmtpServers, server: ImapServer) -> None:
    with pytest.raises(MailboxRefused):
        servers.open_inbox(ServerLogin("localhost", server.port, USER, "falsch"))


def test_a_certificate_nobody_vouches_for_is_refused(server: ImapServer, login: ServerLogin) -> None:
    with pytest.raises(MailboxInsecure):
        ImapSmtpServers(Network(private_hosts=True)).open_inbox(login)


def test_a_server_of_this_machine_is_not_reached_unless_allowed(
    server: ImapServer, login: ServerLogin
) -> None:
    with pytest.raises(MailboxError, match="not allowed"):
        ImapSmtpServers(Network(tls=server.certificate.trust)).open_inbox(login)


@pytest.mark.parametrize(("host", "port"), [("gibt-es-nicht.invalid", 993), ("localhost", 9), ("a..b", 993)])
def test_where_nobody_answers_it_is_worth_another_try(servers: ImapSmtpServers, host: str, port: int) -> None:
    with pytest.raises(MailboxError) as caught:
        servers.open_inbox(ServerLogin(host, port, USER, PASSWORD))
    assert caught.value.code == "unavailable"
