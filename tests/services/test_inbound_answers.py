"""The assistant answers on the channel the customer writes on, once, briefly, and not without end."""

from datetime import timedelta

import pytest

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.inbound import ANSWER_WANTED
from carbot_app.domains.conversations.inbound_answers import ANSWERS, AnswerUnderWay
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.service import customer_behind
from carbot_app.domains.messaging.ports import DeliveryError
from carbot_app.domains.messaging.preferences import set_stopped
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.kit.ids import new_id
from tests.factories.pictures import jpeg
from tests.services.thread_desk import MAIL, MOBILE, ThreadDesk, attached, open_thread_desk

STORY = "Bremsen quietschen, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit? DO-AB 123"


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)


@pytest.fixture
def desk(database: Database, clock: ManualClock, analyser: MessageAnalyser) -> ThreadDesk:
    return open_thread_desk(database, clock, analyser)


def test_an_sms_is_answered_by_sms_with_times_that_can_be_chosen_by_number(desk: ThreadDesk) -> None:
    desk.write(STORY)
    desk.work()
    (sent,) = desk.sms.sent
    assert sent.to_number == MOBILE
    assert "129,00" in sent.text
    assert "1) " in sent.text
    assert "3) " in sent.text
    assert "**" not in sent.text
    (answer,) = desk.messages("assistant")
    assert (answer.channel, answer.delivery) == ("sms", "sent")
    assert desk.outgoing()[0].message_id == answer.id


def test_a_whole_booking_by_sms_belongs_to_the_customer_who_wrote(desk: ThreadDesk) -> None:
    for text in (STORY, "2", "Jan Petersen"):
        desk.write(text)
        desk.work()
    assert f"{desk.sms.sent[-1].text}".count("https://carbot.example/t/") == 1
    (customer,) = desk.customers()
    thread = desk.inbox.get_thread(desk.desk.owner, desk.thread().id)
    assert thread.lead is not None
    assert thread.lead.state == "booked"
    assert (customer.name, customer.phone) == ("Jan Petersen", MOBILE)


def test_a_mail_is_answered_by_mail_under_its_subject(desk: ThreadDesk) -> None:
    desk.write(
        "Was kostet ein Ölwechsel für meinen Golf 7?", "mail", subject="Ölwechsel", references=("<a@b>",)
    )
    desk.work()
    (letter,) = desk.post.letters
    assert (letter.to_address, letter.subject) == (MAIL, "Re: Ölwechsel")
    assert desk.messages("customer")[0].references == ["<a@b>"]


def test_an_event_that_comes_twice_answers_once(desk: ThreadDesk) -> None:
    desk.write(STORY)
    payload = {"conversation_id": str(desk.thread().id)}
    delivery = Delivery(new_id(), desk.desk.workshop.id, ANSWER_WANTED, payload, desk.clock())
    for _ in range(3):
        desk.answers.on_event(delivery)
    desk.work()
    assert len(desk.messages("assistant")) == 1
    assert len(desk.sms.sent) == 1


def test_an_answer_whose_process_died_is_written_anew(desk: ThreadDesk) -> None:
    desk.write("Was kostet ein Ölwechsel für meinen Golf 7?")
    with desk.database.reading(desk.desk.workshop.id) as session:
        customer = customer_behind(session.get_one(Conversation, desk.thread().id))
    assert desk.desk.conversations.begin_answer(customer) is not None
    payload = {"conversation_id": str(desk.thread().id)}
    delivery = Delivery(new_id(), desk.desk.workshop.id, ANSWER_WANTED, payload, desk.clock())
    desk.answers.on_event(delivery)
    desk.later(timedelta(seconds=60))
    with pytest.raises(AnswerUnderWay):
        desk.answers.on_event(delivery)
    desk.later(timedelta(seconds=60))
    desk.answers.on_event(delivery)
    assert [message.state for message in desk.messages("assistant")] == ["failed", "complete"]


def test_messages_in_a_row_are_answered_together(desk: ThreadDesk) -> None:
    for text in ("Hallo", "Bremsen quietschen, Golf 7 BJ 2015", "was kostet das?"):
        desk.write(text)
    desk.work()
    (sent,) = desk.sms.sent
    assert "129,00" in sent.text


