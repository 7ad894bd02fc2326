"""Which models the settings name."""

from collections.abc import Mapping
from typing import Any

from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.conversations.ports import AssistantEngine
from carbot_app.domains.conversations.recording import TurnRecorder
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.domains.diagnostics.ports import SummaryWriter
from carbot_app.domains.media.assessing import PhotoAssessment
from carbot_app.domains.media.chat_files import ChatFiles
from carbot_app.domains.media.ports import PhotoAssessor, Transcriber
from carbot_app.domains.media.service import Media
from carbot_app.domains.media.voice import VoiceService
from carbot_app.kit.clock import Clock


def external_assistant(settings: Settings, db: Database, clock: Clock) -> AssistantEngine | None:
    """The engine of the endpoint; None: there is none, and the built-in one does the whole job."""
    if not settings.ai_base_url:
        return None
    # The SDK takes half a second to import, which processes without a model need not spend.
    from carbot_app.adapters.ai.openai_assistant import OpenAIAssistant

    return OpenAIAssistant(model=settings.ai_model, **_endpoint(settings, db, clock))


def summary_writer(settings: Settings, db: Database, clock: Clock) -> SummaryWriter | None:
    """Who writes summaries of what was found at a car; None: there is no endpoint."""
    if not settings.ai_base_url:
        return None
    from carbot_app.adapters.ai.openai_summary import OpenAISummaryWriter

    return OpenAISummaryWriter(model=settings.ai_model, **_endpoint(settings, db, clock))


def open_media(
    settings: Settings,
    parts: Mapping[str, Any],
    *,
    conversations: ConversationService,
    catalog: CatalogService,
    recorder: TurnRecorder,
) -> Media:
    """Photos and voices over ``parts`` (db, clock, store), with whoever the settings let look and listen."""
    db, clock, store = parts["db"], parts["clock"], parts["store"]
    assessor, transcriber = _models(settings, db, clock)
    return Media(
        files=ChatFiles(db=db, store=store, conversations=conversations),
        voice=VoiceService(db=db, store=store, transcriber=transcriber),
        assessment=PhotoAssessment(
            db=db, clock=clock, store=store, catalog=catalog, recorder=recorder, assessor=assessor
        ),
    )


def _models(
    settings: Settings, db: Database, clock: Clock
) -> tuple[PhotoAssessor | None, Transcriber | None]:
    looks, listens = settings.ai_photo_model, settings.ai_transcription_model
    if not settings.ai_base_url or not (looks or listens):
        return None, None
    from carbot_app.adapters.ai.openai_media import OpenAIPhotoAssessor, OpenAITranscriber

    endpoint = _endpoint(settings, db, clock)
    return (
        OpenAIPhotoAssessor(model=looks, **endpoint) if looks else None,
        OpenAITranscriber(model=listens, **endpoint) if listens else None,
    )


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
