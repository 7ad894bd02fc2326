"""What is answered to a message that has no words (pure)."""

from carbot_app.domains.conversations.answers import Reply
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.kit.i18n import translate

UNHEARD = "voice"
"""Why a person is asked: nobody else can listen."""


def wordless_reply(message: MessageView, language: str) -> Reply | None:
    """Photos are thanked for and asked about, a voice message nobody has written down goes to a person."""
    if message.text.strip() or not message.files:
        return None
    if any(file.kind == "voice" for file in message.files):
        return Reply(translate(language, "assistant.media.voice"), handover=UNHEARD)
    return Reply(translate(language, "assistant.media.photo", count=len(message.files)))
