"""A customer hears of an appointment once, in time, and what they answer counts."""

from datetime import timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.messaging.attendance import AttendanceService
from carbot_app.domains.messaging.models import AppointmentAnswer
from carbot_app.domains.messaging.ports import DeliveryError, DeliveryReport
from carbot_app.domains.messaging.schemas import AttendanceView, NewMessage
from carbot_app.domains.messaging.service import LEASE
from carbot_app.domains.messaging.sms_text import sms_parts
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from tests.factories import make_customer
from tests.factories.actors import staff_of
from tests.factories.team import make_workshop
from tests.services.bookings import BERLIN, book, events, rows
from tests.services.message_desk import MessageDesk, Phones, Till, open_message_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> MessageDesk:
    return open_message_desk(database, clock)


def in_two_days(desk: MessageDesk, **fields) -> Appointment:
    """A visit the longer reminder of which is due in an hour (Wednesday 10:00 in Berlin)."""
    return desk.visit(desk.clock() + timedelta(hours=49), **fields)


def test_a_booking_is_confirmed_by_one_sms_however_often_the_event_comes(desk: MessageDesk) -> None:
    book(desk.desk)
    desk.deliver()
    desk.deliver()
    (sent,) = desk.phones.sent
    assert sent.to_number == "+491715550142"
    assert "https://carbot.example/t/" in sent.text
    assert sms_parts(sent.text) == 1
    assert sent.report_url == "https://carbot.example/api/webhooks/twilio"


def test_a_worker_that_died_while_sending_an_sms_sends_no_second_one(desk: MessageDesk) -> None:
    book(desk.desk)
    desk.phones.failures = [DeliveryError("busy", permanent=False)]
    desk.deliver()
    desk.clock.advance(timedelta(minutes=5))
    (claimed,) = desk.messaging._claim(10)
    desk.clock.advance(LEASE + timedelta(seconds=1))
    assert desk.messaging.send_due() == 0
    assert [row.state for row in desk.queue()] == ["unsure"]
    staff = staff_of(desk.desk.workshop)
    assert desk.messaging.retry(staff, claimed.id).state == "queued"
    assert desk.messaging.send_due() == 1
    with pytest.raises(Conflict, match="message_not_repeatable"):
        desk.messaging.retry(staff, claimed.id)


def test_reports_of_the_provider_count_and_a_lost_answer_leaves_the_message_unsure(desk: MessageDesk) -> None:
    book(desk.desk)
    desk.deliver()
    desk.messaging.note_report("seven", DeliveryReport("SM1", "failed"))
    assert desk.queue()[0].state == "sent", "another provider's name means nothing"
    desk.messaging.note_report("twilio", DeliveryReport("SM1", "delivered"))
    assert desk.queue()[0].state == "delivered"
    book(desk.desk, contact=desk.desk.customers.parse_contact("B", "+491715550143", ""))
    desk.phones.failures = [DeliveryError("ReadTimeout", permanent=False, unsure=True)]
    desk.deliver()
    desk.clock.advance(timedelta(days=1))
    desk.messaging.send_due()
    assert desk.queue()[1].state == "unsure"


def test_without_a_provider_the_message_is_held_and_cannot_be_repeated(
    database: Database, clock: ManualClock
) -> None:
    desk = open_message_desk(database, clock, Phones(name="whatsapp", channel="whatsapp"))
    book(desk.desk)
    desk.deliver()
    (held,) = desk.queue()
    assert (held.channel, held.state) == ("sms", "held")
    with pytest.raises(Conflict, match="channel_without_provider"):
        desk.messaging.retry(staff_of(desk.desk.workshop), held.id)
    with pytest.raises(NotFound):
        desk.messaging.retry(staff_of(make_workshop(database, slug="andere")), held.id)


