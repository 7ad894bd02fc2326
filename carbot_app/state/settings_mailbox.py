"""The workshop's mailbox: connecting it, its state, and mails that are in no thread."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.mailbox.schemas import KeptMailView, MailboxLogin, MailboxView
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class MailboxCard:
    """The connected mailbox, ready to be shown."""

    address: str = ""
    """Empty: none is connected."""
    servers: str = ""
    state: str = ""
    problem: str = ""
    """In words; empty while all is well."""
    checked: str = ""
    """When nothing new was left last; empty if never."""
    user: str = ""
    incoming: str = ""
    outgoing: str = ""


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail that is in no thread."""

    id: str = ""
    sender: str = ""
    subject: str = ""
    when: str = ""
    reason: str = ""
    """In words."""
    waits: bool = False
    """A person should decide."""
    can_take: bool = False
    text: str = ""


class MailboxState(rx.State):
    """The card, the list and the pane over them. A typed password is in the form and nowhere here."""

    status: str = "loading"
    """loading, ready or failed."""
    box: MailboxCard = MailboxCard()
    kept: list[KeptMail] = []
    waiting: int = 0
    taken: int = 0
    task: str = ""
    """What lies over the lists: nothing, connect, disconnect or read."""
    chosen: KeptMail = KeptMail()
    problems: dict[str, str] = {}
    """Field → what is wrong with it; ``form`` is what concerns no single one."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch everything."""
        self.task, self.problems = "", {}
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask(self, task: str, key: str):
        """Open the pane: the form, a question, or a kept mail."""
        async with staff_step(self) as step:
            await step.actor()
            self.problems = {}
            self.chosen = next((mail for mail in self.kept if mail.id == key), KeptMail())
            self.task = task
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        self.task, self.problems = "", {}

    @rx.event
    async def connect(self, form: dict[str, Any]):
        """Try both servers and keep the account."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            names = ("address", "password", "user", "incoming", "outgoing")
            login = MailboxLogin(*(str(form.get(name, "")) for name in names))
            made = await step.call(get_services().mailbox.connect, actor, login)
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("mailbox.connected"), detail=made.address)
        self.busy = False
        yield self._told(step)

    @rx.event
    async def disconnect(self):
        """Forget the account."""
        async with staff_step(self) as step:
            await step.call(get_services().mailbox.disconnect, await step.actor())
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("mailbox.disconnected"))
        return step.outcome

    @rx.event
    async def try_again(self):
        """Have it tried within seconds."""
        async with staff_step(self) as step:
            await step.call(get_services().mailbox.try_again, await step.actor())
            await self._fetch(step)
            step.outcome = toast("info", step.text("mailbox.trying"))
        return step.outcome

    @rx.event
    async def take_in(self):
        """Put the chosen mail into the inbox."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await step.call(get_services().mailbox.take_in, await step.actor(), parse_id(self.chosen.id))
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("mailbox.taken_in"))
        self.busy = False
        yield self._told(step)

    def _told(self, step: Step) -> Any:
        """What is wrong stands in the pane, at its field if it has one."""
        if step.error is None or step.outcome is None or not self.task:
            return step.outcome
        text = step.text(step.error.message_key, **step.error.params)
        if isinstance(step.error, Invalid) or self.task == "read":
            self.problems = {step.error.field or "form": text}
            return None
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().mailbox.overview, actor)
        self.box = _card(found.mailbox, reader) if found.mailbox else MailboxCard()
        self.kept = [_kept(mail, reader) for mail in found.kept]
        self.waiting, self.taken = found.waiting, found.taken


def _card(box: MailboxView, reader: Reader) -> MailboxCard:
    return MailboxCard(
        address=box.address,
        servers=f"{box.incoming} · {box.outgoing}",
        state=box.state,
        problem=translate(reader.language, f"mailbox.error.{box.error}") if box.error else "",
        checked=reader.day_and_clock(box.checked_at) if box.checked_at else "",
        user=box.user,
        incoming=box.incoming,
        outgoing=box.outgoing,
    )


def _kept(mail: KeptMailView, reader: Reader) -> KeptMail:
    nothing = translate(reader.language, "mailbox.nothing")
    return KeptMail(
        id=str(mail.id),
        sender=mail.from_name or mail.from_address or translate(reader.language, "mailbox.nobody"),
        subject=mail.subject or nothing,
        when=reader.day_and_clock(mail.sent_at),
        reason=translate(reader.language, f"mailbox.reason.{mail.reason}"),
        waits=mail.state in ("held", "failed"),
        can_take=mail.can_take,
        text=mail.text or nothing,
    )