@pytest.mark.thorough
def test_five_hundred_messages_in_a_minute_are_all_kept_and_hardly_answered(desk: ThreadDesk) -> None:
    for batch in range(10):
        for number in range(50):
            desk.write(f"Kauf jetzt {batch} {number}")
        desk.work()
        desk.later(timedelta(seconds=6))
    assert len(desk.messages("customer")) == 500
    assert len(desk.sms.sent) <= ANSWERS
    thread = desk.thread()
    assert thread.last_seq >= 500
    assert thread.mode == "human"
    handed = [
        part for message in desk.messages("system") for part in message.parts if part["type"] == "handover"
    ]
    assert len(handed) == 1


def test_somebody_who_asks_slowly_but_without_end_meets_a_person(desk: ThreadDesk) -> None:
    for _ in range(ANSWERS + 2):
        desk.write("Was kostet ein Ölwechsel für meinen Golf 7?")
        desk.work()
    assert len(desk.sms.sent) == ANSWERS
    assert desk.thread().handover_reason == "flood"


@pytest.mark.parametrize("text", ["👍👍🔥", "...", "?!"])
def test_only_emoji_are_for_a_person(desk: ThreadDesk, text: str) -> None:
    desk.write(text)
    desk.work()
    assert desk.sms.sent == []
    assert (desk.thread().mode, desk.thread().handover_reason) == ("human", "unsure")


def test_a_photo_without_words_is_for_a_person(desk: ThreadDesk) -> None:
    desk.write("", "whatsapp", attachments=(attached("a.jpg", jpeg(40, 40), "image/jpeg"),))
    desk.work()
    assert desk.whatsapp.sent == []
    assert desk.thread().mode == "human"


def test_mixed_languages_are_answered_in_one(desk: ThreadDesk) -> None:
    desk.write("Merhaba, yağ değişimi ne kadar? Golf 7 için, randevu almak istiyorum bitte schnell")
    desk.work()
    assert desk.thread().language == "tr"
    assert len(desk.sms.sent) == 1


def test_a_danger_is_told_in_full_by_sms(desk: ThreadDesk) -> None:
    desk.write("Die rote Öllampe leuchtet und es raucht aus dem Motor!")
    desk.work()
    (sent,) = desk.sms.sent
    assert "weiter" in sent.text.lower()
    assert desk.thread().handover_reason == "emergency"


def test_while_a_person_answers_the_assistant_is_silent_and_what_staff_writes_leaves(
    desk: ThreadDesk,
) -> None:
    desk.write("Hallo")
    view = desk.inbox.reply(desk.desk.owner, desk.thread().id, "Guten Tag, hier ist Jan.")
    assert (view.channel, view.delivery) == ("sms", "queued")
    desk.write("Was kostet ein Ölwechsel für meinen Golf 7?")
    desk.work()
    assert [sent.text for sent in desk.sms.sent] == ["Guten Tag, hier ist Jan."]


def test_staff_may_choose_another_channel_of_the_customer_but_none_that_is_not_theirs(
    desk: ThreadDesk,
) -> None:
    desk.write("Hallo")
    desk.write("Hallo", "whatsapp")
    ways = desk.inbox.get_thread(desk.desk.owner, desk.thread().id).reply_channels
    assert [(way.channel, way.address, way.refused) for way in ways] == [
        ("whatsapp", MOBILE, ""),
        ("sms", MOBILE, ""),
    ]
    desk.inbox.reply(desk.desk.owner, desk.thread().id, "Per SMS", channel="sms")
    with pytest.raises(Invalid) as caught:
        desk.inbox.reply(desk.desk.owner, desk.thread().id, "Per Mail", channel="mail")
    assert caught.value.code == "channel_unknown"
    desk.work()
    assert [sent.text for sent in desk.sms.sent] == ["Per SMS"]


