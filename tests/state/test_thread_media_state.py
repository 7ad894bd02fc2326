"""Photos, voices and lamps in the open thread, in the words of who reads it."""

from carbot_app.bootstrap import Services
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.thread import ThreadState
from carbot_app.state.thread_rows import LampMark
from tests.factories import make_message
from tests.state.tabs import Tab, make_thread

FINDING = {"kind": "warning_lamp", "text": "Rote Ölkanne", "lamp": "oil", "confidence": 0.9}


async def test_what_a_photo_shows_is_said_with_doubt_and_a_deleted_sound_with_its_reason(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    message = make_message(services.db, conversation, seq=2, text="", client_id="c2")
    common = {"workshop_id": workshop.id, "message_id": message.id, "size": 2000, "sha256": ""}
    with services.db.writing(workshop.id) as session:
        session.add_all(
            [
                MessageFile(
                    **common, position=0, kind="photo", name="a.jpg", media_type="image/jpeg", finding=FINDING
                ),
                MessageFile(**common, position=1, kind="voice", name="v.ogg", media_type="audio/ogg"),
                MessageFile(
                    **common,
                    position=2,
                    kind="voice",
                    name="v.ogg",
                    media_type="audio/ogg",
                    reason="heard",
                ),
            ]
        )
    await tab.call(ThreadState.open_thread, str(conversation.id))
    state = await tab.state(ThreadState)
    photo, kept, gone = state.entries[-1].files
    assert photo.finding == "Vermutlich Warnleuchte · Öldruck: Rote Ölkanne"
    assert state.side.visit.meta == photo.finding
    assert (kept.name, kept.note, kept.gone) == ("Sprachnachricht", "2 kB", False)
    assert (gone.gone, gone.note) == (True, "aufgeschrieben, Ton gelöscht")


async def test_a_lamp_chosen_in_turkish_is_read_in_german(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    lamp = [{"type": "lamp", "lamp": "oil"}]
    make_message(services.db, conversation, seq=2, text="Uyarı lambası: Yağ basıncı", parts=lamp)
    unknown = [{"type": "lamp", "lamp": "flux_capacitor"}]
    make_message(services.db, conversation, seq=3, text="?", parts=unknown)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    *_, turkish, other = (await tab.state(ThreadState)).entries
    assert turkish.lamp == LampMark("lamp-oil", "Öldruck", stop=True)
    assert other.lamp == LampMark()
