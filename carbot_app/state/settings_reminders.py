"""When customers are reminded of their appointments."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.messaging.schemas import MessagingTermsView
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.steps import staff_step


class RemindersState(rx.State):
    """One form."""

    hours: str = ""
    """With commas, as they are typed."""
    quiet_from: str = ""
    quiet_to: str = ""
    may_change: bool = False
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    version: int = 0

    @rx.event
    async def load(self):
        """Fetch the terms."""
        self.problems = {}
        async with staff_step(self) as step:
            actor = await step.actor()
            self.may_change = actor.can("settings.manage")
            self._show(await step.call(get_services().reminders.get_terms, actor))
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store them; reminders already queued stay."""
        self.problems = {}
        async with staff_step(self) as step:
            terms = await step.call(
                get_services().reminders.set_terms,
                await step.actor(),
                reminder_hours=_hours(str(form.get("reminder_hours", ""))),
                quiet_from=str(form.get("quiet_from", "")),
                quiet_to=str(form.get("quiet_to", "")),
            )
            self._show(terms)
            step.outcome = toast("ok", step.text("settings.reminders.saved"))
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome

    def _show(self, terms: MessagingTermsView) -> None:
        self.hours = ", ".join(map(str, terms.reminder_hours))
        self.quiet_from, self.quiet_to = terms.quiet_from, terms.quiet_to
        self.version += 1


def _hours(text: str) -> list[int]:
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) < 5 for part in parts):
        raise Invalid("reminder_hours_invalid", field="reminder_hours", limit=336)
    return [int(part) for part in parts]