def test_after_a_day_whatsapp_takes_a_template_only_and_only_from_whoever_agreed(desk: ThreadDesk) -> None:
    desk.write("Hallo", "whatsapp")
    thread, owner = desk.thread(), desk.desk.owner
    desk.inbox.take_over(owner, thread.id)
    with pytest.raises(Conflict) as caught:
        desk.replies.ask_to_write_again(owner, thread.id)
    assert caught.value.code == "whatsapp_no_consent"
    desk.later(timedelta(hours=24))
    with pytest.raises(Conflict) as caught:
        desk.inbox.reply(owner, thread.id, "Ihr Auto ist fertig")
    assert caught.value.code == "whatsapp_window_closed"
    with desk.database.writing(desk.desk.workshop.id) as session:
        set_stopped(session, desk.customers()[0], "whatsapp", stopped=False, now=desk.clock())
    desk.replies.ask_to_write_again(owner, thread.id)
    desk.replies.ask_to_write_again(owner, thread.id)
    desk.work()
    (sent,) = desk.whatsapp.sent
    assert (sent.template, len(sent.parameters)) == ("carbot_thread_reopen", 1)
    desk.write("Ja?", "whatsapp")
    with pytest.raises(Conflict) as caught:
        desk.replies.ask_to_write_again(owner, thread.id)
    assert caught.value.code == "whatsapp_window_open"
    desk.inbox.reply(owner, thread.id, "Ihr Auto ist fertig")
    desk.work()
    assert (desk.whatsapp.sent[-1].template, desk.whatsapp.sent[-1].text) == ("", "Ihr Auto ist fertig")


def test_after_stop_nothing_leaves_on_that_channel(desk: ThreadDesk) -> None:
    desk.write("Hallo")
    with desk.database.writing(desk.desk.workshop.id) as session:
        set_stopped(session, desk.customers()[0], "sms", stopped=True, now=desk.clock())
    desk.write(STORY)
    desk.work()
    assert desk.sms.sent == []
    assert desk.thread().mode == "human", "somebody has to see it"
    with pytest.raises(Conflict) as caught:
        desk.inbox.reply(desk.desk.owner, desk.thread().id, "Hallo")
    assert caught.value.code == "channel_stopped"


def test_an_sms_from_a_number_that_is_no_mobile_is_answered_there(desk: ThreadDesk) -> None:
    desk.write("Was kostet ein Ölwechsel für meinen Golf 7?", from_address="+4923112345")
    desk.work()
    assert [sent.to_number for sent in desk.sms.sent] == ["+4923112345"]


def test_a_message_in_the_thread_shows_what_became_of_it_and_a_late_report_takes_nothing_back(
    desk: ThreadDesk,
) -> None:
    desk.write("Hallo", "whatsapp")
    desk.inbox.reply(desk.desk.owner, desk.thread().id, "Guten Tag")
    desk.work()
    shown = []
    for state in ("sent", "read", "delivered", "failed"):
        desk.report(desk.whatsapp, "whatsapp-1", state)
        shown.append(desk.messages("staff")[0].delivery)
    assert shown == ["sent", "read", "read", "failed"]


def test_a_refused_answer_is_shown_as_not_delivered(desk: ThreadDesk) -> None:
    desk.sms.failures.append(DeliveryError("21211", permanent=True))
    desk.write("Hallo")
    desk.inbox.reply(desk.desk.owner, desk.thread().id, "Guten Tag")
    desk.work()
    assert desk.messages("staff")[0].delivery == "failed"


def test_a_provider_that_is_out_of_order_is_told_of_until_it_takes_a_message(desk: ThreadDesk) -> None:
    desk.sms.failures += [DeliveryError("HTTP 503", permanent=False)] * 3
    desk.write("Hallo")
    desk.inbox.reply(desk.desk.owner, desk.thread().id, "Guten Tag")
    desk.work()
    assert desk.messaging.list_outages(desk.desk.owner) == ()
    began = desk.clock()
    for _ in range(2):
        desk.later(timedelta(minutes=10))
        desk.messaging.send_due()
    (outage,) = desk.messaging.list_outages(desk.desk.owner)
    assert (outage.channel, outage.since, outage.error) == ("sms", began, "HTTP 503")
    desk.later(timedelta(minutes=10))
    assert desk.messaging.send_due() == 1
    assert desk.messaging.list_outages(desk.desk.owner) == ()


def test_numbers_nobody_can_reach_are_no_outage(desk: ThreadDesk) -> None:
    desk.sms.failures += [DeliveryError("21211", permanent=True)] * 4
    desk.write("Hallo")
    for _ in range(4):
        desk.inbox.reply(desk.desk.owner, desk.thread().id, "Guten Tag")
    desk.work()
    assert desk.messaging.list_outages(desk.desk.owner) == ()


def test_a_chat_is_answered_in_the_chat_as_ever(desk: ThreadDesk) -> None:
    chat = desk.desk.open_chat()
    assert chat.ask("Was kostet ein Ölwechsel für meinen Golf 7?") is not None
    desk.work()
    assert desk.outgoing() == []
    assert [message.delivery for message in desk.messages()] == ["", ""]
