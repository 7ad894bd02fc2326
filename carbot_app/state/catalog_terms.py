"""What every price rests on: hourly rates, markups, small parts, classes and VAT."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.editing_schemas import TermsDraft
from carbot_app.domains.catalog.pricing import DIVISIONS, RATES
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES
from carbot_app.domains.tax.vat import REGIMES, SMALL_BUSINESS, STANDARD, standard_percent
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import format_cents, round_half_up
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.typed import read_hundredths, read_whole, show_amount

SECTIONS = ("base", "rules")
MAX_BANDS = 10


@dataclass(frozen=True, slots=True)
class RateLine:
    """An hourly rate with what follows from it."""

    key: str
    value: str
    gross: str = ""
    """``133,28 €``; empty where no VAT is charged."""
    unit: str = ""
    """Net price of one labour unit."""


@dataclass(frozen=True, slots=True)
class BandLine:
    """A markup on parts up to a cost; the last band is for all above."""

    key: str
    up_to: str
    percent: str


@dataclass(frozen=True, slots=True)
class FactorLine:
    """Percent of the price of a compact car."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class TermsPlace:
    """Where the workshop is: decides currency and VAT."""

    currency: str = "EUR"
    country: str = "DE"
    vat: str = "19"


class TermsState(rx.State):
    """The pane "Preisgrundlagen"; texts live in the form until it is stored."""

    open: bool = False
    status: str = "loading"
    """loading, ready or failed."""
    section: str = "base"
    rates: list[RateLine] = []
    units: str = "10"
    bands: list[BandLine] = []
    factors: list[FactorLine] = []
    small: dict[str, str] = {}
    """percent, min and max of the lump sum for small parts."""
    regime: str = STANDARD
    place: TermsPlace = TermsPlace()
    problems: dict[str, str] = {}
    busy: bool = False
    layout: int = 0
    """Counts up when the inputs must be drawn afresh."""

    _next_band: int = 0

    @rx.event
    async def start(self, section: str):
        """Open the pane at one of its sections."""
        self.open, self.status = True, "loading"
        self.section = section if section in SECTIONS else "base"
        yield
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        yield step.outcome

    @rx.event
    async def close(self):
        """Leave everything as it is."""
        async with staff_step(self) as step:
            await step.actor()
            self.open = False
        return step.outcome

    @rx.event
    async def show(self, section: str):
        """The other section."""
        async with staff_step(self) as step:
            await step.actor()
            self.section = section if section in SECTIONS else "base"
        return step.outcome

    @rx.event
    async def rate_typed(self, key: str, text: str):
        """Work out gross and unit price of a rate that is being typed."""
        async with staff_step(self) as step:
            language = (await step.actor()).language
            self.rates = [
                self._worked_out(replace(line, value=text[:20]), language) if line.key == key else line
                for line in self.rates
            ]
        return step.outcome

    @rx.event
    async def set_units(self, units: str):
        """Another division of the hour."""
        async with staff_step(self) as step:
            language = (await step.actor()).language
            self.units = units if units in map(str, DIVISIONS) else self.units
            self.rates = [self._worked_out(line, language) for line in self.rates]
        return step.outcome

    @rx.event
    async def set_regime(self, regime: str):
        """With VAT or without."""
        async with staff_step(self) as step:
            language = (await step.actor()).language
            self.regime = regime if regime in REGIMES else self.regime
            self.rates = [self._worked_out(line, language) for line in self.rates]
        return step.outcome

    @rx.event
    async def add_band(self):
        """Another markup, above the one for everything else."""
        async with staff_step(self) as step:
            await step.actor()
            if len(self.bands) < MAX_BANDS:
                self.bands = [*self.bands[:-1], self._band("", ""), *self.bands[-1:]]
        return step.outcome

    @rx.event
    async def remove_band(self, key: str):
        """One markup less; the last one stays."""
        async with staff_step(self) as step:
            await step.actor()
            if len(self.bands) > 1:
                self.bands = [band for band in self.bands if band.key != key]
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store what the form holds."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            editing = get_services().catalog_editing
            wish = self._read({name: str(value) for name, value in form.items()})
            change = await step.call(editing.save_terms, actor, wish)
            self.open = False
            undo = (step.text("ui.actions.undo"), str(change)) if change else None
            word = "pricing.terms.saved" if change else "pricing.terms.unchanged"
            step.outcome = toast("ok", step.text(word), action=undo)
        if isinstance(step.error, Invalid):
            text = step.text(step.error.message_key, **step.error.params)
            self.problems = {(step.error.field or "form"): text, "form": text}
            step.outcome = None
        self.busy = False
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        services = get_services()
        workshop = await step.call(services.team.get_workshop, actor)
        terms = await step.call(services.catalog_editing.get_terms, actor)
        vat = standard_percent(workshop.country, reader.today())
        self.place = TermsPlace(workshop.currency, workshop.country, reader.number(float(vat)))
        self._show(terms, actor.language, vat)

    def _show(self, terms: TermsDraft, language: str, vat: Decimal) -> None:
        self.units, self.regime = str(terms.units_per_hour), terms.vat_regime
        lines = [RateLine(key, show_amount(terms.rates[key], language)) for key in RATES]
        self.rates = [self._worked_out(line, language, vat) for line in lines]
        self._next_band = 0
        self.bands = [
            self._band(show_amount(up_to, language), str(percent)) for up_to, percent in terms.markups
        ]
        self.factors = [FactorLine(key, str(terms.class_factors[key])) for key in VEHICLE_CLASSES]
        self.small = {
            "percent": str(terms.small_parts_percent),
            "min": show_amount(terms.small_parts_min_cents, language),
            "max": show_amount(terms.small_parts_max_cents, language),
        }
        self.problems, self.layout = {}, self.layout + 1

    def _band(self, up_to: str, percent: str) -> BandLine:
        self._next_band += 1
        return BandLine(f"{self.layout}-{self._next_band}", up_to, percent)

    def _worked_out(self, line: RateLine, language: str, vat: Decimal | None = None) -> RateLine:
        try:
            net = read_hundredths(line.value, field="rates", code="catalog_rate")
        except Invalid:
            return replace(line, gross="", unit="")
        percent = Decimal(self.place.vat.replace(",", ".")) if vat is None else vat
        currency, country = self.place.currency, self.place.country
        unit = round_half_up(Decimal(net) / int(self.units))
        gross = round_half_up(Decimal(net) * (100 + percent) / 100)
        taxed = self.regime != SMALL_BUSINESS
        return replace(
            line,
            gross=format_cents(gross, currency, language, country) if taxed else "",
            unit=format_cents(unit, currency, language, country),
        )

    def _read(self, form: Mapping[str, str]) -> TermsDraft:
        def cents(name: str, field: str, code: str) -> int:
            return read_hundredths(form.get(name, ""), field=field, code=code)

        def percent(name: str, field: str, code: str) -> int:
            return read_whole(form.get(name, ""), field=field, code=code) or 0

        bands: list[tuple[int, int]] = []
        for place, band in enumerate(self.bands, 1):
            up_to = cents(f"up-{band.key}", "markups", "catalog_markups")
            if place == len(self.bands):
                # The last one is for all above: its limit only has to be higher than the others
                up_to = max(up_to, max((limit for limit, _ in bands), default=0) + 1)
            bands.append((up_to, percent(f"percent-{band.key}", "markups", "catalog_markups")))
        small = "catalog_small_parts"
        return TermsDraft(
            rates={key: cents(f"rate-{key}", f"rate-{key}", "catalog_rate") for key in RATES},
            units_per_hour=int(self.units),
            markups=tuple(bands),
            small_parts_percent=percent("small-percent", "small_parts_percent", small),
            small_parts_min_cents=cents("small-min", "small_parts_percent", small),
            small_parts_max_cents=cents("small-max", "small_parts_percent", small),
            class_factors={
                key: percent(f"factor-{key}", f"factor-{key}", "catalog_factor") for key in VEHICLE_CLASSES
            },
            vat_regime=self.regime,
        )
