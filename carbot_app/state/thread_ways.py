"""Beside an open thread: ways to answer, providers out of order, and who may be the same person."""

from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.schemas import ReplyChannel, ThreadView
from carbot_app.domains.messaging.schemas import Outage
from carbot_app.kit.actor import Actor
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class WayOption:
    """A channel an answer can take."""

    channel: str
    label: str


@dataclass(frozen=True, slots=True)
class SameLine:
    """A customer who may be the same person."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class OutageLine:
    """A channel out of order."""

    title: str
    text: str


class ThreadWaysState(rx.State):
    """Filled by the thread whenever it is fetched."""

    conversation_id: str = ""
    ways: list[WayOption] = []
    """Usable now, the usual one first; one or none: there is nothing to choose."""
    refused: str = ""
    """Why the usual channel cannot be used now."""
    ask_to_write: bool = False
    """Only a template can be sent on the usual channel."""
    same: list[SameLine] = []
    change_id: str = ""
    """The last merge or split, which can be undone."""
    can_split: bool = False
    outages: list[OutageLine] = []

    _customer_id: str = ""

    async def _fill(self, step: Step, actor: Actor, thread: ThreadView, reader: Reader) -> None:
        """Show what belongs to the thread."""
        services = get_services()
        self.conversation_id = str(thread.conversation_id)
        usual = thread.reply_channels[0] if thread.reply_channels else ReplyChannel("chat", "")
        self.ways = [
            WayOption(way.channel, _label(way, reader)) for way in thread.reply_channels if not way.refused
        ]
        self.refused = translate(reader.language, f"errors.{usual.refused}") if usual.refused else ""
        self.ask_to_write = usual.refused == "whatsapp_window_closed"
        self.outages = outage_lines(await step.call(services.messaging.list_outages, actor), reader)
        self.same, self.change_id, self._customer_id = [], "", ""
        self.can_split = False
        if thread.customer is None:
            return
        self._customer_id = str(thread.customer.id)
        merging = services.merging
        found = await step.call(merging.list_suggestions, actor, thread.customer.id)
        self.same = [
            SameLine(str(one.id), one.name, " · ".join(filter(None, (one.phone_text, one.email))))
            for one in found
        ]
        last = await step.call(merging.find_last_change, actor, thread.customer.id)
        self.change_id = str(last.id) if last and actor.can("inbox.reply") else ""
        self.can_split = bool(thread.customer.phone or thread.customer.email) and actor.can("inbox.reply")

    @rx.event
    async def merge(self, other_id: str):
        """The suggested customer becomes a part of the thread's."""
        async with staff_step(self) as step:
            merging, actor = get_services().merging, await step.actor()
            other = next((one.name for one in self.same if one.id == other_id), "")
            await step.call(merging.merge, actor, parse_id(self._customer_id), parse_id(other_id))
            await self._fetch(step, actor)
            name = other or step.text("inbox.same.unknown")
            step.outcome = toast("ok", step.text("inbox.same.merged", name=name))
        return step.outcome

    @rx.event
    async def split(self):
        """The thread is somebody else's."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().merging.split, actor, parse_id(self.conversation_id))
            await self._fetch(step, actor)
            step.outcome = toast("ok", step.text("inbox.same.was_split"))
        return step.outcome

    @rx.event
    async def undo(self):
        """Take the last merge or split back."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().merging.undo, actor, parse_id(self.change_id))
            await self._fetch(step, actor)
            step.outcome = toast("ok", step.text("inbox.same.undone"))
        return step.outcome

    @rx.event
    async def ask(self):
        """Send the template that asks the customer to write again."""
        async with staff_step(self) as step:
            actor, replies = await step.actor(), get_services().thread_replies
            await step.call(replies.ask_to_write_again, actor, parse_id(self.conversation_id))
            step.outcome = toast("ok", step.text("inbox.toast.asked_to_write"))
        return step.outcome

    async def _fetch(self, step: Step, actor: Actor) -> None:
        thread = await step.call(get_services().inbox.get_thread, actor, parse_id(self.conversation_id))
        await self._fill(step, actor, thread, await reader_for(self))


def outage_lines(outages: Iterable[Outage], reader: Reader) -> list[OutageLine]:
    """What is out of order, in the reader's words."""
    return [
        OutageLine(
            translate(reader.language, "inbox.outage.title", channel=_channel(found.channel, reader)),
            translate(reader.language, "inbox.outage.text", since=reader.day_and_clock(found.since)),
        )
        for found in outages
    ]


def _label(way: ReplyChannel, reader: Reader) -> str:
    return " · ".join(filter(None, (_channel(way.channel, reader), way.address)))


def _channel(channel: str, reader: Reader) -> str:
    return translate(reader.language, f"inbox.channel.{channel}")
