"""What is due on a car, most urgent first, and whether its owner is told."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import badge, button, error_state, icon, skeleton
from carbot_app.state.diagnosis_due import DiagnosisDueState
from carbot_app.state.vehicle_due import VehicleDueState

_BESIDE: Any = DiagnosisDueState
_FOLDED: Any = VehicleDueState


def due_side() -> Any:
    """The list beside the codes; nothing while it is not certain which car this is."""
    return rx.match(
        _BESIDE.status,
        ("failed", error_state(on_retry=DiagnosisDueState.load)),
        (
            "ready",
            rx.el.section(
                _head(_BESIDE.sheet, rx.el.h2, "font-[640]"),
                _list(_BESIDE.sheet, "cb-card px-3.5 py-1"),
                class_name="grid gap-2",
                aria_label=t("maintenance.title"),
            ),
        ),
        rx.fragment(),
    )


def due_box(vehicle_id: Any) -> rx.Component:
    """A button that unfolds the list of a car."""
    return rx.el.section(
        rx.cond(
            _FOLDED.vehicle_id == vehicle_id,
            _opened(vehicle_id),
            button(t("maintenance_offer.box.open"), icon="wrench", on_click=VehicleDueState.open(vehicle_id)),
        ),
        class_name="grid grid-cols-1 gap-3 justify-items-start pt-4 border-t border-base-300",
        data_vehicle_due=True,
    )


def _opened(vehicle_id: Any) -> rx.Component:
    return rx.el.div(
        _head(_FOLDED.sheet, rx.el.h3, "cb-heading"),
        rx.match(
            _FOLDED.status,
            ("loading", skeleton("rows", 3)),
            ("failed", error_state(on_retry=VehicleDueState.open(vehicle_id))),
            rx.el.div(_list(_FOLDED.sheet, "border-t border-base-300"), class_name="grid gap-2"),
        ),
        rx.el.div(
            button(t("maintenance_offer.box.close"), on_click=VehicleDueState.close), class_name="flex"
        ),
        class_name="grid grid-cols-1 gap-3 w-full min-w-0",
    )


def _head(sheet: Any, heading: Any, look: str) -> rx.Component:
    return rx.el.div(
        heading(t("maintenance.title"), class_name=look),
        rx.el.span(sheet.km, class_name="cb-dense cb-muted cb-num"),
        class_name="flex flex-wrap items-baseline justify-between gap-2",
    )


def _list(sheet: Any, look: str) -> rx.Component:
    return rx.fragment(
        rx.cond(
            sheet.rows.length() > 0,
            rx.el.ul(rx.foreach(sheet.rows, _due), class_name=look),
            rx.el.p(t("maintenance.none"), class_name="cb-dense cb-muted"),
        ),
        rx.cond(
            sheet.later > 0,
            rx.el.p(t("maintenance.later", count=sheet.later), class_name="cb-dense cb-muted"),
        ),
        rx.el.p(
            rx.match(
                sheet.suggestion_icon,
                ("clock", icon("clock", 15, class_name="mt-0.5")),
                ("calendar-check", icon("calendar-check", 15, class_name="mt-0.5")),
                ("triangle-alert", icon("triangle-alert", 15, class_name="mt-0.5")),
                icon("mail", 15, class_name="mt-0.5"),
            ),
            rx.el.span(sheet.suggestion, class_name="min-w-0"),
            class_name="flex items-start gap-2 cb-dense cb-muted",
            data_suggestion=True,
        ),
    )


def _due(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name, class_name="font-[620] min-w-0"),
            rx.match(
                row.urgency,
                ("overdue", badge("overdue", row.urgency_text)),
                ("now", badge("open", row.urgency_text)),
                badge("planned", row.urgency_text),
            ),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.div(
            rx.el.span(row.why, class_name="min-w-0"),
            rx.el.span(row.price, class_name="cb-num whitespace-nowrap"),
            class_name="flex items-baseline justify-between gap-3 cb-dense cb-muted",
        ),
        rx.cond(row.when != "", rx.el.p(row.when, class_name="cb-dense cb-muted cb-num")),
        class_name="grid gap-0.5 py-2.5 border-b border-base-300 last:border-b-0",
        key=row.key,
    )
