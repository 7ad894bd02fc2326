"""One's own profile, password and when the phone may ring."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.schemas import MemberView
from carbot_app.state.feedback import toast
from carbot_app.state.session import SessionState
from carbot_app.state.settings_devices import DevicesState
from carbot_app.state.steps import Step, staff_step

FIRST_QUIET = ("20:00", "07:00")


class ProfileState(rx.State):
    """Forms about the signed-in person."""

    status: str = "loading"
    """loading, ready or failed."""
    name: str = ""
    email: str = ""
    language: str = "de"
    quiet: bool = False
    quiet_from: str = ""
    quiet_to: str = ""
    hot_always: bool = True
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    passwords_changed: int = 0
    """Counts, so that the form is empty again."""
    busy: str = ""
    """The form being saved: profile, password or quiet."""

    @rx.event
    async def load(self):
        """Show the stored profile."""
        async with staff_step(self) as step:
            self._show(await step.call(get_services().team.get_profile, await step.actor()))
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def save_profile(self, form: dict[str, Any]):
        """Store name and language."""
        self.busy = "profile"
        yield
        async with staff_step(self) as step:
            await self._save(step, name=str(form.get("name", "")), language=str(form.get("language", "")))
        yield self._after(step)

    @rx.event
    async def set_quiet(self, on: bool):
        """Be silent at night, or never; effective at once."""
        async with staff_step(self) as step:
            start, end = FIRST_QUIET if on else ("", "")
            await self._save(step, push_quiet_from=start, push_quiet_to=end)
        return self._after(step)

    @rx.event
    async def save_quiet(self, form: dict[str, Any]):
        """Store from when to when the phone is silent."""
        self.busy = "quiet"
        yield
        async with staff_step(self) as step:
            start, end = str(form.get("push_quiet_from", "")), str(form.get("push_quiet_to", ""))
            await self._save(step, push_quiet_from=start, push_quiet_to=end)
        yield self._after(step)

    @rx.event
    async def set_hot_always(self, on: bool):
        """Whether hot requests ring through quiet hours."""
        async with staff_step(self) as step:
            await self._save(step, push_hot_always=on)
        return self._after(step)

    @rx.event
    async def change_password(self, form: dict[str, Any]):
        """Replace the password; other devices are signed out."""
        self.busy = "password"
        yield
        async with staff_step(self) as step:
            actor, session = await step.actor(), await self.get_state(SessionState)
            old, new = str(form.get("old", "")), str(form.get("password", ""))
            await step.call(
                get_services().identity.change_password, actor, old, new, current_token=session._token()
            )
            self.passwords_changed += 1
            step.outcome = [toast("ok", step.text("settings.password.changed")), DevicesState.load]
        yield self._after(step)

    async def _save(self, step: Step, **changes: Any) -> None:
        team, actor = get_services().team, await step.actor()
        stored = await step.call(team.get_profile, actor)
        kept = {
            name: getattr(stored, name)
            for name in ("name", "language", "push_quiet_from", "push_quiet_to", "push_hot_always")
        }
        self._show(await step.call(team.update_profile, actor, **{**kept, **changes}))
        step.outcome = [toast("ok", step.text("settings.saved")), SessionState.load]

    def _show(self, profile: MemberView) -> None:
        self.name, self.email, self.language = profile.name, profile.email, profile.language
        self.quiet_from, self.quiet_to = profile.push_quiet_from, profile.push_quiet_to
        self.quiet, self.hot_always = bool(profile.push_quiet_from), profile.push_hot_always
        self.problems = {}

    def _after(self, step: Step):
        self.busy, self.problems = "", {}
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome
