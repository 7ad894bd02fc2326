"""How leads are scored, and how good that is."""

from dataclasses import dataclass

import reflex as rx
from babel.numbers import format_decimal, format_percent

from carbot_app.bootstrap import get_services
from carbot_app.domains.leads.schemas import BinView, ModelView
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import staff_step
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Leads with about the same score, and what became of them."""

    expected: str
    """``82 %``."""
    said: str
    """``12 von 14 wurden zu Aufträgen.``"""
    actual: str
    close: bool
    """What was said and what came are within fifteen points, or within what chance alone does."""


class ScoringState(rx.State):
    """The newest model in words."""

    status: str = "loading"
    """loading, ready or failed."""
    decision: str = ""
    """used, not_better or few_outcomes."""
    version: int = 0
    trained: str = ""
    sample_size: int = 0
    won: int = 0
    held_back: int = 0
    missing: str = ""
    """What is needed before anything can be learned; empty when there is enough."""
    brier: str = ""
    """Of the model, as ``0,15``; empty when not measured."""
    rules_brier: str = ""
    base_brier: str = ""
    lines: list[CalibrationLine] = []
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch the newest model."""
        async with staff_step(self) as step:
            found = await step.call(get_services().lead_training.get_model, await step.actor())
            self._show(found, await reader_for(self))
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def retrain(self):
        """Learn from everything that ended until now."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            before = self.version
            found = await step.call(get_services().lead_training.retrain, await step.actor())
            self._show(found, await reader_for(self))
            key = "trained" if found.version != before else "nothing_new"
            step.outcome = toast("ok", step.text(f"settings.scoring.{key}", version=found.version))
        self.busy = False
        yield step.outcome

    def _show(self, found: ModelView, reader: Reader) -> None:
        self.decision, self.version = found.decision, found.version
        self.trained = reader.day_and_clock(found.trained_at) if found.trained_at else ""
        self.sample_size, self.won, self.held_back = found.sample_size, found.won, found.held_back
        self.missing = _missing(found, reader) if found.decision == "few_outcomes" else ""
        self.brier, self.rules_brier, self.base_brier = (
            _brier(value, reader) for value in (found.brier, found.rules_brier, found.base_brier)
        )
        self.lines = [_line(one, reader) for one in reversed(found.bins)]


def _missing(found: ModelView, reader: Reader) -> str:
    figures = {"total": found.min_outcomes, "each": found.min_of_each, "known": found.sample_size}
    lost = found.sample_size - found.won
    return translate(reader.language, "settings.scoring.missing", **figures, won=found.won, lost=lost)


def _brier(value: float | None, reader: Reader) -> str:
    return "" if value is None else format_decimal(value, "0.000", locale=reader.language)


def _line(found: BinView, reader: Reader) -> CalibrationLine:
    actual = found.won / found.count
    by_chance = 2 * (found.expected * (1 - found.expected) / found.count) ** 0.5
    figures = {"won": found.won, "count": found.count}
    return CalibrationLine(
        expected=format_percent(found.expected, locale=reader.language),
        said=translate(reader.language, "settings.scoring.became", **figures),
        actual=format_percent(actual, locale=reader.language),
        close=abs(actual - found.expected) <= max(0.15, by_chance),
    )
