"""/diagnose/auto/?id=<id>: one car, what it says now or said then."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.diagnostics.schemas import SessionView
from carbot_app.domains.diagnostics.states import RELAY
from carbot_app.kit.clock import epoch_ms
from carbot_app.kit.errors import Conflict, NotFound
from carbot_app.state.diagnosis_rows import (
    GAUGES,
    LANES,
    MOST_LANES,
    SessionDetail,
    choosable,
    choose_signals,
    describe_changes,
    describe_mark,
    describe_session,
    describe_signal,
    live_address,
    relay_address,
)
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_TOPICS = {"diagnostic"}
SPANS = ("60", "300", "0")
"""Seconds a strip chart shows; 0: everything."""


class DiagnosisState(rx.State):
    """Controls only: readings go from the socket to the screen and never through this state."""

    status: str = "loading"
    """loading, ready, missing or failed."""
    session: SessionDetail = SessionDetail()
    feed: str = ""
    """Address of the readings; empty while there are none."""
    relay: str = ""
    """Address of the web socket to the adapter at this device; empty where it is plugged in elsewhere."""
    ended_ms: int = 0
    gauges: list[dict[str, Any]] = []
    lanes: list[dict[str, Any]] = []
    choices: list[tuple[str, str]] = []
    """Key and name of everything this car can tell."""
    lane_keys: list[str] = []
    span: str = SPANS[0]
    marks: list[dict[str, Any]] = []
    earlier: list[tuple[str, str]] = []
    """Id and day of sessions to compare with."""
    compared: dict[str, list[list[float]]] = {}
    compared_with: str = ""
    changes: list[str] = []
    """Codes that came and went since then, and means of the values shown, in words."""
    may_run: bool = False

    @rx.event
    async def load(self):
        """Open the session of the address."""
        self.reset()
        async with staff_step(self) as step:
            actor, sessions = await step.actor(), get_services().diagnostics.sessions
            session_id = parse_id(self.router.url.query_parameters.get("id", ""))
            await self._show(step, await step.call(sessions.get_session, actor, session_id))
        missing = isinstance(step.error, NotFound)
        self.status = "missing" if missing else "failed" if step.error else "ready"
        return None if missing else step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """The session changed: state, car, marks."""
        if not is_about(topic, subject, _TOPICS, self.session.id) or self.status != "ready":
            return None
        return await self._again()

    @rx.event
    async def on_state(self, state: str, reason: str):
        """The stream says the car came or went."""
        if self.status != "ready" or state in ("offline", self.session.state):
            return None
        return await self._again()

    @rx.event
    async def on_news(self, kind: str):
        """Codes were read or cleared, or somebody set a mark."""
        return await self._again() if kind == "mark" else None

    @rx.event
    async def on_problem(self, text: str):
        """The browser could not reach the adapter."""
        return toast("err", text[:200])

    @rx.event
    async def turn(self):
        """Stop reading, or go on."""
        sessions = get_services().diagnostics.sessions
        change = sessions.resume if self.session.paused else sessions.pause
        async with staff_step(self) as step:
            await self._show(step, await step.call(change, await step.actor(), self._id()))
        return step.outcome

    @rx.event
    async def mark(self, form: dict[str, Any]):
        """Remember this moment."""
        async with staff_step(self) as step:
            sessions = get_services().diagnostics.sessions
            await step.call(sessions.mark, await step.actor(), self._id(), str(form.get("text", "")))
            await self._refresh(step)
        return step.outcome

    @rx.event
    async def end(self):
        """The car is done."""
        async with staff_step(self) as step:
            sessions = get_services().diagnostics.sessions
            await self._show(step, await step.call(sessions.end_session, await step.actor(), self._id()))
            step.outcome = toast("ok", step.text("diagnosis.toast.ended"))
        return step.outcome

    @rx.event
    async def identify(self, vehicle_id: str, replace: bool):
        """Answer whose readings these are."""
        async with staff_step(self) as step:
            sessions, actor = get_services().diagnostics.sessions, await step.actor()
            chosen = parse_id(vehicle_id)
            await self._show(
                step, await step.call(sessions.identify, actor, self._id(), chosen, replace_vin=replace)
            )
        return step.outcome

    @rx.event
    async def identify_plate(self, form: dict[str, Any]):
        """The same by the plate that is on the car."""
        async with staff_step(self) as step:
            sessions, actor = get_services().diagnostics.sessions, await step.actor()
            workshop = await step.call(get_services().team.get_workshop, actor)
            plate = str(form.get("plate", ""))[:20]
            car = await step.call(sessions.find_vehicle, actor, plate, workshop.country)
            await self._show(step, await step.call(sessions.identify, actor, self._id(), car))
        return step.outcome

    @rx.event
    async def show_span(self, span: str):
        """A minute, five, or everything."""
        self.span = span if span in SPANS else SPANS[0]

    @rx.event
    async def toggle_lane(self, key: str):
        """A value joins the strip charts or leaves them."""
        shown = list(self.lane_keys)
        if key in shown:
            shown.remove(key)
        elif len(shown) < MOST_LANES:
            shown.append(key)
        else:
            return None
        async with staff_step(self) as step:
            sessions, actor = get_services().diagnostics.sessions, await step.actor()
            found = await step.call(sessions.get_session, actor, self._id())
            read = {signal.pid for signal in choose_signals(found.pids, found.rates)}
            missing = [one for one in choosable(found.pids) if one.key == key and one.pid not in read]
            if missing and found.is_live and actor.can("diagnostics.run"):
                rates = {**found.rates, **{one.pid: one.hz for one in missing}}
                found = await step.call(sessions.set_rates, actor, self._id(), rates)
            self.lane_keys = shown
            await self._show(step, found)
        return step.outcome

    @rx.event
    async def compare(self, earlier_id: str):
        """Lay an earlier session of this car under the strip charts; empty: none."""
        async with staff_step(self) as step:
            self.compared, self.compared_with, self.changes = {}, "", []
            if earlier_id:
                recordings, actor = get_services().diagnostics.recordings, await step.actor()
                chosen = parse_id(earlier_id)
                found = await step.call(recordings.compare, actor, self._id(), chosen)
                pids = [lane["pid"] for lane in self.lanes]
                self.changes = describe_changes(found, pids, await reader_for(self), step.language)
                courses = await step.call(recordings.outline, actor, chosen, pids)
                self.compared = {
                    str(pid): [list(point) for point in course] for pid, course in courses.items()
                }
                self.compared_with = earlier_id
        return step.outcome

    async def _again(self):
        async with staff_step(self) as step:
            await self._refresh(step)
        return step.outcome

    async def _refresh(self, step: Step) -> None:
        sessions = get_services().diagnostics.sessions
        await self._show(step, await step.call(sessions.get_session, await step.actor(), self._id()))

    def _id(self):
        return parse_id(self.session.id)

    async def _show(self, step: Step, found: SessionView) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        self.session = describe_session(found, reader, step.language)
        self.marks = [describe_mark(mark, reader, step.language) for mark in found.marks]
        self.may_run = actor.can("diagnostics.run")
        through_here = found.way == RELAY and not self.session.over
        self.relay = relay_address(found.id) if through_here else ""
        signals = choose_signals(found.pids, found.rates)
        described = {signal.key: describe_signal(signal, step.language) for signal in choosable(found.pids)}
        shown = [described[signal.key] for signal in signals if signal.key in described]
        if not self.lane_keys:
            self.lane_keys = [one["key"] for one in shown[:LANES]]
        _assign(self, "gauges", shown[:GAUGES])
        _assign(self, "lanes", [described[key] for key in self.lane_keys if key in described])
        self.choices = [(key, one["label"]) for key, one in described.items()]
        if self.session.over and found.sample_count:
            self.feed = live_address(found.id).replace("/live", "/replay")
            self.ended_ms = epoch_ms(found.ended_at or found.started_at)
        elif self.session.live:
            self.feed = live_address(found.id)
        if not self.earlier:
            try:
                before = await step.call(get_services().diagnostics.recordings.list_earlier, actor, found.id)
            except Conflict:
                before = []
            self.earlier = [(str(id_), reader.day_and_clock(at)) for id_, at in before]


def _assign(state: rx.State, name: str, value: list[dict[str, Any]]) -> None:
    """Only what is different: charts begin anew with every list they get."""
    if getattr(state, name) != value:
        setattr(state, name, value)
