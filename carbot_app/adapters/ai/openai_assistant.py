"""The assistant on any OpenAI-compatible endpoint: tool calling, streaming, limits."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import openai
from openai import AsyncOpenAI

from carbot_app.adapters.ai.model_tools import definitions, start
from carbot_app.adapters.ai.prompt import situation, system_prompt
from carbot_app.adapters.ai.tool_run import ToolRun
from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.answers import Part, Reply
from carbot_app.domains.conversations.ports import AssistantUnavailable, Turn
from carbot_app.domains.conversations.usage import UsageLedger

MAX_ROUNDS = 5
"""Model calls per turn; a model that keeps calling tools is stopped."""
MAX_OUTPUT_TOKENS = 600
RETRIES = 1
_ROLES = {"customer": "user", "assistant": "assistant", "staff": "assistant"}
_CHARACTERS_PER_TOKEN = 4
"""Estimate for endpoints that report no usage."""


@dataclass(slots=True)
class _Call:
    """A tool call put together from its pieces."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class _Round:
    """What one model call brought."""

    text: str = ""
    calls: dict[int, _Call] = field(default_factory=dict)
    finish_reason: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0


class OpenAIAssistant:
    """AssistantEngine over the chat completions API. Every failure becomes AssistantUnavailable."""

    name = "openai"

    def __init__(
        self, *, base_url: str, api_key: str, model: str, timeout_seconds: float, ledger: UsageLedger
    ) -> None:
        self._model = model
        self._timeout = timeout_seconds
        self._ledger = ledger
        self._connect = partial(
            AsyncOpenAI,
            base_url=base_url,
            api_key=api_key or "none",
            timeout=timeout_seconds,
            max_retries=RETRIES,
        )
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()

    @property
    def _client(self) -> AsyncOpenAI:
        """The client of the running loop: connections cannot be used from another one."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = self._connect()
        return self._clients[loop]

    async def answer(self, turn: Turn) -> AsyncGenerator[str | Reply, None]:
        """See AssistantEngine.answer."""
        run = start(turn)
        messages = _messages(turn)
        said = ""
        for _ in range(MAX_ROUNDS):
            if not await asyncio.to_thread(self._ledger.has_budget, turn.tools.workshop.id):
                raise AssistantUnavailable("monthly_limit")
            found = _Round()
            async for piece in self._call(messages, found):
                said += piece
                yield piece
            await self._pay(turn, messages, found)
            if not found.calls:
                yield Reply(said.strip(), tuple(_parts(run)), run.handover)
                return
            messages.append(_assistant_message(found))
            for call in found.calls.values():
                result = await asyncio.to_thread(run.call, call.name, call.arguments)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
            if said and not said.endswith(" "):
                said += " "
                yield " "
        raise AssistantUnavailable("too_many_rounds")

    async def _call(self, messages: list[dict[str, Any]], found: _Round) -> AsyncIterator[str]:
        """One streamed model call within the time limit; fills ``found``."""
        ends_at = time.monotonic() + self._timeout
        stream: Any = None
        try:
            request = self._request(messages)
            stream = await asyncio.wait_for(self._client.chat.completions.create(**request), self._timeout)
            pieces = aiter(stream)
            while True:
                chunk = await asyncio.wait_for(anext(pieces, None), ends_at - time.monotonic())
                if chunk is None:
                    break
                if text := _take(chunk, found):
                    yield text
        except TimeoutError:
            raise AssistantUnavailable("timeout") from None
        except openai.OpenAIError as error:
            raise AssistantUnavailable(type(error).__name__) from error
        except Exception as error:
            # A stream that breaks off surfaces as whatever the transport or the parser raises.
            raise AssistantUnavailable(f"stream_{type(error).__name__}") from error
        finally:
            if stream is not None:
                await stream.close()
        if found.finish_reason not in {"stop", "tool_calls"}:
            raise AssistantUnavailable(f"finished_{found.finish_reason or 'early'}")

    def _request(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": messages,
            "tools": definitions(),
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_completion_tokens": MAX_OUTPUT_TOKENS,
        }

    async def _pay(self, turn: Turn, messages: list[dict[str, Any]], found: _Round) -> None:
        said = len(found.text) + sum(len(call.arguments) for call in found.calls.values())
        sent = sum(len(str(message.get("content") or "")) for message in messages)
        await asyncio.to_thread(
            self._ledger.record,
            turn.tools.workshop.id,
            input_tokens=found.input_tokens or sent // _CHARACTERS_PER_TOKEN,
            output_tokens=found.output_tokens or said // _CHARACTERS_PER_TOKEN,
        )


def _take(chunk: Any, found: _Round) -> str:
    """Note a piece of the stream; returns its text."""
    if chunk.usage is not None:
        found.input_tokens = chunk.usage.prompt_tokens
        found.output_tokens = chunk.usage.completion_tokens
    if not chunk.choices:
        return ""
    choice = chunk.choices[0]
    found.finish_reason = choice.finish_reason or found.finish_reason
    for piece in choice.delta.tool_calls or ():
        call = found.calls.setdefault(piece.index, _Call())
        call.id = piece.id or call.id
        if piece.function is not None:
            call.name += piece.function.name or ""
            call.arguments += piece.function.arguments or ""
    text = choice.delta.content or ""
    found.text += text
    return text


def _messages(turn: Turn) -> list[dict[str, Any]]:
    return [
        {"role": "system", "content": system_prompt(turn)},
        *({"role": _ROLES[line.role], "content": line.text} for line in turn.history if line.role in _ROLES),
        {"role": "system", "content": situation(turn)},
        {"role": "user", "content": turn.text or "…"},
    ]


def _assistant_message(found: _Round) -> dict[str, Any]:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in found.calls.values()
    ]
    return {"role": "assistant", "content": found.text or None, "tool_calls": calls}


def _parts(run: ToolRun) -> list[Part]:
    """The cards that belong to what the tools did."""
    turn = run.turn
    state, outcome = turn.state, turn.tools.outcome
    if outcome is not None and outcome.visit is not None:
        booked = cards.booking_card(outcome.visit, state.language, moved=outcome.moved)
        asked = [cards.deposit_card(outcome.deposit, state.language)] if outcome.deposit else []
        return [booked, *asked]
    if state.pending == "contact" and state.chosen is not None:
        return [cards.contact_card()]
    if run.offered and turn.tools.last_offer and turn.tools.last_offer.slots:
        state.pending = "slot"
        return [cards.slots_card(turn.tools.last_offer, state.language)]
    if state.booked and any(fact.tool == "appointment" for fact in turn.tools.sheet.facts):
        return [cards.manage_card(state.booked, state.language)]
    return [cards.contact_card()] if run.handover and not state.reachable else []
