"""Which models the settings name."""

from typing import Any

from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.conversations.ports import AssistantEngine
from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.domains.media.ports import PhotoAssessor, Transcriber
from carbot_app.kit.clock import Clock


def external_assistant(settings: Settings, db: Database, clock: Clock) -> AssistantEngine | None:
    """The engine of the endpoint; None: there is none, and the built-in one does the whole job."""
    if not settings.ai_base_url:
        return None
    # The SDK takes half a second to import, which processes without a model need not spend.
    from carbot_app.adapters.ai.openai_assistant import OpenAIAssistant

    return OpenAIAssistant(model=settings.ai_model, **_endpoint(settings, db, clock))


def photo_assessor(settings: Settings, db: Database, clock: Clock) -> PhotoAssessor | None:
    """Who looks at photos; None: nobody but staff."""
    if not (settings.ai_base_url and settings.ai_photo_model):
        return None
    from carbot_app.adapters.ai.openai_media import OpenAIPhotoAssessor

    return OpenAIPhotoAssessor(model=settings.ai_photo_model, **_endpoint(settings, db, clock))


def transcriber(settings: Settings, db: Database, clock: Clock) -> Transcriber | None:
    """Who writes voice messages down; None: staff listens to them."""
    if not (settings.ai_base_url and settings.ai_transcription_model):
        return None
    from carbot_app.adapters.ai.openai_media import OpenAITranscriber

    return OpenAITranscriber(model=settings.ai_transcription_model, **_endpoint(settings, db, clock))


def _endpoint(settings: Settings, db: Database, clock: Clock) -> dict[str, Any]:
    return {
        "base_url": settings.ai_base_url,
        "api_key": settings.ai_api_key.get_secret_value(),
        "timeout_seconds": settings.ai_timeout_seconds,
        "ledger": UsageLedger(
            db=db,
            clock=clock,
            limit_cents=settings.ai_monthly_limit_cents,
            input_cents_per_million=settings.ai_input_cents_per_million,
            output_cents_per_million=settings.ai_output_cents_per_million,
        ),
    }
