"""Six weeks of hours: booked, expected, present."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import card, icon, seen
from carbot_app.state.outlook import OutlookState

_OUTLOOK: Any = OutlookState


def capacity_card() -> rx.Component:
    """A bar a week on one scale, with the hours in words."""
    return card(
        seen(OutlookState.reach_weeks),
        rx.el.div(
            rx.el.h2(t("outlook.capacity.title"), class_name="cb-heading"),
            rx.el.div(
                *(
                    rx.el.span(
                        rx.el.i(class_name="cb-capacity-key", data_line=line),
                        t(f"outlook.capacity.{line}"),
                        class_name="cb-key",
                    )
                    for line in ("booked", "expected", "present")
                ),
                class_name="flex flex-wrap gap-x-4 gap-y-1",
                aria_hidden="true",
            ),
            class_name="cb-chart-head",
        ),
        rx.cond(_OUTLOOK.note != "", rx.el.p(_OUTLOOK.note, class_name="cb-muted cb-dense mb-2")),
        rx.cond(
            _OUTLOOK.weeks.length() == 0,
            rx.el.div(
                *(rx.el.span(class_name="cb-bone !h-6 mb-3") for _ in range(6)),
                class_name="cb-skeleton min-h-[226px]",
            ),
            rx.el.ul(rx.foreach(_OUTLOOK.weeks, _week), class_name="grid gap-1"),
        ),
        data_card="capacity",
    )


def _week(week: Any) -> rx.Component:
    def width(share: Any) -> dict[str, Any]:
        return {"width": share.to(str) + "%"}

    return rx.el.li(
        rx.el.span(week.title, class_name="cb-num"),
        rx.el.span(
            rx.el.i(data_line="present", style=width(week.present)),
            rx.el.span(
                rx.el.i(data_line="booked", style=width(week.booked)),
                rx.el.i(data_line="expected", style=width(week.more)),
                class_name="flex",
            ),
            class_name="cb-capacity",
            aria_hidden="true",
        ),
        rx.el.span(
            rx.el.span(week.hours, class_name="cb-num"),
            rx.cond(
                week.full != "",
                rx.el.span(
                    icon("triangle-alert", 13),
                    week.full,
                    class_name="inline-flex items-center gap-1 font-[600] text-[var(--cb-warn-ink)]",
                ),
            ),
            class_name="cb-capacity-words",
        ),
        class_name="cb-capacity-week",
        key=week.key,
    )
