"""The assistant as the customer meets it: one answer per message, whoever of the two engines wrote it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import Session

from carbot_app.domains.conversations.answers import (
    AnswerEvent,
    Choice,
    Delta,
    Finished,
    ModeChanged,
    Reply,
)
from carbot_app.domains.conversations.guard import split_sentences, unsupported_claims
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.ports import AssistantEngine, AssistantUnavailable, HistoryLine, Turn
from carbot_app.domains.conversations.recording import TurnRecorder
from carbot_app.domains.conversations.runs import AnswerRun, AnswerRuns
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.conversations.threads import CHAT, hand_over, messages_after
from carbot_app.domains.conversations.understanding import MessageReader, Understood
from carbot_app.domains.conversations.views import describe_message
from carbot_app.domains.conversations.visit_words import without_secrets
from carbot_app.domains.conversations.wordless import wordless_reply
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.i18n import translate
from carbot_app.kit.metrics import CHAT_ANSWERS, CHAT_FIRST_TOKEN_SECONDS

WORDS_PER_DELTA = 3
DELTA_PAUSE = 0.02
"""Seconds between two pieces of an answer that is ready at once: it reads as being written."""
HISTORY_LENGTH = 20

log = structlog.get_logger()


class AssistantService:
    """Answers customers. ``external`` is asked first where there is one; ``local`` always answers."""

    def __init__(
        self,
        *,
        clock: Clock,
        reader: MessageReader,
        conversations: ConversationService,
        recorder: TurnRecorder,
        local: AssistantEngine,
        external: AssistantEngine | None = None,
    ) -> None:
        self._clock = clock
        self._reader = reader
        self._conversations = conversations
        self._recorder = recorder
        self._local = local
        self._external = external
        self._runs = AnswerRuns()

    def answer(
        self, actor: Actor, conversation_id: UUID, message: MessageView, choice: Choice | None = None
    ) -> AsyncIterator[AnswerEvent]:
        """Start answering a stored message of the customer; returns what comes of it. Needs a running loop.

        The work goes on and is stored when nobody listens; calling again while it runs listens to the same
        answer from its beginning. Nothing is said while a person answers, unless there is danger.
        """
        run = self._runs.find(message.id)
        if run is None:
            run = self._runs.start(
                conversation_id, message.id, lambda run: self._respond(run, actor, message, choice)
            )
        return run.listen()

    async def answer_unheard(self, actor: Actor, message: MessageView) -> None:
        """Answer a message of another channel than the chat; it is stored, and leaves as message.sent."""
        await self._respond(AnswerRun(heard=False), actor, message, None)

    def is_answering(self, message_id: UUID) -> bool:
        """Whether an answer to this message is under way in this process."""
        return self._runs.find(message_id) is not None

    def warm_up(self) -> None:
        """Load what the first answer needs; blocking."""
        self._reader.warm_up()

    async def close(self) -> None:
        """Wait until every answer under way is stored."""
        await self._runs.wait_all()

    async def _respond(
        self, run: AnswerRun, actor: Actor, message: MessageView, choice: Choice | None
    ) -> None:
        reserved: MessageView | None = None
        understood: Understood | None = None
        watch = _Watch()
        try:
            understood, reserved = await asyncio.to_thread(self._begin, actor, message, choice)
            if reserved is None:
                return
            reply = understood.rule_reply
            if reply is None:
                reply = await self._ask_engines(run, reserved.id, actor, understood, watch)
            else:
                await _stream(run, reserved.id, reply.text, watch)
            events = await asyncio.to_thread(self._finish, actor, reserved.id, understood, reply)
        except Exception:
            log.exception("assistant.failed", conversation=str(actor.subject_id))
            if reserved is None or understood is None:
                return
            events = await asyncio.to_thread(
                self._finish, actor, reserved.id, understood, _failed(understood)
            )
        watch.finish()
        for event in events:
            run.publish(event)

    def _begin(
        self, actor: Actor, message: MessageView, choice: Choice | None
    ) -> tuple[Understood, MessageView | None]:
        understood = self._reader.read(actor, message.text, choice)
        if understood.rule_reply is None:
            reply = wordless_reply(message, understood.turn.state.language)
            understood = replace(understood, rule_reply=reply)
        state = understood.turn.state
        urgent = understood.urgent and not state.danger_told
        state.danger_told = state.danger_told or understood.urgent
        only_after = None if message.channel == CHAT else message.seq
        reserved = self._conversations.begin_answer(actor, urgent=urgent, only_after=only_after)
        if reserved is None:
            self._conversations.keep_dialogue(actor, state.to_json(), self._record(understood))
        return understood, reserved

    async def _ask_engines(
        self, run: AnswerRun, message_id: UUID, actor: Actor, understood: Understood, watch: "_Watch"
    ) -> Reply:
        """The external engine's guarded answer, or the local one's in the same turn."""
        turn = understood.turn
        if self._external is not None:
            before = turn.state.copy()
            history = await asyncio.to_thread(self._history, actor)
            asked = replace(turn, history=history)
            watch.engine = self._external.name
            try:
                return await _relay(run, message_id, asked, self._external, watch)
            except AssistantUnavailable as unavailable:
                log.warning("assistant.fell_back", reason=unavailable.reason)
                watch.outcome = "fell_back"
                _take_back(turn, before)
        watch.engine = self._local.name
        reply = await _reply_of(self._local, turn)
        wrong = unsupported_claims(reply.text, turn.tools.sheet, turn.tools.now)
        if wrong:
            log.error("assistant.local_answer_unsupported", kinds=wrong)
            text = translate(turn.state.language, "assistant.small.guarded", phone=understood.workshop.phone)
            reply = Reply(text, reply.parts, reply.handover)
        if watch.told:
            # Verified sentences of the other engine stand there already: the finished message replaces them.
            return reply
        await _stream(run, message_id, reply.text, watch)
        return reply

    def _history(self, actor: Actor) -> tuple[HistoryLine, ...]:
        thread = self._conversations.thread_for_customer(actor)
        lines = [
            HistoryLine(m.author, without_secrets(m.text, code=False))
            for m in thread.messages
            if m.text and m.author != "system"
        ]
        return tuple(lines[-HISTORY_LENGTH - 1 : -1])

    def _finish(
        self, actor: Actor, message_id: UUID, understood: Understood, reply: Reply
    ) -> list[AnswerEvent]:
        """Store the answer with everything the turn revealed, and hand over where it says so."""
        turn = understood.turn
        after: list[AnswerEvent] = []

        def within(session: Session, conversation: Conversation) -> None:
            self._record(understood)(session, conversation)
            if not reply.handover or conversation.mode == "human":
                return
            seq = conversation.last_seq
            hand_over(session, conversation, reason=reply.handover, now=self._clock())
            session.flush()
            after.extend(
                Finished(describe_message(line)) for line in messages_after(session, conversation.id, seq)
            )
            after.append(ModeChanged("human", None))

        message = self._conversations.finish_answer(
            actor,
            message_id,
            text=reply.text,
            parts=list(reply.parts),
            facts=[fact.to_json() for fact in turn.tools.sheet.facts],
            dialogue=turn.state.to_json(),
            language=turn.state.language,
            within=within,
        )
        return [Finished(message), *after]

    def _record(self, understood: Understood) -> Any:
        def within(session: Session, conversation: Conversation) -> None:
            country = understood.workshop.country
            self._recorder.record(session, conversation, understood.turn.state, country=country)

        return within


async def _reply_of(engine: AssistantEngine, turn: Turn) -> Reply:
    async for piece in engine.answer(turn):
        if isinstance(piece, Reply):
            return piece
    raise AssistantUnavailable("no_reply")


async def _relay(
    run: AnswerRun, message_id: UUID, turn: Turn, engine: AssistantEngine, watch: "_Watch"
) -> Reply:
    """Pass on an answer sentence by sentence, each checked against the facts so far.

    Raises AssistantUnavailable when the engine fails or states what no tool returned.
    """
    waiting = ""
    reply: Reply | None = None
    async with aclosing(engine.answer(turn)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Reply):
                reply = piece
                continue
            waiting += piece
            *ready, waiting = split_sentences(waiting) or [""]
            for sentence in ready:
                _check(sentence, turn)
                watch.tell()
                run.publish(Delta(message_id, sentence))
    if reply is None or not reply.text.strip():
        raise AssistantUnavailable("empty_answer")
    _check(reply.text, turn)
    if waiting:
        watch.tell()
        run.publish(Delta(message_id, waiting))
    return reply


def _check(text: str, turn: Turn) -> None:
    wrong = unsupported_claims(text, turn.tools.sheet, turn.tools.now)
    if wrong:
        raise AssistantUnavailable(f"unsupported_{'_'.join(wrong)}")


def _take_back(turn: Turn, before: Any) -> None:
    """Undo what a failed engine noted, except an appointment that is really booked."""
    kept = turn.tools.outcome
    for name in before.__dataclass_fields__:
        setattr(turn.state, name, getattr(before, name))
    if kept is not None and kept.visit is not None:
        turn.state.booked, turn.state.visits = kept.visit, before.visits + (not kept.moved)
        turn.state.chosen, turn.state.offered, turn.state.pending = None, [], ""


async def _stream(run: AnswerRun, message_id: UUID, text: str, watch: "_Watch") -> None:
    words = text.split(" ")
    watch.tell()
    for start in range(0, len(words), WORDS_PER_DELTA):
        chunk = " ".join(words[start : start + WORDS_PER_DELTA])
        is_last = start + WORDS_PER_DELTA >= len(words)
        run.publish(Delta(message_id, chunk if is_last else f"{chunk} "))
        if not is_last and run.heard:
            await asyncio.sleep(DELTA_PAUSE)


class _Watch:
    """Measures one answer for the metrics."""

    def __init__(self) -> None:
        self.engine = "rules"
        self.outcome = "answered"
        self.told = False
        self._started = time.perf_counter()

    def tell(self) -> None:
        """The first words go out."""
        if not self.told:
            self.told = True
            CHAT_FIRST_TOKEN_SECONDS.labels(self.engine).observe(time.perf_counter() - self._started)

    def finish(self) -> None:
        """The answer is stored."""
        CHAT_ANSWERS.labels(self.engine, self.outcome).inc()


def _failed(understood: Understood) -> Reply:
    language = understood.turn.state.language
    return Reply(translate(language, "assistant.small.failed", phone=understood.workshop.phone))