def test_each_reminder_comes_once_and_none_too_early(desk: MessageDesk) -> None:
    in_two_days(desk)
    desk.remind()
    assert desk.phones.sent == []
    for _ in range(3):
        desk.clock.advance(timedelta(hours=1))
        desk.remind()
        desk.remind()
    assert len(desk.phones.sent) == 1
    desk.clock.advance(timedelta(hours=44))
    desk.remind()
    assert [row.dedupe_key.rsplit(":", 1)[1] for row in desk.queue()] == ["48", "3"]


def test_a_moved_visit_is_reminded_of_anew_and_the_old_reminder_is_dropped(desk: MessageDesk) -> None:
    visit = in_two_days(desk)
    desk.clock.advance(timedelta(hours=2))
    desk.phones.failures = [DeliveryError("busy", permanent=False)]
    desk.remind()
    later = desk.desk.booking.suggest_slots(
        staff_of(desk.desk.workshop),
        visit.service_codes,
        after=desk.clock() + timedelta(days=4),
        language="de",
    )[0]
    desk.desk.booking.move_by_link(visit.manage_token, later.id)
    desk.deliver()
    states = {row.kind: row.state for row in desk.queue()}
    assert [state for kind, state in states.items() if "reminder" in kind] == ["dropped"], states
    assert states["appointment_moved"] == "sent"
    desk.clock.now = later.starts_at - timedelta(hours=2)
    desk.remind()
    assert desk.queue()[-1].dedupe_key.split("reminder:")[1].startswith("1:")


def test_cancelled_and_unanswerable_visits_are_left_in_peace(desk: MessageDesk) -> None:
    in_two_days(desk, state="cancelled")
    in_two_days(desk, customer=make_customer(desk.database, desk.desk.workshop, phone="+492315550142"))
    desk.clock.advance(timedelta(hours=2))
    desk.remind()
    assert desk.queue() == []


def test_a_car_that_is_ready_at_night_is_told_in_the_morning(desk: MessageDesk) -> None:
    visit = desk.visit(desk.clock(), state="in_work")
    desk.clock.now = desk.clock().astimezone(BERLIN).replace(hour=22)
    desk.desk.booking.change_state(staff_of(desk.desk.workshop), visit.id, "done")
    desk.deliver()
    assert desk.phones.sent == []
    desk.clock.advance(timedelta(hours=10))
    desk.messaging.send_due()
    assert "fertig" in desk.phones.sent[0].text


def test_yes_and_no_by_sms_count_for_the_visit_that_was_asked_about(desk: MessageDesk) -> None:
    visit = in_two_days(desk)
    desk.clock.advance(timedelta(hours=2))
    desk.remind()
    desk.reply("Ja, danke")
    desk.reply("Ja, danke")
    (answer,) = rows(desk.database, AppointmentAnswer)
    assert (answer.appointment_id, answer.answer, answer.channel) == (visit.id, "yes", "sms")
    desk.reply("N")
    desk.messaging.send_due()
    (answer,) = rows(desk.database, AppointmentAnswer)
    assert answer.answer == "no"
    assert "/t/" in desk.phones.sent[-1].text, "whoever says no is offered another time"
    assert events(desk.database) == ["appointment.answered", "appointment.answered"]


def offered(desk: MessageDesk) -> Appointment:
    """A visit whose customer has just been offered an earlier time by SMS."""
    waiting = in_two_days(desk)
    desk.waitlist.join(waiting.manage_token)
    assert desk.waitlist.offer_free_times(waiting.workshop_id) == 1
    desk.deliver()
    assert desk.queue()[-1].kind == "appointment_offered"
    return waiting


def test_yes_to_an_offered_time_takes_it(desk: MessageDesk) -> None:
    waiting = offered(desk)
    desk.reply("J")
    desk.reply("J")
    desk.deliver()
    assert desk.queue()[-1].kind == "appointment_moved"
    assert "appointment_offer_over" not in [row.kind for row in desk.queue()]
    assert desk.waitlist.get_by_token(waiting.manage_token).state == "no"
    assert rows(desk.database, AppointmentAnswer) == [], "the time was taken, not promised"


