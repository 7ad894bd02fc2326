"""A vehicle's main inspection: when it is due, what decides that, and whether its owner wants a reminder."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import reflex as rx
from babel.dates import format_skeleton

from carbot_app.bootstrap import get_services
from carbot_app.domains.customers.consents import (
    INSPECTION,
    KINDS,
    MAINTENANCE,
    OFFERS,
    REVIEW,
    TYRES,
    ConsentView,
)
from carbot_app.domains.customers.inspection import due_on, lateness, needs_emission_test, sticker_colour
from carbot_app.domains.customers.schemas import InspectionFacts, VehicleView
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_MONTHS = 12
_OF_CONSENT = {
    **{TYRES: "season", MAINTENANCE: "maintenance"},
    **{REVIEW: "automations.review", OFFERS: "automations.offers"},
}
"""Where the words about a consent are, for all but that to inspections."""


@dataclass(frozen=True, slots=True)
class InspectionCard:
    """What is known, ready to read and to edit."""

    due: str = ""
    """``Fällig November 2028``, or that nothing is known."""
    facts: str = ""
    """Sticker and emission test."""
    late: str = ""
    kind: str = "car"
    fuel: str = ""
    registered_on: str = ""
    inspected_on: str = ""
    month: str = ""
    """Of the next inspection, ``11/2028``, where it is not the one worked out from the dates."""
    agreed: bool = False
    agreed_tyres: bool = False
    agreed_review: bool = False
    agreed_offers: bool = False
    agreed_maintenance: bool = False
    agreed_text: str = ""
    """What was agreed to, when and who noted it, a sentence per consent."""


class InspectionState(rx.State):
    """One vehicle opened at a time, inside whatever shows it."""

    vehicle_id: str = ""
    customer_id: str = ""
    card: InspectionCard = InspectionCard()
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False
    may_change: bool = False

    @rx.event
    async def open(self, vehicle_id: str, customer_id: str):
        """Show a vehicle's inspection."""
        async with staff_step(self) as step:
            await self._fetch(step, vehicle_id, customer_id)
        return step.outcome

    @rx.event
    async def close(self):
        """Fold it up again."""
        async with staff_step(self) as step:
            await step.actor()
            self.vehicle_id, self.problems = "", {}
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store what was typed, and the consent if it changed."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor, services = await step.actor(), get_services()
            facts = _read(form)
            await step.call(services.vehicles.set_inspection, actor, parse_id(self.vehicle_id), facts)
            await self._change_consents(step, form)
            await self._fetch(step, self.vehicle_id, self.customer_id)
            step.outcome = toast("ok", step.text("inspection.saved"))
        self.busy, self.problems = False, {}
        if step.error is not None and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return
        yield step.outcome

    async def _change_consents(self, step: Step, form: dict[str, Any]) -> None:
        actor, consents = await step.actor(), get_services().consents
        held = {
            INSPECTION: self.card.agreed,
            TYRES: self.card.agreed_tyres,
            REVIEW: self.card.agreed_review,
            OFFERS: self.card.agreed_offers,
            MAINTENANCE: self.card.agreed_maintenance,
        }
        for kind in KINDS if self.customer_id else ():
            wanted = bool(form.get(f"consent_{kind}"))
            if wanted != held[kind]:
                change = consents.give if wanted else consents.withdraw
                await step.call(change, actor, parse_id(self.customer_id), kind)

    async def _fetch(self, step: Step, vehicle_id: str, customer_id: str) -> None:
        actor, reader, services = await step.actor(), await reader_for(self), get_services()
        vehicle = await step.call(services.vehicles.get_vehicle, actor, parse_id(vehicle_id))
        consents: list[ConsentView] = []
        if customer_id:
            consents = await step.call(services.consents.list_consents, actor, parse_id(customer_id))
        self.vehicle_id, self.customer_id, self.problems = vehicle_id, customer_id, {}
        self.may_change = actor.can("bookings.manage")
        self.card = _card(vehicle, consents, reader)


def _card(vehicle: VehicleView, consents: list[ConsentView], reader: Reader) -> InspectionCard:
    due, language = vehicle.inspection_due, reader.language
    worked_out = due_on(vehicle.kind, registered_on=vehicle.registered_on, inspected_on=vehicle.inspected_on)
    held = {consent.kind: consent for consent in consents if consent.withdrawn_at is None}
    words = {"due": translate(language, "inspection.due_unknown"), "facts": "", "late": "", "month": ""}
    if due is not None:
        with_test = needs_emission_test(vehicle.kind, vehicle.fuel)
        colour = sticker_colour(due.year)
        parts = (f"inspection.{'with' if with_test else 'without'}_au", f"inspection.colour.{colour}")
        words = {
            "due": translate(
                language, "inspection.due", month=format_skeleton("yMMMM", due, locale=language)
            ),
            "facts": " · ".join(translate(language, part) for part in parts),
            "late": _late(due, reader),
            "month": "" if due == worked_out else f"{due.month:02d}/{due.year}",
        }
    return InspectionCard(
        **words,
        kind=vehicle.kind,
        fuel=vehicle.fuel,
        registered_on=vehicle.registered_on.isoformat() if vehicle.registered_on else "",
        inspected_on=vehicle.inspected_on.isoformat() if vehicle.inspected_on else "",
        agreed=INSPECTION in held,
        agreed_tyres=TYRES in held,
        agreed_review=REVIEW in held,
        agreed_offers=OFFERS in held,
        agreed_maintenance=MAINTENANCE in held,
        agreed_text=" ".join(_agreed(held[kind], reader) for kind in KINDS if kind in held),
    )


def _late(due: date, reader: Reader) -> str:
    late = lateness(due, reader.today())
    if not late.months:
        return ""
    parts = [translate(reader.language, "inspection.overdue", count=late.months)]
    if late.extended_test:
        parts.append(translate(reader.language, "inspection.extended"))
    return " · ".join(parts)


def _agreed(consent: ConsentView, reader: Reader) -> str:
    day = reader.short_date(consent.given_at.astimezone(reader.zone).date())
    words = _OF_CONSENT.get(consent.kind, "inspection")
    return translate(reader.language, f"{words}.consent_given", day=day, name=consent.noted_by)


def _read(form: dict[str, Any]) -> InspectionFacts:
    def typed(name: str) -> str:
        return str(form.get(name) or "").strip()

    return InspectionFacts(
        kind=typed("kind"),
        fuel=typed("fuel"),
        registered_on=_day(typed("registered_on"), "registered_on"),
        inspected_on=_day(typed("inspected_on"), "inspected_on"),
        due=_month(typed("due")),
    )


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("date_invalid", field=field) from None


def _month(text: str) -> date | None:
    found = _MONTH.fullmatch(text)
    if text and (found is None or not 1 <= int(found[1]) <= _MONTHS or int(found[2]) < 1):
        raise Invalid("date_invalid", field="due")
    return date(int(found[2]), int(found[1]), 1) if found else None
