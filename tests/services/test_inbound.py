"""What comes in from outside the chat: once, in one thread per person, never into a stranger's."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.inbound import QUIET
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.customers.contact_points import list_resembling, verify
from carbot_app.domains.customers.models import ContactPoint
from carbot_app.domains.customers.schemas import Contact
from carbot_app.domains.customers.service import CustomerService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, NotFound
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.pictures import jpeg
from tests.services.thread_desk import MAIL, MOBILE, ThreadDesk, attached, open_thread_desk


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(database: Database, clock: ManualClock, analyser: MessageAnalyser) -> ThreadDesk:
    return open_thread_desk(database, clock, analyser)


def test_a_message_opens_a_thread_of_a_customer_known_by_the_number(desk: ThreadDesk) -> None:
    assert desk.write("Bremsen quietschen", from_name="Ayşe") is not None
    thread, (message,), (customer,) = desk.thread(), desk.messages(), desk.customers()
    assert (thread.channel, thread.last_channel, thread.last_address) == ("sms", "sms", MOBILE)
    assert (thread.customer_id, thread.contact_verified) == (customer.id, True)
    assert (customer.name, customer.phone) == ("Ayşe", MOBILE)
    assert (message.text, message.channel, message.address) == ("Bremsen quietschen", "sms", MOBILE)
    with desk.database.reading(SYSTEM) as session:
        (point,) = session.exec(select(ContactPoint)).all()
        kinds = [event.kind for event in session.exec(select(OutboxEvent))]
    assert (point.kind, point.value, point.verified_by) == ("phone", MOBILE, "wrote_from")
    assert kinds.count("message.received") == 1


def test_messages_that_pour_in_are_noticed(desk: ThreadDesk) -> None:
    assert not desk.inbound.is_pouring()
    desk.write("Hallo")
    assert desk.inbound.is_pouring()
    desk.clock.advance(QUIET)
    assert not desk.inbound.is_pouring()


def test_messages_that_pour_in_elsewhere_are_noticed_too(desk: ThreadDesk) -> None:
    here = copy(desk.inbound)  # of another process
    desk.clock.advance(QUIET)
    desk.write("Hallo")
    with desk.database.writing(SYSTEM) as session:
        session.execute(update(OutboxEvent).values(created_at=desk.clock()))
    assert here.is_pouring()
    desk.clock.advance(3 * QUIET)
    assert not here.is_pouring()


def test_a_delivery_that_is_repeated_is_stored_once(desk: ThreadDesk) -> None:
    assert desk.write("Hallo", provider_id="SM1") is not None
    assert desk.write("Hallo", provider_id="SM1") is None
    assert desk.write("Hallo", provider_id="SM1", provider="seven") is not None
    assert len(desk.messages()) == 2


def test_an_endless_name_of_a_message_is_known_again(desk: ThreadDesk) -> None:
    name = "x" * 900 + "@mail.example"
    assert desk.write("Hallo", "mail", provider_id=name) is not None
    assert desk.write("Hallo", "mail", provider_id=name) is None


def test_sms_whatsapp_and_calls_of_one_number_are_one_thread(desk: ThreadDesk) -> None:
    for channel in ("sms", "whatsapp", "call", "sms"):
        desk.write("Hallo", channel)
    assert [message.channel for message in desk.messages()] == ["sms", "whatsapp", "call", "sms"]
    assert [message.seq for message in desk.messages()] == [1, 2, 3, 4]
    assert len(desk.customers()) == 1
    desk.thread()


def test_first_messages_of_one_new_sender_at_once_open_one_thread(desk: ThreadDesk) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda n: desk.write(f"Nachricht {n}"), range(8)))
    assert None not in stored
    assert [message.seq for message in desk.messages()] == list(range(1, 9))
    assert len(desk.customers()) == 1
    desk.thread()


def test_the_same_delivery_at_once_is_stored_once(desk: ThreadDesk) -> None:
    with ThreadPoolExecutor(6) as pool:
        stored = list(pool.map(lambda _: desk.write("Hallo", provider_id="SM1"), range(6)))
    assert len([name for name in stored if name]) == 1
    assert len(desk.messages()) == 1


def test_a_number_somebody_merely_typed_makes_nobody_the_same(desk: ThreadDesk) -> None:
    typed = make_customer(desk.database, desk.desk.workshop, name="Jan", phone=MOBILE)
    desk.write("Hallo")
    assert desk.thread().customer_id != typed.id
    with desk.database.reading(desk.desk.workshop.id) as session:
        writer = next(customer for customer in desk.customers() if customer.id != typed.id)
        assert [customer.id for customer in list_resembling(session, writer)] == [typed.id]
        assert [customer.id for customer in list_resembling(session, typed)] == [writer.id]


def test_a_verified_number_leads_into_the_thread_of_its_customer(desk: ThreadDesk) -> None:
    known = make_customer(desk.database, desk.desk.workshop, phone=MOBILE, email=MAIL)
    with desk.database.writing(desk.desk.workshop.id) as session:
        verify(session, known, MOBILE, by="staff", now=desk.clock())
        verify(session, known, MAIL, by="staff", now=desk.clock())
    desk.write("Hallo")
    desk.write("Hallo", "mail")
    assert desk.thread().customer_id == known.id


def test_a_verified_number_cannot_become_somebody_elses(desk: ThreadDesk) -> None:
    desk.write("Hallo")
    other = make_customer(desk.database, desk.desk.workshop, phone="")
    with desk.database.writing(desk.desk.workshop.id) as session, pytest.raises(Conflict) as caught:
        verify(session, other, MOBILE, by="staff", now=desk.clock())
    assert caught.value.code == "contact_of_another"


def test_whoever_types_a_verified_number_is_not_taken_for_its_customer_except_by_staff(
    desk: ThreadDesk,
) -> None:
    desk.write("Hallo")
    (writer,) = desk.customers()
    customers, workshop = CustomerService(db=desk.database), desk.desk.workshop
    with desk.database.writing(workshop.id) as session:
        typed = customers.find_or_create(session, workshop.id, Contact("Jan", MOBILE), "de")
        again = customers.find_or_create(session, workshop.id, Contact("Jan", MOBILE), "de")
        by_staff = customers.find_or_create(session, workshop.id, Contact("", MOBILE), "de", by_staff=True)
    assert typed.id == again.id != writer.id
    assert by_staff.id == writer.id


def test_a_chat_in_which_somebody_typed_the_number_never_shows_the_writers_messages(desk: ThreadDesk) -> None:
    chat = desk.desk.open_chat()
    chat.ask("Ölwechsel, Golf 7, bitte Rückruf: Jan Petersen, 0171 5550142")
    desk.write("Mein Geheimnis")
    assert all(
        "Geheimnis" not in m.text for m in desk.desk.conversations.thread_for_customer(chat.actor).messages
    )
    assert len(desk.threads()) == 2


def test_a_thread_done_long_ago_is_left_in_peace_and_one_just_done_goes_on(desk: ThreadDesk) -> None:
    desk.write("Hallo")
    first = desk.thread().id
    desk.inbox.set_done(desk.desk.owner, first, True)
    desk.write("Danke!")
    assert desk.thread().state == "open"
    desk.inbox.set_done(desk.desk.owner, first, True)
    desk.later(timedelta(days=4))
    desk.write("Neue Frage")
    assert [thread.state for thread in desk.threads()] == ["done", "open"]


def test_the_language_of_a_new_sender_is_guessed_by_the_number(desk: ThreadDesk) -> None:
    for number in ("+491715550142", "+905321234567", "+48512345678", "+33612345678"):
        desk.write("...", from_address=number)
    assert [thread.language for thread in desk.threads()] == ["de", "tr", "pl", "en"]


def test_a_photo_is_made_anew_and_another_file_kept_for_saving(desk: ThreadDesk) -> None:
    desk.write(
        "", "whatsapp", attachments=(attached("../../a.jpg", jpeg(60, 40)), attached("kva.pdf", b"%PDF-1"))
    )
    (message,) = desk.inbox.get_thread(desk.desk.owner, desk.thread().id).messages
    assert [(file.kind, file.name) for file in message.files] == [("photo", "a.jpg"), ("file", "kva.pdf")]
    photo, letter = (desk.files.read(desk.desk.owner, file.id) for file in message.files)
    assert (photo.is_shown, photo.media_type) == (True, "image/jpeg")
    assert desk.files.read(desk.desk.owner, message.files[0].id, small=True).content != photo.content
    assert (letter.is_shown, letter.content) == (False, b"%PDF-1")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rechnung.pdf.exe", b"x", "dangerous"),
        ("rechnung.pdf", b"MZ\x90\x00", "dangerous"),
        ("bild.jpg", jpeg(40, 40)[:200], "broken"),
        ("weg.pdf", b"", "gone"),
        ("film.mp4", b"\x00" * (20 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_cannot_be_kept_is_told_by_name(
    desk: ThreadDesk, name: str, content: bytes, reason: str
) -> None:
    desk.write("Anbei", "mail", attachments=(attached(name, content),))
    (file,) = desk.inbox.get_thread(desk.desk.owner, desk.thread().id).messages[0].files
    assert (file.kind, file.name, file.reason) == ("refused", name, reason)
    with pytest.raises(NotFound):
        desk.files.read(desk.desk.owner, file.id)


def test_a_file_is_for_the_workshops_own_staff(desk: ThreadDesk) -> None:
    desk.write("", attachments=(attached("kva.pdf", b"%PDF-1"),))
    with desk.database.reading(SYSTEM) as session:
        (file,) = session.exec(select(MessageFile)).all()
    with pytest.raises(NotFound):
        desk.files.read(staff_of(make_workshop(desk.database, "andere")), file.id)
    with pytest.raises(Forbidden):
        desk.files.read(staff_of(desk.desk.workshop, "technician"), file.id)


def test_the_sweep_leaves_files_of_messages_and_takes_those_without_one(desk: ThreadDesk) -> None:
    from carbot_app.domains.photos.service import PhotoService

    desk.write("", attachments=(attached("kva.pdf", b"%PDF-1"),))
    lost = desk.files.keep(desk.desk.workshop.id, [attached("lost.pdf", b"%PDF-2")])
    desk.later(timedelta(days=400))
    store = desk.files._store
    PhotoService(db=desk.database, clock=desk.clock, store=store, maker=PillowPictureMaker()).sweep()
    with desk.database.reading(SYSTEM) as session:
        (file,) = session.exec(select(MessageFile)).all()
    assert desk.files.read(desk.desk.owner, file.id).content == b"%PDF-1"
    with pytest.raises(NotFound):
        store.get(desk.desk.workshop.id, str(lost[0].id))


def test_another_workshop_knows_nothing_of_the_sender(desk: ThreadDesk) -> None:
    desk.write("Hallo")
    other = make_workshop(desk.database, "andere")
    with desk.database.reading(other.id) as session:
        assert session.exec(select(ContactPoint)).all() == []
        assert session.exec(select(MessageFile)).all() == []


def test_a_message_without_words_has_some_in_the_list(desk: ThreadDesk) -> None:
    desk.write("", "call")
    assert desk.thread().last_text == "Verpasster Anruf"
    desk.write("", "whatsapp", attachments=(attached("kva.pdf", b"%PDF-1"),))
    assert desk.thread().last_text == "kva.pdf"


def test_a_long_mail_with_control_characters_is_kept_readable(desk: ThreadDesk) -> None:
    assert desk.write("a\x00b" * 60_000, "mail") is not None
    (message,) = desk.messages()
    assert len(message.text) == 100_000
    assert "\x00" not in message.text


def test_more_files_than_are_kept_of_one_message_are_said(desk: ThreadDesk) -> None:
    many = tuple(attached(f"{number}.pdf", b"%PDF-1") for number in range(23))
    desk.write("Unterlagen", "mail", attachments=many)
    with desk.database.reading(SYSTEM) as session:
        files = session.exec(select(MessageFile).order_by(col(MessageFile.position))).all()
    assert [file.name for file in files[:2]] == ["0.pdf", "1.pdf"]
    last = files[-1]
    assert (len(files), last.kind, last.reason, last.name) == (
        21,
        "refused",
        "over_limit",
        "3 \N{MULTIPLICATION SIGN}",
    )
