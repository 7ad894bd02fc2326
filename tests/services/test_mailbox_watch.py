"""A mailbox on a real server: connected, watched by one process, followed through troubles."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.mailbox.schemas import MailboxLogin
from carbot_app.domains.mailbox.service import MailboxService
from carbot_app.domains.mailbox.watching import CLAIM, LONGEST_PAUSE, REFUSALS, WAIT_SECONDS
from carbot_app.jobs.mailboxes import MailboxWatcher
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid
from tests.factories import staff_of
from tests.factories.letters import WORKSHOP, letter
from tests.peers.imap_server import PASSWORD, Certificate, ImapServer, Pymap
from tests.peers.mailbox import Mailbox, open_submission
from tests.services.mailboxes import MailDesk, open_mail_desk


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(certificate: Certificate, tmp_path: Path) -> Iterator[ImapServer]:
    with Pymap(tmp_path, certificate) as server:
        yield server


@pytest.fixture
def submission(certificate: Certificate) -> Iterator[Mailbox]:
    with open_submission(certificate) as mailbox:
        yield mailbox


@pytest.fixture
def mails(database: Database, clock: ManualClock, tmp_path: Path, certificate: Certificate) -> MailDesk:
    return open_mail_desk(database, clock, tmp_path, certificate=certificate)


@pytest.fixture
def connected(mails: MailDesk, server: ImapServer, submission: Mailbox) -> MailDesk:
    server.deliver(letter("Vor der Verbindung", message_id="<0@x>").as_bytes())
    mails.connect(server.address, submission.url)
    return mails


def wait_for(condition: Callable[[], object], seconds: float = 15) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def texts(mails: MailDesk) -> list[str]:
    return [message.text for message in mails.inbound.messages]


def is_checked(mails: MailDesk) -> bool:
    mailbox = mails.mailbox()
    return mailbox is not None and mailbox.checked_at is not None


def test_only_mails_after_the_connection_are_taken_in_as_soon_as_the_server_calls(
    connected: MailDesk, server: ImapServer
) -> None:
    with connected.hold():
        wait_for(lambda: is_checked(connected))
        server.deliver(letter("Neu").as_bytes())
        wait_for(lambda: texts(connected), seconds=WAIT_SECONDS / 2)
    assert texts(connected) == ["Neu"]
    assert connected.service.overview(connected.owner).taken == 1


def test_what_comes_between_the_connection_and_the_first_look_is_taken_in(
    connected: MailDesk, server: ImapServer
) -> None:
    server.deliver(letter("Gleich danach").as_bytes())
    with connected.hold():
        wait_for(lambda: texts(connected))
    assert texts(connected) == ["Gleich danach"]


def test_what_came_while_nobody_was_watching_is_taken_in_once(
    connected: MailDesk, server: ImapServer
) -> None:
    with connected.hold():
        wait_for(lambda: is_checked(connected))
    server.deliver(*(letter(f"{n}", message_id=f"<{n}@x>").as_bytes() for n in range(3)))
    with connected.hold():
        wait_for(lambda: len(texts(connected)) == 3)
    with connected.hold():
        time.sleep(1)
    assert texts(connected) == ["0", "1", "2"]


def test_a_mailbox_is_held_once_and_taken_over_when_its_holder_died(connected: MailDesk) -> None:
    mailbox = connected.mailbox()
    assert mailbox is not None
    with connected.hold():
        wait_for(lambda: is_checked(connected))
        assert not connected.watch.hold(connected.workshop.id, mailbox.id, Event())
        assert connected.watch.list_due() == []
        connected.clock.advance(CLAIM + timedelta(seconds=1))
        assert len(connected.watch.list_due()) == 1


def test_a_mailbox_that_was_made_anew_is_gone_through_by_time_and_nothing_comes_twice(
    connected: MailDesk, server: ImapServer
) -> None:
    first, second = letter("eins", message_id="<1@x>"), letter("zwei", message_id="<2@x>")
    with connected.hold():
        wait_for(lambda: is_checked(connected))
        server.deliver(first.as_bytes())
        wait_for(lambda: texts(connected))
    server.stop()
    time.sleep(1.1)  # UIDVALIDITY is the second of the start
    server.start()
    server.deliver(first.as_bytes(), second.as_bytes())
    with connected.hold():
        wait_for(lambda: len(texts(connected)) == 2)
    assert texts(connected) == ["eins", "zwei"]


def test_a_server_that_is_down_is_tried_again_with_growing_pauses(
    connected: MailDesk, server: ImapServer
) -> None:
    server.stop()
    pauses = []
    for _ in range(9):
        with connected.hold():
            pass
        mailbox = connected.mailbox()
        assert mailbox is not None
        pauses.append(mailbox.next_at - connected.clock())
        connected.clock.advance(pauses[-1])
    assert pauses == sorted(pauses)
    assert (pauses[0] < timedelta(minutes=1), pauses[-1]) == (True, LONGEST_PAUSE)
    view = connected.service.overview(connected.owner).mailbox
    assert view is not None
    assert (view.state, view.error) == ("failing", "unavailable")
    server.start()
    connected.service.try_again(connected.owner)
    with connected.hold():
        wait_for(lambda: is_checked(connected))
    view = connected.service.overview(connected.owner).mailbox
    assert view is not None
    assert (view.state, view.error) == ("ok", "")


def test_a_password_that_no_longer_works_is_given_up_and_a_new_one_helps(
    mails: MailDesk, server: ImapServer, submission: Mailbox
) -> None:
    mails.connect(server.address, submission.url)
    with mails.database.writing(mails.workshop.id) as session:
        mailbox = mails.mailbox()
        assert mailbox is not None
        mailbox.secret = "sealed by another key"
        session.add(mailbox)
    for _ in range(REFUSALS):
        with mails.hold():
            pass
        mails.clock.advance(LONGEST_PAUSE)
    view = mails.service.overview(mails.owner).mailbox
    assert view is not None
    assert (view.state, view.error, mails.watch.list_due()) == ("revoked", "refused", [])
    mails.connect(server.address, submission.url)
    with mails.hold():
        wait_for(lambda: is_checked(mails))


def test_a_kept_mail_is_fetched_again_when_a_person_wants_it(connected: MailDesk, server: ImapServer) -> None:
    with connected.hold():
        wait_for(lambda: is_checked(connected))
        server.deliver(letter("Doch ein Kunde", list_unsubscribe="<https://x.example>").as_bytes())
        wait_for(connected.received)
    (kept,) = connected.service.overview(connected.owner).kept
    connected.service.take_in(connected.owner, kept.id)
    assert texts(connected) == ["Doch ein Kunde"]
    assert connected.service.overview(connected.owner).kept == ()
    with pytest.raises(Conflict, match="mail_not_waiting"):
        connected.service.take_in(connected.owner, kept.id)


def test_a_kept_mail_that_was_deleted_on_its_server_is_said_to_be_gone(
    connected: MailDesk, server: ImapServer
) -> None:
    with connected.hold():
        wait_for(lambda: is_checked(connected))
        server.deliver(letter(precedence="bulk").as_bytes())
        wait_for(connected.received)
    server.delete_all()
    (kept,) = connected.service.overview(connected.owner).kept
    with pytest.raises(Conflict, match="mail_gone"):
        connected.service.take_in(connected.owner, kept.id)


def test_a_disconnected_mailbox_is_let_go_and_forgotten(connected: MailDesk) -> None:
    with connected.hold():
        wait_for(lambda: is_checked(connected))
        connected.service.disconnect(connected.owner)
        connected.service.disconnect(connected.owner)
    assert (connected.mailbox(), connected.watch.list_due()) == (None, [])


def test_the_threads_of_a_process_hold_what_is_due_and_end_when_told(
    connected: MailDesk, server: ImapServer
) -> None:
    watcher = MailboxWatcher(connected.watch)
    watcher.start()
    wait_for(lambda: is_checked(connected))
    server.deliver(letter("Neu").as_bytes())
    wait_for(lambda: texts(connected) == ["Neu"])
    watcher.stop()
    mailbox = connected.mailbox()
    assert mailbox is not None
    assert mailbox.claimed_until is None


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"address": "kein"}, "mailbox_address_invalid", "address"),
        ({"password": ""}, "mailbox_password_missing", "password"),
        ({"password": "falsch"}, "mailbox_refused", "password"),
        ({"incoming": "http://x"}, "mailbox_server_invalid", "incoming"),
        ({"incoming": "localhost:0"}, "mailbox_server_invalid", "incoming"),
        ({"incoming": "localhost:9"}, "mailbox_unreachable", "incoming"),
        ({"outgoing": "a b"}, "mailbox_server_invalid", "outgoing"),
        ({"outgoing": "localhost:9"}, "outgoing_unreachable", "outgoing"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_before_it_is_kept(
    mails: MailDesk,
    server: ImapServer,
    submission: Mailbox,
    change: dict[str, str],
    code: str,
    field: str,
) -> None:
    right = {
        "address": WORKSHOP,
        "password": PASSWORD,
        "incoming": server.address,
        "outgoing": submission.url,
    }
    with pytest.raises(Invalid) as caught:
        mails.service.connect(mails.owner, MailboxLogin(**{**right, **change}))
    assert (caught.value.code, caught.value.field) == (code, field)
    assert mails.mailbox() is None


def test_only_ports_for_mail_and_only_owners(mails: MailDesk, tmp_path: Path) -> None:
    strict = MailboxService(
        db=mails.database,
        clock=mails.clock,
        servers=mails.service._servers,
        vault=mails.service._vault,
        intake=mails.intake,
    )
    with pytest.raises(Invalid, match="mailbox_server_invalid"):
        strict.connect(mails.owner, MailboxLogin(WORKSHOP, PASSWORD, incoming="localhost:5432"))
    with pytest.raises(Forbidden):
        strict.connect(staff_of(mails.workshop, "front_desk"), MailboxLogin(WORKSHOP, PASSWORD))


def test_the_password_is_sealed(connected: MailDesk) -> None:
    mailbox = connected.mailbox()
    assert mailbox is not None
    assert PASSWORD not in mailbox.secret
    assert PASSWORD not in repr(connected.service.overview(connected.owner))
