"""The outbox: which mails left, and which did not."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.messaging.schemas import MessageView
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.thread_ways import OutageLine, outage_lines
from carbot_app.state.wording import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail as a row; its text is fetched when it is opened."""

    id: str = ""
    subject: str = ""
    address: str = ""
    state: str = ""
    """One of messaging.states."""
    channel: str = "mail"
    can_retry: bool = False
    at: str = ""
    sent: str = ""
    error: str = ""


class OutboxState(rx.State):
    """Mails, newest first, and the one that is open."""

    status: str = "loading"
    """loading, ready or failed."""
    mails: list[MailLine] = []
    has_more: bool = False
    has_server: bool = True
    """Whether a mail server is set; without one mails are held."""
    opened: MailLine = MailLine()
    text: str = ""
    """Of the opened mail; empty when it is for the owner's eyes only."""
    busy: bool = False
    outages: list[OutageLine] = []
    """Channels whose provider takes nothing at the moment."""

    @rx.event
    async def load(self):
        """Fetch the newest."""
        self.opened, self.text = MailLine(), ""
        async with staff_step(self) as step:
            found = await step.call(get_services().messaging.list_outages, await step.actor())
            self.outages = outage_lines(found, await reader_for(self))
            self.has_server = bool(get_services().settings.smtp_url)
            self.mails = await self._fetch(step, None)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def load_more(self):
        """Fetch older ones."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            last = parse_id(self.mails[-1].id) if self.mails else None
            self.mails = [*self.mails, *await self._fetch(step, last)]
        self.busy = False
        yield step.outcome

    @rx.event
    async def open_mail(self, mail_id: str):
        """Show a mail's text."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            found = await step.call(get_services().messaging.get_message, actor, parse_id(mail_id))
            self.opened, self.text = _line(found, reader), found.text
        return step.outcome

    @rx.event
    async def retry(self):
        """Send the opened one again."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            sent = await step.call(get_services().messaging.retry, actor, parse_id(self.opened.id))
            self.opened = _line(sent, reader)
            self.mails = [self.opened if mail.id == self.opened.id else mail for mail in self.mails]
            step.outcome = toast("ok", step.text("settings.outbox.retried"))
        return step.outcome

    @rx.event
    async def close_mail(self):
        """Close it again."""
        self.opened, self.text = MailLine(), ""

    async def _fetch(self, step: Step, before: UUID | None) -> list[MailLine]:
        actor, reader = await step.actor(), await reader_for(self)
        list_messages = get_services().messaging.list_messages
        found = await step.call(list_messages, actor, before=before, limit=PAGE + 1)
        self.has_more = len(found) > PAGE
        return [_line(mail, reader) for mail in found[:PAGE]]


def _line(mail: MessageView, reader: Reader) -> MailLine:
    return MailLine(
        id=str(mail.id),
        subject=mail.subject,
        address=mail.to_address,
        state=mail.state,
        channel=mail.channel,
        can_retry=mail.can_retry,
        at=reader.ago(mail.created_at),
        sent=reader.day_and_clock(mail.sent_at) if mail.sent_at else "",
        error=mail.error,
    )
