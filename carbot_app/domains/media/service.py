"""What is done with what customers show and say."""

from dataclasses import dataclass

from carbot_app.domains.media.assessing import PhotoAssessment
from carbot_app.domains.media.chat_files import ChatFiles
from carbot_app.domains.media.voice import VoiceService


@dataclass(frozen=True, slots=True)
class Media:
    """Photos and voices of chats: taking them in, listening, looking."""

    files: ChatFiles
    voice: VoiceService
    assessment: PhotoAssessment
