"""The tyre hotel: finding sets, taking them in, measuring them, giving them out."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.tyres.condition import POSITIONS, SEASONS
from carbot_app.domains.tyres.schemas import Tyre, WheelSetCreate
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_decimal, read_hundredths
from carbot_app.state.tyre_rows import SetDetail, SetLine, describe_detail, describe_line

_OFFERED_PLACES = 8


class TyresState(rx.State):
    """The list, and a pane over it: a set, its treads, the question before it goes out, or the form."""

    status: str = "loading"
    """loading, ready or failed."""
    sets: list[SetLine] = []
    stored: int = 0
    search: str = ""
    season: str = ""
    view: str = "in"
    """in or out."""
    chosen: SetDetail = SetDetail()
    task: str = ""
    """What the pane shows: nothing, set, measure, out or store."""
    places: list[str] = []
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False
    may_manage: bool = False
    may_measure: bool = False

    @rx.event
    async def load(self):
        """Show what lies here; ``?satz=R00042`` (the label's QR code) opens that set."""
        self.search = self.season = ""
        self.view = "in"
        self._show("")
        async with staff_step(self) as step:
            await self._fetch(step)
            if asked := self.router.url.query_parameters.get("satz", ""):
                await self._open_code(step, asked)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """Search by plate, name, place or label."""
        async with staff_step(self) as step:
            self.search = text[:80]
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose_season(self, season: str):
        """Only sets of a season; empty: all."""
        async with staff_step(self) as step:
            self.season = season if season in SEASONS else ""
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose_view(self, view: str):
        """What lies here, or what was taken out."""
        async with staff_step(self) as step:
            self.view = "out" if view == "out" else "in"
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def open_set(self, set_id: str):
        """Show a set."""
        async with staff_step(self) as step:
            await self._open(step, set_id)
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        async with staff_step(self) as step:
            await step.actor()
            self._show("")
        return step.outcome

    @rx.event
    async def ask(self, task: str):
        """Show the form for treads or the question before a set goes out."""
        async with staff_step(self) as step:
            await step.actor()
            self._show(task if task in {"measure", "out", "set"} else "", self.chosen)
        return step.outcome

    @rx.event
    async def ask_store(self):
        """Show the form for a new set, with free places."""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.places = (await step.call(get_services().tyres.list_free_places, actor))[:_OFFERED_PLACES]
            self._show("store")
        return step.outcome

    @rx.event
    async def store(self, form: dict[str, Any]):
        """Take a set in and show it, so that its label can be printed."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            tyres = get_services().tyres
            stored = await step.call(tyres.store, await step.actor(), _read_set(form))
            await self._fetch(step)
            await self._open(step, str(stored.id))
            words = {"code": stored.code, "place": stored.location}
            step.outcome = toast("ok", step.text("tyres.toast.stored", **words))
        yield self._after(step)

    @rx.event
    async def measure(self, form: dict[str, Any]):
        """Store the treads of the opened set."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            treads = {position: _tenths(form, position) for position in POSITIONS}
            set_id = parse_id(self.chosen.line.id)
            await step.call(get_services().tyres.measure, await step.actor(), set_id, treads)
            await self._fetch(step)
            await self._open(step, self.chosen.line.id)
            step.outcome = toast("ok", step.text("tyres.toast.measured"))
        yield self._after(step)

    @rx.event
    async def take_out(self):
        """Give the opened set out; its place is free."""
        async with staff_step(self) as step:
            set_id = parse_id(self.chosen.line.id)
            out = await step.call(get_services().tyres.take_out, await step.actor(), set_id)
            await self._fetch(step)
            self._show("")
            step.outcome = toast("ok", step.text("tyres.toast.out", code=out.code))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, tyres = await step.actor(), await reader_for(self), get_services().tyres
        filters = {"search": self.search, "season": self.season, "state": self.view}
        found = await step.call(tyres.list_sets, actor, **filters)
        self.stored = await step.call(tyres.count_stored, actor)
        self.sets = [describe_line(view, reader) for view in found]
        self.may_manage, self.may_measure = actor.can("tyres.manage"), actor.can("tyres.measure")

    async def _open(self, step: Step, set_id: str) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().tyres.get_set, actor, parse_id(set_id))
        self._show("set", describe_detail(found, reader))

    async def _open_code(self, step: Step, code: str) -> None:
        for state in ("in", "out"):
            found = await step.call(
                get_services().tyres.list_sets, await step.actor(), search=code[:12], state=state
            )
            exact = [view for view in found if view.code == code.upper()]
            if exact:
                self._show("set", describe_detail(exact[0], await reader_for(self)))
                return

    def _show(self, task: str, chosen: SetDetail | None = None) -> None:
        self.task, self.chosen, self.problems = task, chosen or SetDetail(), {}

    def _after(self, step: Step):
        self.busy, self.problems = False, {}
        if step.error is not None and step.error.field:
            text = step.text(step.error.message_key, **step.error.params)
            self.problems = {step.error.field: text}
            return None
        return step.outcome


def _read_set(form: dict[str, Any]) -> WheelSetCreate:
    def typed(name: str) -> str:
        return str(form.get(name) or "")

    tyres = (
        Tyre(position, typed(f"brand_{position}"), typed(f"dot_{position}"), _tenths(form, position))
        for position in POSITIONS
    )
    names = ("plate", "season", "location", "name", "phone", "email", "size", "rims", "tpms", "remarks")
    return WheelSetCreate(
        **{name: typed(name) for name in names},
        tyres=tuple(tyre for tyre in tyres if tyre.brand or tyre.dot or tyre.tread is not None),
        fee_cents=read_hundredths(typed("fee"), field="fee", code="tyres_fee"),
    )


def _tenths(form: dict[str, Any], position: str) -> int | None:
    name = f"tread_{position}"
    try:
        value = read_decimal(str(form.get(name) or "").lower().removesuffix("mm"))
    except ValueError:
        raise Invalid("tyres_tread", field=name) from None
    return None if value is None else int((value * 10).to_integral_value(rounding="ROUND_FLOOR"))
