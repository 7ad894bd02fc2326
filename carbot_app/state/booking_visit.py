"""What a customer wants done: services for a car, their prices and how long they take."""

import re
from typing import TypedDict

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.labels import duration_label
from carbot_app.domains.booking.slots import day_of_slot
from carbot_app.domains.catalog.schemas import Offer
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.state.steps import Step, public_step, public_workshop

MAX_SERVICES = 10
"""As many as BookingService takes for one visit."""
_SLUG = re.compile(r"/w/([^/]+)/")


class OfferRow(TypedDict):
    """A service of the list, in the reader's language; same columns as the ``services`` of a public page."""

    code: str
    name: str
    detail: str
    price: str
    ask: str
    """Filled when it cannot be booked online."""


class VisitLine(TypedDict):
    """A chosen service in the summary."""

    name: str
    price: str


class VisitState(rx.State):
    """Chosen services. What the page shows before anything was chosen is in its HTML, not here."""

    codes: list[str] = []
    offers: list[OfferRow] = []
    """Empty as long as the services in the page's HTML are right: same language, car unknown, no search."""
    nothing_found: bool = False
    lines: list[VisitLine] = []
    total: str = ""
    duration: str = ""
    form_key: int = 0
    """Changes when the server puts values into fields; the fields are made anew then."""

    _vehicle: VehicleFacts = VehicleFacts()
    _search: str = ""
    _language: str = DEFAULT_LANGUAGE
    _served: str = DEFAULT_LANGUAGE

    @rx.event
    async def choose(self, code: str, chosen: bool):
        """Take a service into the visit or out of it."""
        self._pick({code: chosen})
        async with self._step() as step:
            await self._price(step)
        return step.outcome

    @rx.event
    async def search(self, text: str):
        """List what the customer means; an empty text lists everything bookable again."""
        self._search = text.strip()[:100]
        async with self._step() as step:
            await self._list(step)
        return step.outcome

    def _pick(self, wanted: dict[str, bool]) -> None:
        kept = [code for code in self.codes if wanted.get(code, True)]
        added = [code for code, chosen in wanted.items() if chosen and code not in kept]
        self.codes = (kept + added)[:MAX_SERVICES]

    def _workshop_slug(self) -> str:
        found = _SLUG.match(self.router.url.path)
        return found[1] if found else ""

    def _step(self) -> Step:
        return public_step(self._workshop_slug(), self._language)

    def _read_in(self, language: str, served: str) -> bool:
        """Note what is being read; True when texts of this state are in another language now."""
        known = language if language in LANGUAGES else DEFAULT_LANGUAGE
        changed = known != self._language or served != self._served
        self._language, self._served = known, served
        return changed

    async def _refresh(self, step: Step) -> None:
        """Bring list and sums up to date after the car or the language changed."""
        await self._list(step)
        await self._price(step)

    async def _list(self, step: Step) -> None:
        self.nothing_found = False
        if not self._search and self._language == self._served and not self._knows_class():
            self.offers = []
            return
        offers = await step.call(
            get_services().catalog.list_offers,
            await step.actor(),
            vehicle=self._vehicle,
            language=self._language,
            text=self._search,
        )
        if self._search and not offers:
            self.nothing_found = True
            self._search = ""
            await self._list(step)
            self.nothing_found = True
            return
        self.offers = [_row(offer) for offer in offers]

    def _knows_class(self) -> bool:
        return bool(self._vehicle.vehicle_class or self._vehicle.model)

    async def _price(self, step: Step, slot: str = "") -> None:
        """Sum up the visit; the day of a chosen time may matter for the price."""
        if not self.codes:
            self.lines, self.total, self.duration = [], "", ""
            return
        catalog, actor = get_services().catalog, await step.actor()
        workshop = await public_workshop(self._workshop_slug())
        asked = {
            "vehicle": self._vehicle,
            "language": self._language,
            "on": day_of_slot(slot, workshop.timezone),
        }
        quotes = await step.call(catalog.quote_visit, actor, self.codes, **asked)
        whole = await step.call(catalog.total, actor, self.codes, **asked)
        self.lines = [VisitLine(name=quote.service_name, price=quote.text) for quote in quotes]
        self.total = whole.text
        self.duration = duration_label(whole.minutes, self._language)


def _row(offer: Offer) -> OfferRow:
    service = offer.service
    return OfferRow(
        code=service.code,
        name=service.name,
        detail=service.description,
        price=offer.quote.text,
        ask="" if service.bookable else "1",
    )
