"""Whom a draft bills: customers and their cars, found by name, contact or plate."""

from dataclasses import dataclass, replace

import reflex as rx
from babel import Locale

from carbot_app.bootstrap import get_services
from carbot_app.domains.customer_file.schemas import CustomerRow
from carbot_app.domains.tax.vat import EU
from carbot_app.state.invoice_draft import InvoiceDraftState
from carbot_app.state.steps import parse_id, staff_step
from carbot_app.state.wording import NO_PLATE, PlateText, plate_text

_SHOWN = 6
_NEAR = frozenset(("DE", "AT", "CH", "LI", "GB", "NO", "IS", "TR", "UA", "RS", "US"))
"""Countries outside the EU somebody may come from, and home."""


@dataclass(frozen=True, slots=True)
class BuyerHit:
    """A customer, with a car where there is one."""

    customer_id: str
    vehicle_id: str
    name: str
    detail: str
    plate: PlateText = NO_PLATE


class InvoiceBuyerState(rx.State):
    """What the search found, and the countries a buyer may sit in."""

    countries: list[tuple[str, str]] = []
    """Code and name, the workshop's own first."""
    hits: list[BuyerHit] = []
    nothing: bool = False

    @rx.event
    async def load(self):
        """Countries in the reader's language."""
        async with staff_step(self) as step:
            actor = await step.actor()
            home = (await step.call(get_services().team.get_workshop, actor)).country
            self.countries = _countries(home, actor.language)
            self.hits, self.nothing = [], False
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """Search as somebody types."""
        self.hits, self.nothing = [], False
        wanted = text.strip()[:80]
        if len(wanted) < 2:
            return None
        async with staff_step(self) as step:
            files, actor = get_services().customer_files, await step.actor()
            page = await step.call(files.list_customers, actor, search=wanted, limit=_SHOWN)
            self.hits = [hit for row in page.rows for hit in _hits(row)][:_SHOWN]
            self.nothing = not self.hits
        return step.outcome

    @rx.event
    async def take(self, customer_id: str, vehicle_id: str):
        """Bill this customer for this car: name, address and language as on the last invoice."""
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            draft_state = await self.get_state(InvoiceDraftState)
            customer = parse_id(customer_id)
            buyer = await step.call(services.invoices.desk.buyer_of, actor, customer)
            file = await step.call(services.customer_files.get_file, actor, customer)
            cars = {str(car.vehicle.id): car.vehicle for car in file.cars}
            car = cars.get(vehicle_id)
            draft = replace(
                draft_state._draft,
                buyer=buyer,
                customer_id=customer,
                vehicle_id=car.id if car else None,
                plate=car.plate if car else "",
                language=file.customer.language,
            )
            await draft_state._store(step, draft, again=True)
            self.hits, self.nothing = [], False
        return draft_state._after(step) if step.error is None else step.outcome

    @rx.event
    async def take_first(self, form: dict[str, str]):
        """The return key takes the best match."""
        if not self.hits:
            return None
        first = self.hits[0]
        return InvoiceBuyerState.take(first.customer_id, first.vehicle_id)

    @rx.event
    async def close(self):
        """Put the list away."""
        self.hits, self.nothing = [], False


def _countries(home: str, language: str) -> list[tuple[str, str]]:
    """Where customers of a workshop in DE, AT or CH come from; an empty code is the workshop's country."""
    names = Locale.parse(language).territories
    abroad = sorted((names[code], code) for code in (EU | _NEAR) - {home})
    return [("", names[home]), *((code, name) for name, code in abroad)]


def _hits(row: CustomerRow) -> list[BuyerHit]:
    customer = row.customer
    name = customer.name or customer.phone_text or customer.email
    ids = (str(customer.id), "")
    cars = [
        BuyerHit(ids[0], str(car.id), name, car.label, plate_text(car.plate, car.plate_country))
        for car in row.vehicles
    ]
    return cars or [BuyerHit(*ids, name, customer.email or customer.phone_text)]
