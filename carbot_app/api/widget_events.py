"""Messages as the widget reads them, and the stream of an answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool

from carbot_app.bootstrap import Services
from carbot_app.domains.conversations.answers import AnswerEvent, Choice, Delta, Finished, ModeChanged
from carbot_app.domains.conversations.schemas import CustomerThread, MessageView
from carbot_app.kit.actor import Actor
from carbot_app.kit.i18n import translate

CARDS = {"slots", "replies", "contact", "booking", "danger", "link", "lamp"}
SYSTEM_LINES = {"handover", "taken_over", "handed_back"}
_SHOWN = {"photo", "voice"}
KEEP_ALIVE_SECONDS = 10.0
POLL_SECONDS = 0.3
POLLS = 100
_UNANSWERED_AFTER = 10
"""Polls after which a message nobody began to answer is answered anew: the process behind it is gone."""


def message_json(message: MessageView, language: str) -> dict[str, Any]:
    """One message of the widget contract; lines of the system get their words here."""
    return {
        "id": str(message.id),
        "seq": message.seq,
        "author": message.author,
        "author_name": message.author_name or None,
        "text": _text(message, language),
        "created_at": message.created_at.isoformat(),
        "parts": [part for part in message.parts if part.get("type") in CARDS],
        "state": message.state,
        "files": [{"id": str(file.id), "kind": file.kind} for file in message.files if file.kind in _SHOWN],
    }


async def answer_stream(
    services: Services, actor: Actor, message: MessageView, choice: Choice | None, *, is_new: bool
) -> AsyncIterator[bytes]:
    """Server-sent events: the stored message, its answer as it comes, ``done``.

    Comments keep the connection alive while an external model thinks.
    """
    started = is_new or services.assistant.is_answering(message.id)
    events = (
        _start(services, actor, message, choice) if started else _replay(services, actor, message, choice)
    )
    return _encode(events, message, actor.language)


def _start(
    services: Services, actor: Actor, message: MessageView, choice: Choice | None
) -> AsyncIterator[AnswerEvent]:
    assert actor.subject_id is not None
    return services.assistant.answer(actor, actor.subject_id, message, choice)


async def _replay(
    services: Services, actor: Actor, message: MessageView, choice: Choice | None
) -> AsyncIterator[AnswerEvent]:
    """The answer to a message sent before, once it is complete; answered anew when nobody ever began."""
    for poll in range(POLLS):
        thread = await run_in_threadpool(services.conversations.thread_for_customer, actor, message.seq)
        answers = [m for m in thread.messages if m.author in {"assistant", "system"}]
        if any(answer.state == "streaming" for answer in answers):
            await asyncio.sleep(POLL_SECONDS)
            continue
        if answers or thread.mode == "human":
            for event in _stored(answers, thread):
                yield event
            return
        if poll >= _UNANSWERED_AFTER:
            async for event in _start(services, actor, message, choice):
                yield event
            return
        await asyncio.sleep(POLL_SECONDS)


def _stored(answers: list[MessageView], thread: CustomerThread) -> list[AnswerEvent]:
    return [*(Finished(answer) for answer in answers), ModeChanged(thread.mode, thread.agent_name)]


async def _encode(
    events: AsyncIterator[AnswerEvent], message: MessageView, language: str
) -> AsyncIterator[bytes]:
    last_seq = message.seq
    yield _sse("message", message_json(message, language))
    async for event in _with_pauses(events):
        match event:
            case None:
                yield b": waiting\n\n"
            case Delta(message_id, text):
                yield _sse("delta", {"message_id": str(message_id), "text": text})
            case Finished(finished):
                last_seq = max(last_seq, finished.seq)
                yield _sse("message", message_json(finished, language))
            case ModeChanged(mode, agent_name):
                yield _sse("mode", {"mode": mode, "agent_name": agent_name})
    yield _sse("done", {"last_seq": last_seq})


async def _with_pauses(events: AsyncIterator[AnswerEvent]) -> AsyncIterator[AnswerEvent | None]:
    """The events, and None for every KEEP_ALIVE_SECONDS without one."""
    upcoming = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=KEEP_ALIVE_SECONDS)
            if not done:
                yield None
                continue
            event = upcoming.result()
            if event is None:
                return
            yield event
            upcoming = asyncio.ensure_future(anext(events, None))
    finally:
        upcoming.cancel()


def _sse(name: str, payload: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(payload))


def _text(message: MessageView, language: str) -> str:
    if message.state == "failed" and not message.text:
        return translate(language, "assistant.system.failed")
    if message.channel == "call":
        return translate(language, "inbox.message.missed_call")
    if message.author != "system":
        return message.text
    for part in message.parts:
        if part.get("type") in SYSTEM_LINES:
            return translate(language, f"assistant.system.{part['type']}", name=str(part.get("name") or ""))
    return message.text
