"""The facts of the workshop, its opening hours and its colour."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.regions import REGIONS
from carbot_app.domains.team.schemas import WorkshopSettings, WorkshopView
from carbot_app.kit.colour import AccentRefused, accent_style
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.session import SessionState
from carbot_app.state.steps import staff_step

WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")
WORKDAYS = WEEKDAYS[:5]
MAX_SPANS = 3
REGION_CHOICES = tuple(
    (f"{country}-{code}", name) for country in REGIONS for code, name in REGIONS[country].items()
)
"""(ISO 3166-2 code, name); the same letters may mean a German state and a Swiss canton."""
_FIRST_SPAN, _NEXT_SPAN = ["08:00", "17:00"], ["13:00", "17:00"]
_TEXTS = (
    "name", "short_name", "legal_form", "represented_by", "street", "postal_code", "city", "country",
    "region", "phone", "email", "website", "vat_id", "register_entry", "chamber",
)  # fmt: skip
PRESETS = {
    "petrol": (215.0, 0.09),
    "blue": (255.0, 0.13),
    "violet": (300.0, 0.12),
    "brick": (28.0, 0.155),
    "amber": (70.0, 0.1),
    "green": (150.0, 0.1),
    "graphite": (250.0, 0.02),
}
"""Name → hue and chroma."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """A weekday's opening times in order; none means closed."""

    day: str
    spans: list[list[str]]


class WorkshopFormState(rx.State):
    """The form; text fields keep what is typed in the browser until it is saved."""

    status: str = "loading"
    """loading, ready or failed."""
    texts: dict[str, str] = {}
    hours: list[DayHours] = []
    layout: int = 0
    """Counts changes of the form's shape, so that time fields start from ``hours`` again."""
    hue: float = 0.0
    chroma: float = 0.0
    preview: dict[str, str] = {}
    """Custom properties of the colour being chosen."""
    assistant_on: bool = True
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Show the stored settings."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("settings.manage")
            self._show(await step.call(get_services().team.get_workshop, actor))
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def set_time(self, day: str, place: int, side: int, value: str):
        """One of the two times of a span was changed."""
        async with staff_step(self) as step:
            await step.actor()
            spans = self._spans(day)
            if 0 <= place < len(spans) and side in (0, 1):
                spans[place][side] = value[:5]
                self._put(day, spans)
        return step.outcome

    @rx.event
    async def add_span(self, day: str):
        """Open on a closed day, or again after a break."""
        async with staff_step(self) as step:
            await step.actor()
            spans = self._spans(day)
            if len(spans) < MAX_SPANS:
                self._put(day, [*spans, list(_NEXT_SPAN if spans else _FIRST_SPAN)])
            self.layout += 1
        return step.outcome

    @rx.event
    async def remove_span(self, day: str, place: int):
        """Take an opening time away; without any the day is closed."""
        async with staff_step(self) as step:
            await step.actor()
            self._put(day, [span for number, span in enumerate(self._spans(day)) if number != place])
            self.layout += 1
        return step.outcome

    @rx.event
    async def copy_monday(self):
        """Monday's times for Tuesday to Friday."""
        async with staff_step(self) as step:
            await step.actor()
            for day in WORKDAYS[1:]:
                self._put(day, self._spans("1"))
            self.layout += 1
        return step.outcome

    @rx.event
    async def pick_colour(self, hue: float, chroma: float):
        """Try a colour; nothing is stored yet."""
        async with staff_step(self) as step:
            await step.actor()
            self._try_colour(hue, chroma, step.text("errors.accent_invalid"))
        return step.outcome

    @rx.event
    async def set_assistant(self, on: bool):
        """Let the assistant answer, or leave everything to people; effective at once."""
        async with staff_step(self) as step:
            team, actor = get_services().team, await step.actor()
            stored = settings_of(await step.call(team.get_workshop, actor))
            saved = await step.call(team.update_workshop, actor, replace(stored, assistant_on=on))
            self.assistant_on = saved.assistant_on
            word = "on" if saved.assistant_on else "off"
            step.outcome = [toast("ok", step.text(f"settings.assistant.turned_{word}")), SessionState.load]
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store facts, hours and colour."""
        self.busy = True
        yield
        self.problems = {}
        async with staff_step(self) as step:
            team, actor = get_services().team, await step.actor()
            stored = settings_of(await step.call(team.get_workshop, actor))
            typed = {name: str(form.get(name, getattr(stored, name))) for name in _TEXTS}
            typed["region"] = region_code(str(form.get("region", "")), typed["country"])
            wish = replace(
                stored,
                **typed,
                opening_hours={day.day: day.spans for day in self.hours if day.spans},
                accent_hue=self.hue,
                accent_chroma=self.chroma,
            )
            self._show(await step.call(team.update_workshop, actor, wish))
            step.outcome = [toast("ok", step.text("settings.saved")), SessionState.load]
        if isinstance(step.error, Invalid) and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
        self.busy = False
        yield step.outcome

    def _show(self, workshop: WorkshopView) -> None:
        self.texts = {name: getattr(workshop, name) for name in _TEXTS}
        if workshop.region:
            self.texts["region"] = f"{workshop.country}-{workshop.region}"
        self.hours = [
            DayHours(day, [list(span) for span in workshop.opening_hours.get(day, [])]) for day in WEEKDAYS
        ]
        self.layout += 1
        self.assistant_on = workshop.assistant_on
        self.problems = {}
        self._try_colour(workshop.accent_hue, workshop.accent_chroma, "")

    def _try_colour(self, hue: float, chroma: float, refusal: str) -> None:
        try:
            self.preview = accent_style(hue, chroma)
        except AccentRefused:
            self.problems = {**self.problems, "accent_hue": refusal}
            return
        self.hue, self.chroma = hue, chroma
        self.problems = {name: text for name, text in self.problems.items() if name != "accent_hue"}

    def _spans(self, day: str) -> list[list[str]]:
        return [list(span) for found in self.hours if found.day == day for span in found.spans]

    def _put(self, day: str, spans: list[list[str]]) -> None:
        self.hours = [DayHours(day, spans) if found.day == day else found for found in self.hours]


def region_code(choice: str, country: str) -> str:
    """The code without its country of one of REGION_CHOICES, or of nothing chosen.

    Raises:
        Invalid: ``region_unknown`` for a region of another country.
    """
    chosen_country, _, code = choice.partition("-")
    if choice and chosen_country != country:
        raise Invalid("region_unknown", field="region")
    return code


def settings_of(workshop: WorkshopView) -> WorkshopSettings:
    """The changeable part of what is stored."""
    known = asdict(workshop)
    return WorkshopSettings(**{field.name: known[field.name] for field in fields(WorkshopSettings)})