def test_yes_to_an_offered_time_that_comes_too_late_is_told(desk: MessageDesk) -> None:
    offered(desk)
    desk.clock.advance(timedelta(hours=2))
    desk.reply("ja")
    desk.reply("ja")
    desk.messaging.send_due()
    assert "schon vergeben" in desk.phones.sent[-1].text
    desk.reply("ja")
    assert [row.kind for row in desk.queue()].count("appointment_offer_over") == 1


def test_no_to_an_offered_time_leaves_the_visit_and_the_place_on_the_list(desk: MessageDesk) -> None:
    waiting = offered(desk)
    desk.reply("nein")
    assert desk.waitlist.get_by_token(waiting.manage_token).state == "waiting"
    assert desk.desk.booking.get_by_link(waiting.manage_token).state == "confirmed"


def test_a_question_and_a_stranger_change_nothing(desk: MessageDesk) -> None:
    in_two_days(desk)
    desk.clock.advance(timedelta(hours=2))
    desk.remind()
    desk.reply("Kann ich auch um 15 Uhr kommen?")
    desk.reply("Ja", phone="+491719999999")
    assert rows(desk.database, AppointmentAnswer) == []
    with pytest.raises(Forbidden, match="webhook_untrusted"):
        desk.answers.receive("twilio", method="POST", url="", headers={}, body=b"+491715550142:Ja")
    with pytest.raises(NotFound):
        desk.answers.receive("seven", method="POST", url="", headers={}, body=b"")


def test_stop_ends_sms_and_mail_takes_over_until_start(desk: MessageDesk) -> None:
    customer = make_customer(desk.database, desk.desk.workshop, email="ayse@example.org")
    in_two_days(desk, customer=customer)
    desk.reply("STOP")
    desk.clock.advance(timedelta(hours=2))
    desk.remind()
    assert [(row.channel, row.to_address) for row in desk.queue()] == [("mail", "ayse@example.org")]
    desk.reply("Start")
    desk.clock.advance(timedelta(hours=45))
    desk.remind()
    assert desk.queue()[-1].channel == "sms"


def test_an_answer_behind_the_link_lowers_the_risk(desk: MessageDesk) -> None:
    attendance = AttendanceService(db=desk.database)
    staff = staff_of(desk.desk.workshop)
    customer = make_customer(desk.database, desk.desk.workshop)
    for days in (10, 40):
        desk.visit(desk.clock() - timedelta(days=days), customer=customer, state="no_show")
    visit = in_two_days(desk, customer=customer)
    assert attendance.risk(staff, visit.id).must_confirm
    desk.clock.advance(timedelta(hours=2))
    desk.remind()
    assert "bestätigen" in desk.phones.sent[-1].text, "a doubtful visit is to be confirmed"
    assert "unanswered" in [reason.code for reason in attendance.risk(staff, visit.id).reasons]
    asked = desk.answers.get_by_link(visit.manage_token)
    assert asked == AttendanceView("", must_confirm=True, deposit=Till().find_for(visit.id, language="de"))
    desk.answers.answer_by_link(visit.manage_token, "yes")
    answered = desk.answers.get_by_link(visit.manage_token)
    assert (answered.answer, answered.must_confirm) == ("yes", False)
    assert not attendance.risk(staff, visit.id).must_confirm
    with pytest.raises(NotFound):
        attendance.risk(staff_of(make_workshop(desk.database, slug="andere")), visit.id)


def test_a_reliable_customer_need_not_confirm_and_the_owners_rule_alone_asks_deposits(
    desk: MessageDesk,
) -> None:
    visit = in_two_days(desk)
    asked = Till().find_for(visit.id, language="pl")
    assert desk.answers.get_by_link(visit.manage_token, language="pl") == AttendanceView("", False, asked)


