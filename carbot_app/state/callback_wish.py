"""Public pages: a visitor wants to be called."""

import re
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.calls.schemas import SOON, CallbackRequest
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.state.steps import Step, public_step

_SLUG = re.compile(r"/w/([^/]+)/")
_FIELDS = {"name": 200, "phone": 60, "window": 20, "note": 600}
"""Names and how much of each is looked at."""
_REQUIRED = ("name", "phone")
_EXPLAINED = ("missing", "phone_invalid", "too_long", "call_window_over", "too_many_callbacks")
"""Have words of their own beside the field."""
_FOCUS = (
    "requestAnimationFrame(() => requestAnimationFrame(() => "
    "document.querySelector('#callback [aria-invalid=true], #callback [data-done]')?.focus()))"
)


class CallbackWishState(rx.State):
    """The form and what was promised."""

    shown: bool = False
    windows: list[tuple[str, str]] = []
    """Key and words of each time to choose from."""
    errors: dict[str, str] = {}
    """Field → code of the problem."""
    busy: bool = False
    when: str = ""
    """When the call comes, in words; empty until it was asked for."""
    phone: str = ""

    _language: str = DEFAULT_LANGUAGE

    @rx.event
    async def arrive(self):
        """A page load begins anew."""
        self.reset()

    @rx.event
    async def open(self):
        """Show the form; asking again changes what was asked for before."""
        self.shown, self.when = True, ""

    @rx.event
    async def read_language(self, language: str):
        """Offer times in the language that is being read."""
        self._language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        async with self._step() as step:
            await self._offer(step)
        return step.outcome

    @rx.event
    async def send(self, form: dict[str, Any]):
        """Ask for the call; pressing twice asks once."""
        typed = {name: str(form.get(name) or "")[:limit] for name, limit in _FIELDS.items()}
        self.errors = {name: "missing" for name in _REQUIRED if not typed[name].strip()}
        if self.errors:
            yield rx.call_script(_FOCUS)
            return
        self.busy = True
        yield
        async with self._step() as step:
            request = CallbackRequest(
                name=typed["name"],
                phone=typed["phone"],
                window=typed["window"] or SOON,
                note=typed["note"],
                language=self._language,
            )
            promise = await step.call(get_services().calls.request, await step.actor(), request)
            self.when, self.phone, self.shown = promise.when, promise.phone, False
        self.busy = False
        if step.error is not None and step.error.code in _EXPLAINED:
            self.errors = {step.error.field or "form": step.error.code}
            step.outcome = None
            if step.error.field == "window":
                async with self._step() as step:
                    await self._offer(step)
        yield [outcome for outcome in (step.outcome, rx.call_script(_FOCUS)) if outcome is not None]

    async def _offer(self, step: Step) -> None:
        offered = await step.call(get_services().calls.offer_windows, await step.actor())
        self.windows = [(window.key, window.label) for window in offered]

    def _step(self) -> Step:
        found = _SLUG.match(self.router.url.path)
        return public_step(found[1] if found else "", self._language)
