"""A mail becomes one message, or is kept where a person sees it; no machine is answered."""

from datetime import timedelta
from pathlib import Path

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.mailbox.intake import FLOOD_LIMIT, FLOOD_WINDOW
from carbot_app.domains.messaging.mail_ids import mail_id
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, NotFound
from tests.factories import make_workshop, staff_of
from tests.factories.letters import CUSTOMER, WORKSHOP, bounce, letter, png, raw
from tests.factories.messaging import make_mail
from tests.services.mailboxes import MailDesk, open_mail_desk


@pytest.fixture
def mails(database: Database, clock: ManualClock, tmp_path: Path) -> MailDesk:
    return open_mail_desk(database, clock, tmp_path)


def test_a_mail_becomes_a_message_with_everything_a_thread_needs(mails: MailDesk) -> None:
    mails.arrive(letter(files=(("foto.png", png()),), references="<1@x>").as_bytes())
    (message,) = mails.inbound.messages
    assert (message.channel, message.provider, message.provider_id) == (
        "mail",
        "imap",
        "<brief-1@example.org>",
    )
    assert (message.from_address, message.from_name) == (CUSTOMER, "Ayşe Yılmaz")
    assert (message.to_address, message.subject, message.references) == (WORKSHOP, "Ölwechsel", ("<1@x>",))
    assert message.text == "Guten Tag, was kostet ein Ölwechsel?"
    assert message.sent_at.isoformat() == "2026-11-23T07:55:00+00:00"
    assert [(file.name, file.media_type) for file in message.attachments] == [("foto.png", "image/png")]
    (row,) = mails.received()
    assert (row.state, row.thread_message_id is None) == ("taken", False)


def test_quotes_are_cut_and_the_original_is_kept(mails: MailDesk) -> None:
    mails.arrive(
        letter("Ja, gern.\n\nAm 23.11.2026 um 09:00 schrieb W <i@w.example>:\n> Passt es?").as_bytes()
    )
    assert mails.inbound.messages[0].text == "Ja, gern."
    assert "> Passt es?" in mails.received()[0].original


def test_the_same_mail_is_taken_once_however_often_and_whichever_way_it_comes(mails: MailDesk) -> None:
    for way in (b"", b"", b"Delivered-To: alias\r\n", b"Received: from elsewhere\r\n"):
        mails.arrive(way + letter().as_bytes())
    assert (len(mails.inbound.messages), len(mails.received())) == (1, 1)


def test_another_mail_under_a_used_id_is_another_message(mails: MailDesk) -> None:
    mails.arrive(letter("eins").as_bytes())
    mails.arrive(letter("zwei").as_bytes())
    assert [message.text for message in mails.inbound.messages] == ["eins", "zwei"]
    assert len({message.provider_id for message in mails.inbound.messages}) == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"auto_submitted": "auto-replied"}, "automatic"),
        ({"precedence": "bulk"}, "bulk"),
        ({"return_path": "<>"}, "bounce"),
        ({"sender": WORKSHOP}, "loop"),
    ],
)
def test_machines_are_seen_and_never_get_into_a_thread_by_themselves(
    mails: MailDesk, fields: dict[str, str], reason: str
) -> None:
    mails.arrive(letter(**fields).as_bytes())
    assert mails.inbound.messages == []
    (kept,) = mails.service.overview(mails.owner).kept
    assert (kept.state, kept.reason, kept.subject) == ("aside", reason, "Ölwechsel")
    assert "Ölwechsel" in kept.text
    assert kept.can_take is (reason in ("automatic", "bulk"))


def test_a_mail_without_a_sender_waits_for_a_person(mails: MailDesk) -> None:
    mails.arrive(raw(f"From: kein Absender\nTo: {WORKSHOP}\nSubject: Hallo", b"Hallo"))
    overview = mails.service.overview(mails.owner)
    assert (mails.inbound.messages, overview.waiting) == ([], 1)
    assert (overview.kept[0].reason, overview.kept[0].can_take) == ("no_sender", False)


@pytest.mark.thorough
def test_five_hundred_mails_of_one_sender_are_all_kept_and_few_get_through(mails: MailDesk) -> None:
    for number in range(500):
        mails.arrive(letter(f"Nummer {number}", message_id=f"<{number}@example.org>").as_bytes())
    mails.arrive(letter("Von jemand anderem", sender="murat@example.org").as_bytes())
    overview = mails.service.overview(mails.owner)
    assert (len(mails.inbound.messages), len(mails.received())) == (FLOOD_LIMIT + 1, 501)
    assert (overview.waiting, overview.kept[0].reason) == (500 - FLOOD_LIMIT, "flood")
    mails.clock.advance(FLOOD_WINDOW + timedelta(seconds=1))
    mails.arrive(letter("Eine Stunde später").as_bytes())
    assert mails.inbound.messages[-1].text == "Eine Stunde später"


def test_files_that_are_too_large_leave_a_note_in_the_workshops_language(mails: MailDesk) -> None:
    mails.arrive(letter("Video", files=(("video.mp4", b"\x00" * 16 * 1024 * 1024),)).as_bytes())
    (note,) = mails.inbound.messages[0].attachments
    assert (note.name, note.media_type) == ("video.mp4.txt", "text/plain")
    assert "16 MB" in note.content.decode()
    assert "Ölwechsel" in note.content.decode()


def test_of_a_mail_that_was_fetched_in_part_the_words_arrive_and_the_files_are_noted(mails: MailDesk) -> None:
    whole = letter("Video anbei", files=(("video.mp4", b"\x00" * 100_000),)).as_bytes()
    mails.arrive(whole[:2_000], size=40 * 1024 * 1024)
    (message,) = mails.inbound.messages
    assert (message.text, [file.name for file in message.attachments]) == ("Video anbei", ["video.mp4.txt"])
    assert "nicht geladen" in message.attachments[0].content.decode()


def test_a_thread_that_cannot_be_written_is_tried_again_and_then_left_to_a_person(mails: MailDesk) -> None:
    mails.inbound.failures = 3
    for _ in range(2):
        with pytest.raises(RuntimeError):
            mails.arrive(letter().as_bytes())
    mails.arrive(letter().as_bytes())
    assert mails.service.overview(mails.owner).waiting == 1
    mails.arrive(letter("Der nächste").as_bytes())
    assert [message.text for message in mails.inbound.messages] == ["Der nächste"]


def test_a_process_that_died_half_way_loses_nothing_and_doubles_nothing(mails: MailDesk) -> None:
    mails.inbound.failures = 1
    with pytest.raises(RuntimeError):
        mails.arrive(letter().as_bytes())
    mails.arrive(letter().as_bytes())
    assert (len(mails.inbound.messages), mails.received()[0].state) == (1, "taken")


@pytest.mark.parametrize(
    ("action", "state", "error"),
    [("failed", "failed", "550 5.1.1 no such user"), ("delayed", "sent", "")],
)
def test_a_delivery_report_marks_our_mail_with_the_reason(
    mails: MailDesk, action: str, state: str, error: str
) -> None:
    ours = make_mail(mails.database, mails.workshop, state="sent")
    mails.arrive(bounce(mail_id(ours.id), action=action))
    found = mails.messaging.get_message(mails.owner, ours.id)
    assert (found.state, found.error) == (state, error)
    assert mails.inbound.messages == []


def test_a_report_about_a_mail_of_another_workshop_changes_nothing(mails: MailDesk) -> None:
    other = make_workshop(mails.database, slug="andere")
    theirs = make_mail(mails.database, other, state="sent")
    mails.arrive(bounce(mail_id(theirs.id)))
    assert mails.messaging.get_message(staff_of(other), theirs.id).state == "sent"


def test_kept_mails_are_this_workshops_owners_business(mails: MailDesk) -> None:
    mails.arrive(letter(precedence="bulk").as_bytes())
    (kept,) = mails.service.overview(mails.owner).kept
    other = staff_of(make_workshop(mails.database, slug="andere"))
    assert mails.service.overview(other).kept == ()
    with pytest.raises(NotFound):
        mails.service.take_in(other, kept.id)
    with pytest.raises(Forbidden):
        mails.service.overview(staff_of(mails.workshop, "front_desk"))
    with pytest.raises(Conflict, match="mailbox_unreachable"):
        mails.service.take_in(mails.owner, kept.id)
