"""Mail is queued once, sent once, retried when that makes sense and never lost."""

from datetime import timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.messaging.ports import DeliveryError, Letter
from carbot_app.domains.messaging.service import GIVE_UP_AFTER, LEASE, MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, NotFound
from tests.factories.actors import staff_of
from tests.factories.messaging import make_mail
from tests.factories.team import make_workshop


class Postbox:
    """Takes letters; fails as told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.failures: list[DeliveryError] = []

    def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append(letter)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def messaging(database: Database, clock: ManualClock, postbox: Postbox) -> MessagingService:
    return MessagingService(db=database, clock=clock, transport=postbox)


def queue(messaging: MessagingService, workshop: Workshop, key: str = "1") -> None:
    with messaging._db.writing(workshop.id) as session:
        messaging.queue_mail(
            session,
            workshop_id=workshop.id,
            kind="appointment_booked",
            to_address="kunde@example.com",
            subject="Ihr Termin",
            text="Bis dann",
            dedupe_key=key,
        )


def test_a_mail_is_queued_and_sent_once(
    messaging: MessagingService, workshop: Workshop, postbox: Postbox
) -> None:
    queue(messaging, workshop)
    queue(messaging, workshop)
    assert messaging.send_due() == 1
    assert messaging.send_due() == 0
    (mail,) = messaging.list_messages(staff_of(workshop))
    assert (mail.state, len(postbox.letters)) == ("sent", 1)


def test_a_busy_server_is_tried_again_later(
    messaging: MessagingService, workshop: Workshop, postbox: Postbox, clock: ManualClock
) -> None:
    postbox.failures = [DeliveryError("busy", permanent=False)]
    queue(messaging, workshop)
    assert messaging.send_due() == 0
    assert messaging.send_due() == 0, "not before its time"
    clock.advance(timedelta(minutes=5))
    assert messaging.send_due() == 1


def test_a_refused_recipient_fails_for_good_and_stays_visible(
    messaging: MessagingService, workshop: Workshop, postbox: Postbox
) -> None:
    postbox.failures = [DeliveryError("no such user", permanent=True)]
    queue(messaging, workshop)
    messaging.send_due()
    (mail,) = messaging.list_messages(staff_of(workshop))
    assert (mail.state, mail.error) == ("failed", "no such user")


def test_it_is_given_up_after_many_attempts(
    messaging: MessagingService, workshop: Workshop, postbox: Postbox, clock: ManualClock
) -> None:
    postbox.failures = [DeliveryError("busy", permanent=False)] * 50
    queue(messaging, workshop)
    for _ in range(GIVE_UP_AFTER):
        messaging.send_due()
        clock.advance(timedelta(hours=12))
    assert messaging.list_messages(staff_of(workshop))[0].state == "failed"


def test_a_worker_that_died_while_sending_does_not_lose_the_mail(
    messaging: MessagingService, workshop: Workshop, clock: ManualClock, postbox: Postbox
) -> None:
    queue(messaging, workshop)
    (claimed,) = messaging._claim(10)
    assert messaging.send_due() == 0
    clock.advance(LEASE + timedelta(seconds=1))
    assert messaging.send_due() == 1
    assert postbox.letters[0].message_id == f"<{claimed.id}@carbot>"


def test_without_a_server_mails_are_held_and_visible(
    database: Database, clock: ManualClock, workshop: Workshop
) -> None:
    messaging = MessagingService(db=database, clock=clock, transport=None)
    queue(messaging, workshop)
    assert messaging.send_due() == 0
    assert messaging.list_messages(staff_of(workshop))[0].state == "held"


def test_the_outbox_is_for_this_workshops_desk_only(
    messaging: MessagingService, workshop: Workshop, database: Database
) -> None:
    queue(messaging, workshop)
    assert messaging.list_messages(staff_of(make_workshop(database, slug="andere"))) == []
    with pytest.raises(Forbidden):
        messaging.list_messages(staff_of(workshop, "technician"))


def test_a_letter_that_signs_its_reader_in_is_readable_for_owners_only(
    messaging: MessagingService, workshop: Workshop, database: Database
) -> None:
    row = make_mail(
        database, workshop, kind="password_reset", text="https://carbot.example/passwort/?token=geheim"
    )
    for role in ("manager", "front_desk"):
        assert messaging.get_message(staff_of(workshop, role), row.id).text == ""
        assert messaging.list_messages(staff_of(workshop, role))[0].text == ""
    assert "geheim" in messaging.get_message(staff_of(workshop, "owner"), row.id).text
    with pytest.raises(NotFound):
        messaging.get_message(staff_of(make_workshop(database, slug="andere"), "owner"), row.id)
