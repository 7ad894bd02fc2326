"""The list of the inbox: filters, search and rows; the thread beside it is ThreadState."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.inbox_list import VIEWS
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.domains.conversations.schemas import InboxPage, InboxRow
from carbot_app.state.address import set_address
from carbot_app.state.desk_rows import LabelChip, Wait, label_chip, wait_of
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, heat, initials, plate_text, tint

PAGE = 50
LONGEST_LIST = 200
"""Rows a live refetch asks for at most."""
COUNTED = ("open", "hot", "mine", "waiting", "unassigned", "snoozed")
LIVE_TOPICS = {"conversation", "lead"}


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A row as it is shown."""

    id: str = ""
    name: str = ""
    initials: str = ""
    tint: int = 0
    unread: bool = False
    preview: str = ""
    plate: PlateText = NO_PLATE
    heat: str = "cool"
    score: int = 0
    channel: str = "chat"
    sign: str = ""
    """answers, emergency, complaint, asked, taken or empty; what to know before opening."""
    assigned: str = ""
    """Who sees to it."""
    assigned_initials: str = ""
    assigned_tint: int = 0
    labels: tuple[LabelChip, ...] = ()
    draft: bool = False
    snoozed: str = ""
    """Until when; empty while it is not put away."""
    fresh: bool = False
    """Changed while looked at: tinted once."""


