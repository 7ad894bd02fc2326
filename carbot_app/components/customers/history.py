"""Everything that happened with a customer."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import card, chips, link, load_more, skeleton, timeline, timeline_entry
from carbot_app.state.customer_file import CustomerFileState

_FILE: Any = CustomerFileState
_FILTERS = ("all", "talk", "calls", "work", "other")


def customer_history() -> rx.Component:
    """Newest first, with a filter above and more below."""
    return card(
        rx.el.h2(t("customers.timeline.title"), class_name="cb-heading"),
        chips(
            t("customers.timeline.filter"),
            "history",
            [(name, t(f"customers.filter.{name}")) for name in _FILTERS],
            value=_FILE.shown,
            on_change=CustomerFileState.choose,
        ),
        rx.cond(
            _FILE.status == "loading",
            skeleton("rows", 6),
            rx.cond(
                _FILE.history.length() > 0,
                timeline(rx.foreach(_FILE.history, _line)),
                rx.el.p(t("customers.timeline.empty"), class_name="cb-muted"),
            ),
        ),
        load_more(has_more=_FILE.next_before != "", on_click=CustomerFileState.load_more),
        class_name="grid grid-cols-1 gap-4 content-start min-w-0",
    )


def _line(line: Any) -> rx.Component:
    shape = "cb-timeline-title break-words whitespace-pre-line line-clamp-3"
    look = rx.cond(line.said, f"{shape} !font-normal", shape)
    title = rx.cond(
        line.href != "",
        link(line.title, href=line.href, class_name=[look, "hover:underline"]),
        rx.el.p(line.title, class_name=look),
    )
    return timeline_entry(line.icon, title, line.meta, tone=line.tone, key=line.key)
