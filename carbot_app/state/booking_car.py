"""Which car it is: by plate, else by model or class. Only what prices need is ever shown."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import reflex as rx

from carbot_app.bootstrap import Services, get_services
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES, class_of
from carbot_app.domains.customers.plates import districts
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid
from carbot_app.state.booking_visit import VisitState

_BANDS = {"DE": "D", "AT": "A", "CH": "CH"}
_MODEL_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a typed plate turned out to be."""

    status: Literal["known", "new", "ambiguous", "invalid"]
    vehicle: VehicleFacts = field(default_factory=VehicleFacts)
    choices: tuple[str, ...] = ()
    """Plates the customer may have meant."""


class CarState(rx.State):
    """The first question of the booking page."""

    status: str = ""
    """Empty while nothing was typed, else that of Sighting."""
    plate: str = ""
    city: str = ""
    rest: str = ""
    country: str = ""
    """Letter on the plate's band; empty: the workshop's."""
    choices: list[str] = []
    label: str = ""
    """``VW Golf VII`` of a car the workshop knows."""
    vehicle_class: str = ""
    by_model: bool = False
    model: str = ""

    @rx.event
    async def read_plate(self, text: str, left: bool):
        """Look the plate up; what is wrong with it is only said once the field was ``left``."""
        await self._read(text, left=left)

    @rx.event
    async def pick_plate(self, plate: str):
        """The customer said which of the possible plates it is."""
        await self._read(plate, left=True)
        await self._rebuild_fields()

    @rx.event
    async def ask_by_model(self, by_model: bool):
        """Go on without a plate, or back to it."""
        self.by_model = by_model
        await self._forget()

    @rx.event
    async def change(self):
        """Another car than the one found."""
        await self._forget()
        await self._rebuild_fields()

    @rx.event
    async def read_model(self, text: str):
        """Tell the price class by make and model."""
        await self._read_model(text)

    @rx.event
    async def read_class(self, vehicle_class: str):
        """The customer chose the price class."""
        await self._know(vehicle_class=vehicle_class if vehicle_class in VEHICLE_CLASSES else "")

    async def _take(self, form: dict[str, Any]) -> bool:
        """Read the fields as they were sent, which may be newer than the last event; False: no plate."""
        if "plate" in form and not await self._read(str(form["plate"]), left=True):
            return False
        if "model" in form and str(form["model"]).strip() != self.model:
            await self._read_model(str(form["model"]))
        return True

    async def _read_model(self, text: str) -> None:
        self.model = text.strip()[:_MODEL_LIMIT]
        await self._know(model=self.model, vehicle_class=class_of("", self.model) or self.vehicle_class)

    async def _read(self, text: str, *, left: bool) -> bool:
        """False when the text is no plate."""
        if text.strip() == self.plate and self.status in ("known", "new"):
            return True
        if not text.strip():
            await self._forget()
            return True
        visit = await self.get_state(VisitState)
        async with visit._step() as step:
            sighting = await step.call(find_car, get_services(), await step.actor(), text)
            if sighting.status in ("known", "new"):
                await self._show(sighting)
            elif left:
                self.status, self.plate, self.choices = sighting.status, text.strip(), list(sighting.choices)
                self.city = self.rest = self.label = ""
        return step.error is None and sighting.status in ("known", "new")

    async def _show(self, sighting: Sighting) -> None:
        facts = sighting.vehicle
        self.status, self.plate, self.choices = sighting.status, facts.plate, []
        self.city, self.rest = split_plate(facts.plate)
        self.country = _BANDS[facts.plate_country]
        self.label = f"{facts.make} {facts.model}".strip()
        if sighting.status == "new" or not self.label:
            facts = replace(facts, model=self.model, vehicle_class=self.vehicle_class)
        else:
            self.vehicle_class = facts.vehicle_class or class_of(facts.make, facts.model)
        await self._set_vehicle(replace(facts, vehicle_class=self.vehicle_class))

    async def _know(self, **facts: str) -> None:
        self.vehicle_class = facts["vehicle_class"]
        visit = await self.get_state(VisitState)
        await self._set_vehicle(replace(visit._vehicle, **facts))

    async def _forget(self) -> None:
        self.status = self.plate = self.city = self.rest = self.label = self.country = ""
        self.choices = []
        self.model = self.vehicle_class = ""
        await self._set_vehicle(VehicleFacts())

    async def _set_vehicle(self, facts: VehicleFacts) -> None:
        visit = await self.get_state(VisitState)
        if visit._vehicle == facts:
            return
        visit._vehicle = facts
        async with visit._step() as step:
            await visit._refresh(step)

    async def _rebuild_fields(self) -> None:
        (await self.get_state(VisitState)).form_key += 1


def find_car(services: Services, actor: Actor, text: str) -> Sighting:
    """Read a plate of the workshop's country, else of its neighbours, and look the car up."""
    home = services.team.get_workshop(actor).country
    doubt: Sighting = Sighting("invalid")
    for country in dict.fromkeys((home, *_BANDS)):
        try:
            sighting = _look_up(services, actor, text, country)
            # Abroad almost any letters look like a plate, so there the district has to exist.
            if country == home or split_plate(sighting.vehicle.plate)[0] in districts(country):
                return sighting
        except Invalid as problem:
            if problem.code == "plate_ambiguous" and doubt.status == "invalid":
                doubt = _resolve(services, actor, problem.params["candidates"], country)
    return doubt


def split_plate(plate: str) -> tuple[str, str]:
    """``DO-AB 123`` → ``("DO", "AB 123")``, ``ZH 123456`` → ``("ZH", "123456")``."""
    for mark in "- ":
        city, found, rest = plate.partition(mark)
        if found:
            return city, rest
    return plate, ""


def _look_up(services: Services, actor: Actor, text: str, country: str) -> Sighting:
    known = services.customers.known_plate(actor, text, country)
    if known is not None:
        return Sighting("known" if known.make or known.model else "new", known)
    plate = services.customers.parse_plate(text, country)
    return Sighting("new", VehicleFacts(plate=plate, plate_country=country))


def _resolve(services: Services, actor: Actor, candidates: list[str], country: str) -> Sighting:
    """A car the workshop knows settles which plate was meant."""
    found = [_look_up(services, actor, candidate, country) for candidate in candidates]
    known = [sighting for sighting in found if sighting.status == "known"]
    return known[0] if len(known) == 1 else Sighting("ambiguous", choices=tuple(candidates))