class InboxState(rx.State):
    """Rows, filter and search of the inbox; the address (?view=&q=) is the truth."""

    status: str = "loading"
    """loading, ready or failed; rows stay while failed."""
    rows: list[InboxLine] = []
    ages: dict[str, str] = {}
    """Row id → ``4 Min.``; apart from the rows because it changes by itself."""
    waits: dict[str, Wait] = {}
    """Row id → first-response clock."""
    counts: dict[str, int] = dict.fromkeys(COUNTED, 0)
    view: str = "open"
    label: str = ""
    """Id of the label rows must bear; empty: any."""
    search: str = ""
    has_more: bool = False

    _written_at: dict[str, datetime] = {}
    _waiting_since: dict[str, datetime] = {}
    _clock: ResponseClock | None = None
    _next: str | None = None

    @rx.event
    async def load(self):
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self.view = asked.get("view", "open") if asked.get("view") in VIEWS else "open"
        self.search = asked.get("q", "")[:80]
        self.label = asked.get("label", "")
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def pick_view(self, view: str):
        """Another filter."""
        self.view = view if view in VIEWS else "open"
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def pick_label(self, label_id: str):
        """Only rows with this label, or any when empty."""
        self.label = label_id
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step) or set_address(label=self.label)

    @rx.event
    async def find(self, text: str):
        """Search in names, plates, phone numbers and messages."""
        self.search = text.strip()[:80]
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step) or set_address(q=self.search)

    @rx.event
    async def search_all(self, form: dict):
        """From the frame's search field: every thread that fits, open or done."""
        async with staff_step(self) as step:
            await step.actor()
            step.outcome = rx.redirect(f"/posteingang/?view=all&q={quote(str(form.get('q', ''))[:80])}")
        return step.outcome

    @rx.event
    async def load_more(self):
        """The next page below the rows."""
        async with staff_step(self) as step:
            page = await self._page(step, before=self._next, limit=PAGE)
            self._show(page, await reader_for(self), append=True)
        return self._after(step)

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint; rows that changed are tinted once."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step, limit=min(max(PAGE, len(self.rows)), LONGEST_LIST), live=True)
        return self._after(step)

    @rx.event
    async def take_row(self, conversation_id: str):
        """From a swiped row: the assistant falls silent, the person answers."""
        async with staff_step(self) as step:
            inbox, actor = get_services().inbox, await step.actor()
            await step.call(inbox.take_over, actor, parse_id(conversation_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("inbox.toast.taken"))
        return step.outcome

    @rx.event
    async def finish_row(self, conversation_id: str):
        """From a swiped row: the thread is done, until undone or written in again."""
        async with staff_step(self) as step:
            await self._set_done(step, conversation_id, True)
            undo = (step.text("ui.actions.undo"), conversation_id)
            step.outcome = toast("ok", step.text("inbox.toast.done"), action=undo)
        return step.outcome

    @rx.event
    async def undo_finish(self, conversation_id: str):
        """From the message that said so."""
        async with staff_step(self) as step:
            await self._set_done(step, conversation_id, False)
        return step.outcome

    @rx.event
    async def tick(self):
        """Every minute: the ages beside the names move on, without a look at the database."""
        async with staff_step(self) as step:
            await step.actor()
            self._tell_ages(self._written_at, self._waiting_since, self._clock, await reader_for(self))
        return step.outcome

    async def _set_done(self, step: Step, conversation_id: str, done: bool) -> None:
        inbox, actor = get_services().inbox, await step.actor()
        await step.call(inbox.set_done, actor, parse_id(conversation_id), done)
        await self._fetch(step)

    async def _fetch(self, step: Step, *, limit: int = PAGE, live: bool = False) -> None:
        page = await self._page(step, before=None, limit=limit)
        self._show(page, await reader_for(self), live=live)

    async def _page(self, step: Step, *, before: str | None, limit: int) -> InboxPage:
        inbox = get_services().inbox
        return await step.call(
            inbox.list_inbox,
            await step.actor(),
            view=self.view,
            search=self.search,
            before=before,
            limit=limit,
            label_id=parse_id(self.label) if self.label else None,
        )

    def _show(self, page: InboxPage, reader: Reader, *, append: bool = False, live: bool = False) -> None:
        known = self._written_at if live else None
        lines = [_line(row, known, reader) for row in page.rows]
        written = {str(row.conversation_id): row.last_message_at for row in page.rows}
        since = {str(row.conversation_id): row.waiting_since for row in page.rows if row.waiting_since}
        if append:
            self.rows.extend(lines)
            written, since = {**self._written_at, **written}, {**self._waiting_since, **since}
        else:
            self.rows = lines
        self._written_at, self._waiting_since, self._clock = written, since, page.clock
        self._tell_ages(written, since, page.clock, reader)
        self._next, self.has_more = page.next_before, page.next_before is not None
        self.counts = {name: getattr(page.counts, name) for name in COUNTED}

    def _tell_ages(
        self,
        written_at: Mapping[str, datetime],
        waiting_since: Mapping[str, datetime],
        clock: ResponseClock | None,
        reader: Reader,
    ) -> None:
        # Given plain: through the state each of a thousand reads would go by a proxy
        self.ages = {row: reader.ago(written) for row, written in written_at.items()}
        waits = {row: wait_of(since, clock, reader) for row, since in waiting_since.items()}
        self.waits = {row: wait for row, wait in waits.items() if wait.text}

    def _after(self, step: Step):
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _line(row: InboxRow, known: dict[str, datetime] | None, reader: Reader) -> InboxLine:
    conversation = str(row.conversation_id)
    return InboxLine(
        id=conversation,
        name=row.customer_name,
        initials=initials(row.customer_name),
        tint=tint(row.customer_name),
        unread=row.unread,
        preview=row.preview.replace("**", ""),
        plate=plate_text(row.plate, row.plate_country),
        heat=heat(row.temperature),
        score=row.score,
        channel=row.channel,
        sign=_sign(row),
        assigned=row.assigned_name,
        assigned_initials=initials(row.assigned_name) if row.assigned_name else "",
        assigned_tint=tint(row.assigned_name),
        labels=tuple(label_chip(label) for label in row.labels),
        draft=row.has_draft,
        snoozed=reader.day_and_clock(row.snoozed_until) if row.snoozed_until else "",
        fresh=known is not None and known.get(conversation) != row.last_message_at,
    )


def _sign(row: InboxRow) -> str:
    if row.state == "done":
        return ""
    if row.urgency == "emergency" or row.handover_reason == "emergency":
        return "emergency"
    if row.handover_reason == "complaint":
        return "complaint"
    if row.mode == "assistant":
        return "answers" if row.channel != "booking" else ""
    return "taken" if row.taken_by_name else "asked"
