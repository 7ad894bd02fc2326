"""The list of the inbox: filters, search and rows; the thread beside it is ThreadState."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.inbox_list import VIEWS
from carbot_app.domains.conversations.schemas import InboxPage, InboxRow
from carbot_app.state.address import set_address
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, heat, initials, plate_text, tint

PAGE = 50
LONGEST_LIST = 200
"""Rows a live refetch asks for at most."""
LIVE_TOPICS = {"conversation", "lead", "resync"}


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
    taken_by: str = ""
    fresh: bool = False
    """Changed while looked at: tinted once."""


class InboxState(rx.State):
    """Rows, filter and search of the inbox; the address (?view=&q=) is the truth."""

    status: str = "loading"
    """loading, ready or failed; rows stay while failed."""
    rows: list[InboxLine] = []
    ages: dict[str, str] = {}
    """Row id → ``4 Min.``; apart from the rows because it changes by itself."""
    counts: dict[str, int] = {"open": 0, "hot": 0, "mine": 0, "waiting": 0}
    view: str = "open"
    search: str = ""
    has_more: bool = False

    _written_at: dict[str, datetime] = {}
    _next: str | None = None

    @rx.event
    async def load(self):
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self.view = asked.get("view", "open") if asked.get("view") in VIEWS else "open"
        self.search = asked.get("q", "")[:80]
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
        if topic not in LIVE_TOPICS or self.status == "loading":
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
            self._tell_ages(await reader_for(self))
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
        )

    def _show(self, page: InboxPage, reader: Reader, *, append: bool = False, live: bool = False) -> None:
        known = self._written_at if live else None
        lines = [_line(row, known) for row in page.rows]
        written = {str(row.conversation_id): row.last_message_at for row in page.rows}
        if append:
            self.rows.extend(lines)
            self._written_at.update(written)
        else:
            self.rows, self._written_at = lines, written
        self._tell_ages(reader)
        self._next, self.has_more = page.next_before, page.next_before is not None
        self.counts = {
            "open": page.counts.open,
            "hot": page.counts.hot,
            "mine": page.counts.mine,
            "waiting": page.counts.waiting,
        }

    def _tell_ages(self, reader: Reader) -> None:
        self.ages = {row: reader.ago(written) for row, written in self._written_at.items()}

    def _after(self, step: Step):
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _line(row: InboxRow, known: dict[str, datetime] | None) -> InboxLine:
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
        taken_by=row.taken_by_name,
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
