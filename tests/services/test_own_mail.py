"""Mails leave through the workshop's own server, in their thread, and never feed a loop."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Message
from carbot_app.domains.mailbox.sending import AUTOMATIC_LIMIT, REPLY, reply_subject
from carbot_app.domains.messaging.mail_ids import mail_id
from carbot_app.kit.clock import ManualClock
from tests.factories import make_conversation
from tests.factories.letters import CUSTOMER, WORKSHOP, letter
from tests.factories.messaging import make_mail
from tests.factories.saving import save
from tests.peers.imap_server import Certificate, Pymap
from tests.peers.mailbox import Mailbox, open_submission
from tests.services.mailboxes import MailDesk, open_mail_desk


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def submission(certificate: Certificate) -> Iterator[Mailbox]:
    with open_submission(certificate) as mailbox:
        yield mailbox


@pytest.fixture
def mails(
    database: Database, clock: ManualClock, tmp_path: Path, certificate: Certificate, submission: Mailbox
) -> MailDesk:
    desk = open_mail_desk(database, clock, tmp_path, certificate=certificate)
    with Pymap(tmp_path, certificate) as server:
        desk.connect(server.address, submission.url)
    return desk


def reply(mails: MailDesk, author: str = "staff", seq: int = 1) -> str:
    """An answer in a thread waits to leave; its Message-ID."""
    thread = make_conversation(mails.database, mails.workshop)
    said = save(
        mails.database,
        Message(workshop_id=mails.workshop.id, conversation_id=thread.id, seq=seq, author=author, text="Ja."),
    )
    row = make_mail(
        mails.database, mails.workshop, kind=REPLY, to_address=CUSTOMER, subject="", message_id=said.id
    )
    return mail_id(row.id)


def test_an_answer_stays_in_the_thread_of_the_customers_mail_program(
    mails: MailDesk, submission: Mailbox
) -> None:
    mails.arrive(letter(references="<0@example.org>").as_bytes())
    ours = reply(mails)
    assert mails.messaging.send_due() == 1
    (sent,) = submission.messages
    assert (sent["Message-ID"], sent["In-Reply-To"]) == (ours, "<brief-1@example.org>")
    assert sent["References"] == "<0@example.org> <brief-1@example.org>"
    assert (sent["Subject"], sent["To"]) == ("Re: Ölwechsel", CUSTOMER)
    assert WORKSHOP in sent["From"]
    assert sent["Auto-Submitted"] is None


def test_automatic_answers_say_so_and_stop_before_they_become_a_loop(
    mails: MailDesk, submission: Mailbox
) -> None:
    mails.arrive(letter().as_bytes())
    for _ in range(AUTOMATIC_LIMIT + 1):
        reply(mails, "assistant")
        mails.messaging.send_due()
    assert len(submission.messages) == AUTOMATIC_LIMIT
    assert {sent["Auto-Submitted"] for sent in submission.messages} == {"auto-replied"}
    states = [(mail.state, mail.error) for mail in mails.messaging.list_messages(mails.owner)]
    assert states[0] == ("failed", "too many automatic answers")
    reply(mails, "staff")
    assert mails.messaging.send_due() == 1, "people may always answer"
    mails.clock.advance(timedelta(hours=2))
    reply(mails, "assistant")
    assert mails.messaging.send_due() == 1


def test_every_other_mail_leaves_from_the_workshops_address_too(mails: MailDesk, submission: Mailbox) -> None:
    make_mail(mails.database, mails.workshop)
    assert mails.messaging.send_due() == 1
    assert WORKSHOP in submission.messages[0]["From"]
    assert submission.messages[0]["Auto-Submitted"] == "auto-generated"


def test_without_an_account_nothing_leaves_and_nothing_is_lost(mails: MailDesk, submission: Mailbox) -> None:
    mails.service.disconnect(mails.owner)
    make_mail(mails.database, mails.workshop)
    assert mails.messaging.send_due() == 0
    assert mails.messaging.list_messages(mails.owner)[0].state == "queued"


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Ölwechsel", "Re: Ölwechsel"),
        ("AW: Re: AW: Ölwechsel", "Re: Ölwechsel"),
        ("a\r\nBcc: x@y.example", "Re: a Bcc: x@y.example"),
        ("", ""),
    ],
)
def test_the_subject_is_answered_once_and_in_one_line(subject: str, answer: str) -> None:
    assert reply_subject(subject) == answer
