"""What the figures are asked for: range, comparison, filters, saved views."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    close_dialog,
    dialog,
    field,
    form_error,
    icon,
    icon_button,
    open_dialog,
    segmented,
    text_button,
    when,
)
from carbot_app.state.dashboard import RANGE, DashboardState
from carbot_app.state.dashboard_choice import COMPARISONS, PERIODS
from carbot_app.state.dashboard_views import DashboardViewsState

_BOARD: Any = DashboardState
_VIEWS: Any = DashboardViewsState
_VIEWS_DIALOG = "dash-views"


def range_controls() -> list[rx.Component]:
    """For the header of a desk."""
    return [
        rx.el.div(_periods("desk-period"), class_name="max-lg:hidden"),
        rx.el.div(_range_button(), class_name="max-md:hidden"),
        rx.el.div(_views_button(), class_name="max-md:hidden"),
    ]


def phone_controls() -> rx.Component:
    """The same in one line; what it opens comes from below."""
    return rx.el.div(
        rx.el.div(_range_button(block=True), class_name="flex-1 min-w-0"),
        _views_button(),
        class_name="flex gap-2 md:hidden",
    )


def filter_chips() -> rx.Component:
    """What narrows the figures; one press lets go of it."""
    return when(
        _BOARD.chips.length() > 0,
        rx.el.div(
            rx.foreach(
                _BOARD.chips,
                lambda chip: rx.el.button(
                    rx.el.span(chip.label, class_name="cb-truncate max-w-[220px]"),
                    icon("x", 15),
                    type="button",
                    aria_label=t("dashboard.filter.remove", name=chip.label),
                    on_click=DashboardState.clear(chip.name),
                    class_name="cb-chip",
                    data_filter=chip.name,
                    key=chip.name,
                ),
            ),
            rx.cond(
                _BOARD.chips.length() > 1,
                text_button(
                    t("dashboard.filter.all"), on_click=DashboardState.clear(""), class_name="min-h-8 px-2"
                ),
            ),
            role="group",
            aria_label=t("dashboard.filter.label"),
            class_name="flex flex-wrap items-center gap-2",
        ),
    )


def control_dialogs() -> rx.Component:
    """What the buttons above open."""
    return rx.fragment(_range_dialog(), _views_dialog())


def _periods(name: str, *, fill: bool = False, closes: bool = False) -> rx.Component:
    picked: Any = [DashboardState.pick_period, close_dialog(RANGE)] if closes else DashboardState.pick_period
    return segmented(
        t("dashboard.period.label"),
        name,
        [(period, t(f"dashboard.period.{period}")) for period in PERIODS],
        value=_BOARD.period,
        on_change=picked,
        fill=fill,
    )


def _range_button(*, block: bool = False) -> rx.Component:
    return button(
        rx.cond(_BOARD.span != "", _BOARD.span, t("dashboard.period.label")),
        icon="calendar-days",
        icon_end="chevron-down" if block else None,
        block=block,
        on_click=open_dialog(RANGE),
        data_range="true",
    )


def _views_button() -> rx.Component:
    return icon_button(
        "bookmark",
        t("dashboard.views.title"),
        kind="outline",
        on_click=[DashboardViewsState.load, open_dialog(_VIEWS_DIALOG)],
        data_tip_side="bottom",
        data_views="true",
    )


def _range_dialog() -> rx.Component:
    def day(name: str, label: Any, value: Any) -> rx.Component:
        return field(
            label,
            name,
            type="date",
            default_value=value,
            key=value,
            required=True,
            min="2000-01-01",
            max=_BOARD.today,
        )

    return dialog(
        t("dashboard.period.pick"),
        rx.el.div(
            _periods("dialog-period", fill=True, closes=True),
            rx.el.form(
                rx.el.p(t("dashboard.period.custom"), class_name="font-[600]"),
                rx.el.div(
                    day("von", t("dashboard.period.first"), _BOARD.first),
                    day("bis", t("dashboard.period.last"), _BOARD.last),
                    class_name="grid grid-cols-2 gap-3",
                ),
                button(t("dashboard.period.apply"), kind="primary", submit=True, block=True),
                on_submit=DashboardState.apply_days,
                class_name="grid gap-3",
            ),
            rx.el.div(
                rx.el.p(t("dashboard.compare.label"), class_name="font-[600] mb-2", aria_hidden="true"),
                segmented(
                    t("dashboard.compare.label"),
                    "compare",
                    [(kind, t(f"dashboard.compare.{kind}")) for kind in COMPARISONS],
                    value=_BOARD.compare,
                    on_change=DashboardState.pick_compare,
                    fill=True,
                ),
                rx.cond(_BOARD.compared != "", rx.el.p(_BOARD.compared, class_name="cb-muted cb-dense mt-2")),
            ),
            class_name="grid gap-5",
        ),
        id=RANGE,
    )


def _views_dialog() -> rx.Component:
    return dialog(
        t("dashboard.views.title"),
        rx.el.p(t("dashboard.views.text"), class_name="cb-muted mb-3"),
        rx.el.ul(
            rx.foreach(_VIEWS.views, _view),
            class_name="grid mb-4 empty:hidden",
        ),
        rx.el.form(
            form_error(_VIEWS.problem),
            field(t("dashboard.views.name"), "name", required=True, max_length=60, auto_complete="off"),
            button(t("dashboard.views.save"), kind="primary", icon="bookmark", submit=True, block=True),
            on_submit=DashboardViewsState.save,
            reset_on_submit=True,
            class_name="grid gap-3",
        ),
        id=_VIEWS_DIALOG,
    )


def _view(view: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(view.name, class_name="cb-truncate block"),
            rx.cond(
                view.opens_first,
                rx.el.span(t("dashboard.views.is_first"), class_name="cb-muted cb-dense block"),
            ),
            type="button",
            data_close="true",
            on_click=DashboardViewsState.show(view.id),
            class_name="flex-1 min-w-0 text-left min-h-11 px-2 -ml-2 rounded-lg font-[600] cursor-pointer "
            "hover:bg-[var(--cb-soft)]",
        ),
        icon_button(
            "star",
            t("dashboard.views.first", name=view.name),
            tip=False,
            class_name=rx.cond(view.opens_first, "text-primary", ""),
            aria_pressed=rx.cond(view.opens_first, "true", "false"),
            on_click=DashboardViewsState.open_first(view.id, ~view.opens_first),
        ),
        icon_button(
            "trash-2",
            t("dashboard.views.forget", name=view.name),
            tip=False,
            on_click=DashboardViewsState.forget(view.id),
        ),
        class_name="flex items-center gap-1 border-b border-base-300",
        key=view.id,
    )
