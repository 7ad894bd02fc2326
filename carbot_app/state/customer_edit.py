"""Correcting a customer or a car, in a pane over the customer's file."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.customers.editing import CustomerUpdate, VehicleUpdate
from carbot_app.kit.errors import Invalid
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.customer_rows import CarCard
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step


class CustomerEditState(rx.State):
    """One form at a time."""

    task: str = ""
    """What the pane shows: nothing, contact or vehicle."""
    car: CarCard = CarCard()
    """The car that is corrected; without an id it is a new one."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def open_contact(self):
        """Show the form of the customer."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.problems = "contact", {}
        return step.outcome

    @rx.event
    async def open_car(self, car_id: str):
        """Show the form of a car; empty: of a new one."""
        async with staff_step(self) as step:
            await step.actor()
            known = (await self.get_state(CustomerFileState)).cars
            self.car = next((car for car in known if car.id == car_id), CarCard())
            self.task, self.problems = "vehicle", {}
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        self.task, self.problems, self.busy = "", {}, False

    @rx.event
    async def save_contact(self, form: dict[str, Any]):
        """Store name, number, mail and language."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            wanted = CustomerUpdate(*(_typed(form, name) for name in ("name", "phone", "email", "language")))
            customer_id = parse_id(await self._customer_id())
            editing = get_services().customer_editing
            await step.call(editing.update_customer, await step.actor(), customer_id, wanted)
        yield self._after(step)

    @rx.event
    async def save_car(self, form: dict[str, Any]):
        """Store the car, or add it."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor, editing, wanted = await step.actor(), get_services().customer_editing, _read_car(form)
            if self.car.id:
                await step.call(editing.update_vehicle, actor, parse_id(self.car.id), wanted)
            else:
                await step.call(editing.add_vehicle, actor, parse_id(await self._customer_id()), wanted)
        yield self._after(step)

    async def _customer_id(self) -> str:
        return (await self.get_state(CustomerFileState)).head.id

    def _after(self, step: Step) -> Any:
        self.busy, self.problems = False, {}
        if step.error is None:
            self.task = ""
            return [toast("ok", step.text("customers.edit.saved")), CustomerFileState.refresh]
        if step.error.field:
            text = step.text(step.error.message_key, **step.error.params)
            self.problems = {step.error.field: text}
            return None
        return step.outcome


def _read_car(form: dict[str, Any]) -> VehicleUpdate:
    return VehicleUpdate(
        plate=_typed(form, "plate"),
        plate_country=_typed(form, "plate_country") or "DE",
        make=_typed(form, "make"),
        model=_typed(form, "model"),
        year=_number(form, "year"),
        km=_number(form, "km"),
        vin=_typed(form, "vin"),
    )


def _typed(form: dict[str, Any], name: str) -> str:
    return str(form.get(name) or "")


def _number(form: dict[str, Any], name: str) -> int | None:
    """``99.000 km`` → 99000; empty: unknown."""
    text = _typed(form, name).lower().removesuffix("km").translate(str.maketrans("", "", ". \u00a0'\u2019"))
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid(f"{name}_invalid", field=name)
    return int(text)
