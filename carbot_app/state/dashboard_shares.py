"""Below the tiles: funnel, heat map, shares, cohorts and loads; each may be read as a table."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.schemas import MixItem, Question
from carbot_app.kit.i18n import translate
from carbot_app.state.dashboard_choice import Choice
from carbot_app.state.dashboard_panels import (
    Bar,
    CohortRow,
    Grid,
    Heat,
    Load,
    describe_cohorts,
    describe_funnel,
    describe_heat,
    describe_loads,
    describe_mix,
    heat_grid,
    load_grid,
    mix_grid,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step
from carbot_app.state.wording import Reader

PANELS = ("heat", "services", "channels", "loads")
"""Those that have a table beside their picture; funnel and cohorts are lists and tables already."""


class SharesState(rx.State):
    """Filled by DashboardState; a panel is not narrowed by its own filter, it marks what is chosen."""

    status: str = "loading"
    """loading or ready."""
    is_near: bool = False
    """The panels have been near what can be seen; until then they are not read."""
    funnel: list[Bar] = []
    heat: Heat = Heat()
    services: list[Bar] = []
    channels: list[Bar] = []
    cohorts: list[CohortRow] = []
    loads: list[Load] = []
    grids: dict[str, Grid] = {}
    """Tables by their panel."""
    open_tables: list[str] = []

    @rx.event
    def toggle_table(self, panel: str):
        """Show a panel as a table, or as a picture again."""
        if panel in PANELS:
            still = [name for name in self.open_tables if name != panel]
            self.open_tables = still if panel in self.open_tables else [*still, panel]

    async def _fetch(self, step: Step, choice: Choice, currency: str) -> dict[str, str]:
        """Read everything; returns the names of what can be filtered by, by their key."""
        actor, reader = await step.actor(), await reader_for(self)
        question, chosen = choice.question(reader.today()), choice.filters
        analytics = get_services().analytics

        def ask(method: Callable[..., Any], **without: Any) -> Any:
            return step.call(method, actor, _without(question, **without))

        funnel, heat, services, channels, cohorts, loads = await asyncio.gather(
            ask(analytics.funnel),
            ask(analytics.heat_map, weekday=None, hour=None),
            ask(analytics.service_mix, service_code=""),
            ask(analytics.channel_mix, channel=""),
            ask(analytics.cohorts),
            ask(analytics.technician_load, technician_id=None),
        )
        service, channel = _service_name(reader), _channel_name(reader)
        self.funnel = describe_funnel(funnel, reader)
        self.heat = describe_heat(heat, reader, chosen)
        self.services = describe_mix(services, reader, chosen.service_code, service)
        self.channels = describe_mix(channels, reader, chosen.channel, channel)
        self.cohorts = describe_cohorts(cohorts, reader)
        self.loads = describe_loads(loads, reader, chosen.technician_id)
        self.grids = {
            "heat": heat_grid(heat, reader),
            "services": mix_grid(services, reader, currency, service),
            "channels": mix_grid(channels, reader, currency, channel),
            "loads": load_grid(loads, reader),
        }
        self.status = "ready"
        names = {item.key: service(item) for item in services} | {
            item.key: channel(item) for item in channels
        }
        return names | {load.id: load.name for load in self.loads}


def _without(question: Question, **filters: Any) -> Question:
    return replace(question, filters=replace(question.filters, **filters)) if filters else question


def _service_name(reader: Reader) -> Callable[[MixItem], str]:
    return lambda item: item.label or item.key or translate(reader.language, "dashboard.services.other")


def _channel_name(reader: Reader) -> Callable[[MixItem], str]:
    def name(item: MixItem) -> str:
        try:
            return translate(reader.language, f"inbox.channel.{item.key}")
        except KeyError:
            return item.label or translate(reader.language, "dashboard.channels.other")

    return name