def test_a_link_answers_only_for_a_visit_to_come(desk: MessageDesk) -> None:
    visit = in_two_days(desk)
    with pytest.raises(Invalid, match="answer_invalid"):
        desk.answers.answer_by_link(visit.manage_token, "maybe")
    with pytest.raises(NotFound, match="link_unknown"):
        desk.answers.answer_by_link("x" * 20, "yes")
    desk.clock.advance(timedelta(hours=50))
    with pytest.raises(Gone, match="appointment_over"):
        desk.answers.answer_by_link(visit.manage_token, "yes")


def test_the_workshop_decides_when_it_reminds(desk: MessageDesk) -> None:
    owner, workshop = staff_of(desk.desk.workshop, "owner"), desk.desk.workshop
    assert desk.reminders.get_terms(owner).reminder_hours == (48, 3)
    desk.reminders.set_terms(owner, reminder_hours=[2, 24, 24], quiet_from="22:00", quiet_to="07:00")
    terms = desk.reminders.get_terms(staff_of(workshop))
    assert (terms.reminder_hours, terms.quiet_from, terms.quiet_to) == ((24, 2), "22:00", "07:00")
    other = make_workshop(desk.database, slug="andere")
    assert desk.reminders.get_terms(staff_of(other)).reminder_hours == (48, 3)
    with pytest.raises(Forbidden):
        desk.reminders.set_terms(
            staff_of(workshop, "technician"), reminder_hours=[], quiet_from="21:00", quiet_to="08:00"
        )
    for hours, start, code in (
        ([0], "21:00", "reminder_hours_invalid"),
        ([337], "21:00", "reminder_hours_invalid"),
        ([1, 2, 3, 4], "21:00", "too_many_reminders"),
        ([1], "25:00", "quiet_time_invalid"),
        ([1], "9", "quiet_time_invalid"),
    ):
        with pytest.raises(Invalid, match=code):
            desk.reminders.set_terms(owner, reminder_hours=hours, quiet_from=start, quiet_to="08:00")


def reminded(desk: MessageDesk) -> Appointment:
    """A visit whose customer was asked by SMS whether they come."""
    visit = in_two_days(desk)
    desk.clock.advance(timedelta(hours=2))
    desk.remind()
    return visit


def test_yes_proves_the_number_and_what_follows_joins_that_customers_thread(desk: MessageDesk) -> None:
    visit = reminded(desk)
    desk.reply("Ja")
    desk.reply("Ich komme mit dem Golf statt dem Polo, geht das?")
    (thread,) = rows(desk.database, Conversation)
    assert (thread.customer_id, thread.contact_verified) == (visit.customer_id, True)
    assert [row.text for row in rows(desk.database, Message)] == [
        "Ich komme mit dem Golf statt dem Polo, geht das?"
    ]


def test_no_proves_nothing_since_a_stranger_would_say_it_too(desk: MessageDesk) -> None:
    visit = reminded(desk)
    desk.reply("Nein")
    desk.reply("Sie haben die falsche Nummer, hier ist niemand mit Auto")
    (thread,) = rows(desk.database, Conversation)
    assert thread.customer_id != visit.customer_id


def test_yes_after_an_answer_in_the_thread_is_an_answer_to_that(desk: MessageDesk) -> None:
    reminded(desk)
    desk.reply("Können Sie auch die Bremsen ansehen?")
    (message,) = rows(desk.database, Message)
    desk.clock.advance(timedelta(minutes=1))
    with desk.database.writing(desk.desk.workshop.id) as session:
        text = "Gern. Sollen wir sie gleich machen?"
        asked = NewMessage(
            "thread.reply", "sms", message.address, text, text, "thread:1", "de", message_id=message.id
        )
        desk.messaging.queue(session, desk.desk.workshop.id, asked)
    desk.messaging.send_due()
    desk.reply("Ja")
    assert rows(desk.database, AppointmentAnswer) == []
    assert [row.text for row in rows(desk.database, Message)][-1] == "Ja"
