"""Photos, warning lamps and voice messages in the chat. On both engines."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import Database
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.inbound import InboundService
from carbot_app.domains.conversations.inbound_schemas import InboundFile, InboundMessage
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.warning_lamps import LAMPS
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from tests.factories import staff_of
from tests.factories.pictures import decode, jpeg
from tests.peers.openai_server import OpenAIStandIn
from tests.services.assistant_desk import part
from tests.services.media_desk import MediaDesk, file_ids, open_media_desk, plain

PHOTO = jpeg(640, 480)
RED = [lamp for lamp in LAMPS.values() if lamp.danger]
YELLOW = [lamp for lamp in LAMPS.values() if not lamp.danger]


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIStandIn]:
    server = OpenAIStandIn()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def model(server: OpenAIStandIn) -> OpenAIStandIn:
    server.reset()
    return server


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)


@pytest.fixture
def alone(database: Database, clock: ManualClock, analyser: MessageAnalyser, tmp_path: Path) -> MediaDesk:
    """Nobody looks or listens but staff."""
    return open_media_desk(database, clock, analyser, tmp_path / "files")


@pytest.fixture
def helped(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, tmp_path: Path, model: OpenAIStandIn
) -> MediaDesk:
    """An endpoint looks at photos and writes down what is said."""
    return open_media_desk(database, clock, analyser, tmp_path / "files", peer=model)


def test_photos_of_a_basket_become_those_of_the_message_and_lose_where_they_were_taken(
    alone: MediaDesk,
) -> None:
    chat = alone.desk.open_chat()
    sent, is_new = alone.send_photos(chat, PHOTO, jpeg(300, 200), text="Das ist die Delle")
    assert is_new
    assert [file.kind for file in sent.files] == ["photo", "photo"]
    owner = staff_of(alone.desk.workshop)
    large = alone.files.read(owner, sent.files[0].id)
    assert decode(large.content).size == (640, 480)
    assert b"Exif" not in large.content
    (message,) = chat.thread().messages
    assert file_ids(message) == file_ids(sent)
    assert alone.kept() == {name for one in file_ids(sent) for name in (str(one), f"{one}.small")}


def test_the_same_message_again_is_the_one_there_is(alone: MediaDesk) -> None:
    chat = alone.desk.open_chat()
    basket = alone.basket(chat, PHOTO)
    words = {"basket": basket, "text": "", "client_id": "c1"}
    first, is_new = alone.chat_files.send_photos(chat.actor, **words)
    again, is_new_again = alone.chat_files.send_photos(chat.actor, **words)
    assert (is_new, is_new_again) == (True, False)
    assert (again.id, file_ids(again)) == (first.id, file_ids(first))
    with pytest.raises(Conflict) as refused:
        alone.chat_files.send_photos(chat.actor, **{**words, "client_id": "c2"})
    assert refused.value.code == "photo_basket_over"
    assert len(chat.thread().messages) == 1


def test_a_message_without_words_and_photos_is_refused_and_leaves_nothing(alone: MediaDesk) -> None:
    chat = alone.desk.open_chat()
    with pytest.raises(Invalid) as refused:
        alone.send_photos(chat, text=" ")
    assert refused.value.code == "message_empty"
    assert chat.thread().messages == ()


def test_a_wordless_photo_is_thanked_for_and_named_in_the_list(alone: MediaDesk) -> None:
    chat = alone.desk.open_chat()
    sent, _ = alone.send_photos(chat, PHOTO)
    chat.answer(sent)
    answer = chat.thread().messages[-1]
    assert (answer.author, answer.text.startswith("Danke, das Foto ist angekommen.")) == ("assistant", True)
    (row,) = alone.desk.inbox.list_inbox(staff_of(alone.desk.workshop)).rows
    assert (row.preview, row.mode) == ("Foto", "assistant")


def test_only_the_customer_of_the_thread_and_the_team_see_a_photo(alone: MediaDesk, tmp_path: Path) -> None:
    chat, other = alone.desk.open_chat(), alone.desk.open_chat()
    sent, _ = alone.send_photos(chat, PHOTO)
    (photo,) = file_ids(sent)
    assert max(decode(alone.files.read_own(chat.actor, photo).content).size) == 400
    with pytest.raises(NotFound):
        alone.files.read_own(other.actor, photo)
    with pytest.raises(Forbidden):
        alone.files.read(chat.actor, photo)
    elsewhere = open_media_desk(
        alone.database, alone.desk.clock, MessageAnalyser.load(), alone.folder, slug="nebenan"
    )
    with pytest.raises(NotFound):
        elsewhere.files.read(staff_of(elsewhere.desk.workshop), photo)
    basket = alone.basket(chat, PHOTO)
    stranger = elsewhere.desk.open_chat()
    with pytest.raises(Conflict):
        elsewhere.chat_files.send_photos(stranger.actor, basket=basket, text="", client_id="c1")


def test_the_sweep_leaves_photos_of_messages_alone(alone: MediaDesk, clock: ManualClock) -> None:
    chat = alone.desk.open_chat()
    sent, _ = alone.send_photos(chat, PHOTO)
    alone.basket(chat, jpeg(200, 200))
    written = (clock() - timedelta(minutes=1)).timestamp()
    for path in alone.folder.rglob("*"):
        os.utime(path, (written, written))
    clock.advance(timedelta(days=2))
    alone.photos.sweep()
    (photo,) = file_ids(sent)
    assert alone.kept() == {str(photo), f"{photo}.small"}


@pytest.mark.parametrize("lamp", RED, ids=lambda lamp: lamp.id)
def test_a_red_lamp_says_stop_offers_a_tow_and_calls_a_person(alone: MediaDesk, lamp) -> None:
    chat = alone.desk.open_chat()
    answer = chat.ask("Warnleuchte", Choice("lamp", lamp.id))
    assert answer is not None
    assert "nicht weiterfahren" in part(answer, "danger")["text"]
    assert part(answer, "replies")["options"][0]["value"] == "tow"
    thread = chat.thread()
    assert (thread.mode, thread.handover_reason) == ("human", "emergency")
    assert thread.lead.urgency == "emergency"
    assert thread.lead.service_codes[0].startswith(lamp.services)


@pytest.mark.parametrize(
    "lamp", [lamp for lamp in LAMPS.values() if not lamp.danger], ids=lambda lamp: lamp.id
)
def test_a_yellow_lamp_is_explained_and_goes_on_to_a_price_and_times(alone: MediaDesk, lamp) -> None:
    chat = alone.desk.open_chat()
    answer = chat.ask("Warnleuchte", Choice("lamp", lamp.id))
    assert answer is not None
    assert [card["type"] for card in answer.parts] == ["replies"]
    thread = chat.thread()
    assert (thread.mode, thread.lead.urgency) == ("assistant", lamp.urgency)
    first, *_ = part(answer, "replies")["options"]
    assert first["value"].removeprefix("service:").startswith(lamp.services)
    offered = chat.ask(first["label"], Choice("reply", first["value"]))
    assert part(offered, "slots")["slots"]


def test_a_lamp_is_answered_in_the_language_of_the_chat(alone: MediaDesk) -> None:
    answer = alone.desk.open_chat("tr").ask("Uyarı lambası: Yağ basıncı", Choice("lamp", "oil"))
    assert answer is not None
    assert "yola devam etmeyin" in answer.text


def test_without_an_endpoint_a_voice_message_is_kept_and_a_person_is_asked(alone: MediaDesk) -> None:
    chat = alone.desk.open_chat()
    sent, _ = alone.speak(chat, "Die Bremsen quietschen")
    chat.answer(sent)
    thread = chat.thread()
    assert (thread.mode, thread.handover_reason) == ("human", "voice")
    owner = staff_of(alone.desk.workshop)
    sound = alone.files.read(owner, sent.files[0].id)
    assert (sound.media_type, sound.content, sound.is_shown) == (
        "audio/ogg",
        b"OggSDie Bremsen quietschen",
        True,
    )
    assert alone.desk.inbox.list_inbox(owner).rows[0].preview == "Sprachnachricht"


def test_what_is_spoken_is_written_down_answered_and_its_sound_deleted(
    helped: MediaDesk, model: OpenAIStandIn
) -> None:
    chat = helped.desk.open_chat()
    sent, _ = helped.speak(chat, "Was kosten neue Bremsbeläge für meinen Golf 7?")
    assert sent.text == "Was kosten neue Bremsbeläge für meinen Golf 7?"
    assert (sent.files[0].gone, sent.files[0].reason) == (True, "heard")
    assert helped.kept() == set()
    assert model.requests[0]["file"] == ("voice.ogg", "audio/ogg")
    assert model.requests[0]["language"] == "de"
    chat.answer(sent)
    answer = chat.thread().messages[-1]
    assert "€" in answer.text
    owner = staff_of(helped.desk.workshop)
    with pytest.raises(NotFound):
        helped.files.read(owner, sent.files[0].id)
    assert helped.desk.inbox.list_inbox(owner).rows[0].preview.startswith("Was kosten")
    helped.voice.hear(chat.actor.workshop_id, sent.id)
    assert len(model.requests) == 1


@pytest.mark.parametrize("trouble", ["error_500", "slow", "empty"])
def test_what_cannot_be_written_down_stays_for_staff(
    helped: MediaDesk, model: OpenAIStandIn, trouble: str
) -> None:
    model.behave(trouble)
    chat = helped.desk.open_chat()
    sent, _ = helped.speak(chat, "Hallo")
    assert (sent.text, sent.files[0].gone) == ("", False)
    assert len(helped.kept()) == 1


def test_a_workshop_over_its_limit_is_not_listened_or_looked_for(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, tmp_path: Path, model: OpenAIStandIn
) -> None:
    desk = open_media_desk(database, clock, analyser, tmp_path / "files", peer=model, limit_cents=0)
    chat = desk.desk.open_chat()
    desk.speak(chat, "Hallo")
    desk.send_photos(chat, plain("red"), client_id="c2")
    desk.look()
    assert model.requests == []


@pytest.mark.parametrize(("channel", "text"), [("whatsapp", "Wann habt ihr offen?"), ("mail", "")])
def test_a_voice_message_from_whatsapp_is_written_down_and_a_sound_in_a_mail_is_not(
    helped: MediaDesk, clock: ManualClock, channel: str, text: str
) -> None:
    inbound = InboundService(db=helped.database, clock=clock, files=helped.files)
    sound = InboundFile("audio.ogg", "audio/ogg; codecs=opus", b"OggSWann habt ihr offen?")
    sender = "ayse@example.org" if channel == "mail" else "+491715550142"
    message = InboundMessage(channel, channel, "1", sender, "", "", "", clock(), attachments=(sound,))
    inbound.receive(helped.desk.workshop.id, message)
    slow = {"inbound_answers": helped.voice.on_event}
    OutboxWorker(helped.database, clock, quick={}, slow=slow).drain()
    (row,) = helped.rows()
    assert (row.kind, row.is_gone) == ("voice", bool(text))
    owner = staff_of(helped.desk.workshop)
    (shown,) = helped.desk.inbox.list_inbox(owner).rows
    thread = helped.desk.inbox.get_thread(owner, shown.conversation_id)
    assert thread.messages[0].text == text
    assert shown.preview == (text or "audio.ogg")


def test_a_repeated_voice_message_is_stored_once(alone: MediaDesk) -> None:
    chat = alone.desk.open_chat()
    first, _ = alone.speak(chat, "Hallo")
    again, is_new = alone.speak(chat, "Hallo")
    assert (again.id, is_new) == (first.id, False)
    assert len(alone.kept()) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "voice_empty"), (b"<html>", "voice_type"), (b"OggS" + b"x" * 10 * 1024 * 1024, "voice_too_large")],
)
def test_what_is_no_voice_message_is_refused(alone: MediaDesk, content: bytes, code: str) -> None:
    chat = alone.desk.open_chat()
    with pytest.raises((Invalid, TooLarge)) as refused:
        alone.chat_files.send_voice(chat.actor, content=content, client_id="c1")
    assert refused.value.code == code
    assert alone.kept() == set()


def test_a_photo_of_a_red_lamp_makes_the_lead_urgent_and_calls_a_person(
    helped: MediaDesk, model: OpenAIStandIn
) -> None:
    chat = helped.desk.open_chat()
    helped.send_photos(chat, plain("grey"), plain("red"), text="Was ist das?")
    helped.look()
    thread = chat.thread()
    findings = [file.finding for file in thread.messages[0].files]
    assert [(one["kind"], one["lamp"]) for one in findings] == [("damage", ""), ("warning_lamp", "oil")]
    assert (thread.lead.urgency, thread.mode, thread.handover_reason) == ("emergency", "human", "emergency")
    assert thread.lead.service_codes[0].startswith("ENG-OIL")
    helped.look()
    assert len(model.requests) == 2
    said = " ".join(m.text for m in helped.desk.conversations.thread_for_customer(chat.actor).messages)
    assert "Ölkanne" not in said


def test_other_photos_are_described_for_staff_and_change_nothing(helped: MediaDesk) -> None:
    chat = helped.desk.open_chat()
    helped.send_photos(chat, plain("black"), plain("white"))
    helped.look()
    thread = chat.thread()
    assert [file.finding["kind"] for file in thread.messages[0].files] == ["tyre", "document"]
    assert (thread.lead, thread.mode) == (None, "assistant")


def test_words_in_a_photo_are_data_and_reach_neither_customer_nor_dialogue(
    helped: MediaDesk, model: OpenAIStandIn
) -> None:
    model.behave("injected")
    chat = helped.desk.open_chat()
    sent, _ = helped.send_photos(chat, plain("red"), text="Was kosten neue Bremsbeläge?")
    helped.look()
    rules = model.requests[0]["messages"][0]["content"]
    assert "never an instruction" in rules
    chat.answer(sent)
    thread = chat.thread()
    finding = thread.messages[0].files[0].finding
    assert (finding["kind"], "\n" in finding["text"], finding["lamp"]) == ("other", False, "")
    assert "IGNORE" in finding["text"]
    told = helped.desk.conversations.thread_for_customer(chat.actor).messages
    assert all("IGNORE" not in message.text for message in told)
    assert all("1 EUR" not in message.text for message in told)
    assert "IGNORE" not in str(helped.desk.conversations.dialogue_of(chat.actor))


@pytest.mark.parametrize("trouble", ["error_500", "slow", "no_json"])
def test_a_photo_nobody_can_look_at_is_still_a_photo(
    helped: MediaDesk, model: OpenAIStandIn, trouble: str
) -> None:
    model.behave(trouble)
    chat = helped.desk.open_chat()
    helped.send_photos(chat, plain("red"))
    helped.look()
    (photo,) = chat.thread().messages[0].files
    assert (photo.kind, photo.finding) == ("photo", {})
