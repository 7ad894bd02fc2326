"""The last question of a pane: what becomes of visits that can no longer be done as planned."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import banner, button, rows


def affected_visits(state: Any, text: Any) -> rx.Component:
    """What happened, and the visits it concerns."""
    return rx.el.div(
        banner(text, icon="triangle-alert", card=True),
        rows(rx.foreach(state.affected, _visit)),
        class_name="grid gap-4",
    )


def affected_actions(state: Any) -> rx.Component:
    """Leave them as conflicts, or put them on the list to plan."""
    return rx.fragment(
        button(t("places.affected.leave"), on_click=state.leave_visits),
        button(
            t("places.affected.unplan"),
            kind="primary",
            icon="list-plus",
            busy=state.busy,
            on_click=state.unplan_visits,
        ),
    )


def _visit(visit: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(visit.when, class_name="cb-dense cb-muted"),
        rx.el.div(visit.customer, class_name="font-[600]"),
        rx.el.div(visit.title, class_name="cb-dense"),
        class_name="py-2.5",
    )
