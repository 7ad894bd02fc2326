"""One thread of the inbox, opened by its row or by ?c=<id>: messages, mode, answer, side pane."""

from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.schemas import AppointmentView
from carbot_app.domains.conversations.schemas import ThreadView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, TooLarge
from carbot_app.kit.live import conversation_channel
from carbot_app.state.beside import BesideState
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.suggestion import SuggestionState
from carbot_app.state.thread_rows import ThreadEntry, ThreadHead, describe_entries, describe_head
from carbot_app.state.thread_side import ThreadSide, describe_side
from carbot_app.state.thread_ways import ThreadWaysState

_THREAD_OF_ADDRESS = "new URLSearchParams(location.search).get('c') ?? ''"


class ThreadState(rx.State):
    """The open thread; ``conversation_id`` is empty while none is open."""

    conversation_id: str = ""
    status: str = "none"
    """none, loading, ready or failed."""
    head: ThreadHead = ThreadHead()
    entries: list[ThreadEntry] = []
    side: ThreadSide = ThreadSide()
    can_reply: bool = False
    busy: bool = False
    reply_error: str = ""
    sent_count: int = 0
    """Goes up with every answer sent; the composer empties then and only then."""

    _last_seq: int = 0
    _seen_seq: int = 0
    _loaded_for: str = ""

    @rx.event
    async def load(self):
        """Open the thread of the address, or none."""
        self._loaded_for = self.router.url.query_parameters.get("c", "")
        async for outcome in self._show(self._loaded_for):
            yield outcome
        yield rx.call_script(_THREAD_OF_ADDRESS, callback=ThreadState.follow_address)

    @rx.event
    async def follow_address(self, asked: str):
        """Show the thread that was picked while the page was loading.

        Rows of an earlier load are on the screen at once; what is picked there may be handled before the
        page's own ``load``, which knows the address of before.
        """
        if asked in (self._loaded_for, self.conversation_id):
            return
        async for outcome in self._show(asked):
            yield outcome

    @rx.event
    async def open_thread(self, conversation_id: str):
        """Show a thread and note that staff has seen it."""
        async for outcome in self._open(conversation_id):
            yield outcome

    @rx.event
    async def close(self):
        """Back to the list."""
        async with staff_step(self) as step:
            await step.actor()
            self._clear()
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch the thread again if the hint is about it."""
        if not self.conversation_id or (topic != "resync" and not self._concerns(topic, subject)):
            return None
        async with staff_step(self) as step:
            await self._fetch(step, self.conversation_id, live=True)
        if step.outcome is None and self._seen_seq < self._last_seq:
            # Only what is really on a screen counts as seen
            return rx.call_script("document.visibilityState === 'visible'", callback=ThreadState.look)
        return step.outcome

    @rx.event
    async def look(self, visible: bool):
        """The tab shows the thread: what has arrived is seen."""
        if not (visible and self.conversation_id):
            return None
        async with staff_step(self) as step:
            await self._mark_seen(step)
        return step.outcome

    @rx.event
    async def send(self, form: dict):
        """Answer the customer; the assistant is silent from now on."""
        self.busy, self.reply_error = True, ""
        yield
        async with staff_step(self) as step:
            actor, text = await step.actor(), str(form.get("text", ""))
            way = str(form.get("channel", ""))
            try:
                await step.call(get_services().inbox.reply, actor, self._id(), text, channel=way)
            except (Conflict, Invalid, TooLarge) as error:
                self.reply_error = step.text(error.message_key, **error.params)
            else:
                self.sent_count += 1
                if actor.kind == "person":
                    await step.call(get_services().drafts.keep, actor, self._id(), "")
                await step.call(get_services().suggestions.settle_reply, actor, self._id(), text)
                await self._fetch(step, self.conversation_id)
        self.busy = False
        yield step.outcome

    @rx.event
    async def write_note(self, form: dict):
        """Tell colleagues something; the customer never sees it."""
        beside = await self.get_state(BesideState)
        beside.busy, beside.note_error = True, ""
        yield
        async with staff_step(self) as step:
            actor, text = await step.actor(), str(form.get("text", ""))
            try:
                await step.call(get_services().notes.write_note, actor, self._id(), text)
            except Invalid as error:
                beside.note_error = step.text(error.message_key, **error.params)
            else:
                beside.noted_count += 1
                await self._fetch(step, self.conversation_id)
        beside.busy = False
        yield step.outcome

    @rx.event
    async def tell_typing(self):
        """The customer sees that somebody is writing an answer."""
        if not self.can_reply:
            return None
        async with staff_step(self) as step:
            hint = {"type": "typing", "name": (await step.actor()).name}
            await step.call(get_services().live.publish, conversation_channel(self._id()), hint)
        return step.outcome

    @rx.event
    async def take_over(self):
        """Silence the assistant before writing."""
        async with staff_step(self) as step:
            await step.call(get_services().inbox.take_over, await step.actor(), self._id())
            await self._fetch(step, self.conversation_id)
        return step.outcome

    @rx.event
    async def hand_back(self):
        """Let the assistant answer again."""
        async with staff_step(self) as step:
            await step.call(get_services().inbox.hand_back, await step.actor(), self._id())
            await self._fetch(step, self.conversation_id)
        return step.outcome

    @rx.event
    async def set_done(self, done: bool):
        """Close the thread or open it again."""
        async with staff_step(self) as step:
            await step.call(get_services().inbox.set_done, await step.actor(), self._id(), done)
            await self._fetch(step, self.conversation_id)
            step.outcome = toast("ok", step.text("inbox.toast.done" if done else "inbox.toast.reopened"))
        return step.outcome

    @rx.event
    async def confirm_visit(self):
        """Confirm the appointment the customer asked for."""
        async with staff_step(self) as step:
            booking, visit = get_services().booking, parse_id(self.side.visit.id)
            await step.call(booking.change_state, await step.actor(), visit, "confirmed")
            await self._fetch(step, self.conversation_id)
            text = step.text("inbox.toast.confirmed", when=self.side.visit.when)
            step.outcome = toast("ok", text)
        return step.outcome

    async def _show(self, asked: str):
        if not asked:
            self._clear()
            return
        async for outcome in self._open(asked):
            yield outcome

    async def _open(self, conversation_id: str):
        if conversation_id != self.conversation_id:
            self.reply_error = ""
        self.conversation_id = conversation_id
        async with staff_step(self) as step:
            await self._fetch(step, conversation_id)
        if step.error is not None:
            self._clear()
            yield step.outcome
        elif self._seen_seq < self._last_seq:
            yield
            async with staff_step(self) as step:
                await self._mark_seen(step)
            yield step.outcome

    async def _fetch(self, step: Step, conversation_id: str, *, live: bool = False) -> None:
        actor = await step.actor()
        thread = await step.call(get_services().inbox.get_thread, actor, parse_id(conversation_id))
        desk = await step.call(get_services().desk.get_desk, actor, parse_id(conversation_id))
        appointment = await self._appointment(step, actor, thread)
        reader = await reader_for(self)
        self.head = describe_head(thread, reader, str(actor.subject_id))
        self.entries = describe_entries(
            thread, reader, seen=self._last_seq if live else None, notes=desk.notes
        )
        self.side = describe_side(thread, appointment, reader)
        beside = await self.get_state(BesideState)
        await beside._show(step, conversation_id, desk, self.head, self.side)
        self.can_reply = actor.can("inbox.reply")
        await (await self.get_state(ThreadWaysState))._fill(step, actor, thread, reader)
        await (await self.get_state(SuggestionState))._fill(step, actor, conversation_id)
        self.status = "ready"
        self._last_seq, self._seen_seq = thread.last_seq, thread.staff_seen_seq

    @staticmethod
    async def _appointment(step: Step, actor: Actor, thread: ThreadView) -> AppointmentView | None:
        if thread.appointment_id is None or not actor.can("bookings.read"):
            return None
        return await step.call(get_services().booking.get_appointment, actor, thread.appointment_id)

    async def _mark_seen(self, step: Step) -> None:
        await step.call(get_services().inbox.mark_seen, await step.actor(), self._id(), self._last_seq)
        self._seen_seq = self._last_seq

    def _concerns(self, topic: str, subject: str) -> bool:
        if topic == "appointment":
            return subject == self.side.visit.id
        return subject == self.conversation_id

    def _id(self) -> UUID:
        return parse_id(self.conversation_id)

    def _clear(self) -> None:
        self.conversation_id, self.status = "", "none"
        self.head, self.side, self.entries = ThreadHead(), ThreadSide(), []
        self._last_seq = self._seen_seq = 0
        self.can_reply = False
