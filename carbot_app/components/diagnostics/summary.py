"""What the assistant wrote about the codes, marked as its own; the customer's text waits for staff."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import badge, button, carbot_mark, error_state, icon_button, textarea
from carbot_app.state.diagnosis_codes import DiagnosisCodesState
from carbot_app.state.diagnosis_summary import DiagnosisSummaryState

_STATE: Any = DiagnosisSummaryState
_CODES: Any = DiagnosisCodesState
_FORM = "diagnosis-summary-form"


def summary_side() -> Any:
    """Beside the codes; nothing without a model, or before codes were read."""
    return rx.match(
        _STATE.status,
        ("failed", error_state(on_retry=DiagnosisSummaryState.load)),
        ("ready", rx.cond(_CODES.status == "ready", _section())),
        rx.fragment(),
    )


def _section() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("summary.title"), class_name="font-[640]"),
            rx.cond(
                _STATE.may_write,
                button(
                    rx.cond(
                        _STATE.mechanic.id + _STATE.customer.id == "", t("summary.write"), t("summary.anew")
                    ),
                    icon="carbot",
                    on_click=DiagnosisSummaryState.write,
                    busy=_STATE.busy,
                ),
            ),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(
            _STATE.mechanic.id + _STATE.customer.id == "",
            rx.el.p(t("summary.none"), class_name="cb-dense cb-muted"),
        ),
        rx.cond(_STATE.mechanic.id != "", _mechanic()),
        rx.cond(_STATE.customer.id != "", _customer()),
        class_name="grid gap-2.5",
        aria_label=t("summary.title"),
        aria_live="polite",
    )


def _head(title: Any, row: Any) -> rx.Component:
    return rx.el.div(
        carbot_mark(28),
        rx.el.div(
            rx.el.h3(title, class_name="font-[620]"),
            rx.el.p(t("summary.by_assistant"), class_name="cb-dense cb-muted"),
            class_name="min-w-0",
        ),
        rx.cond(row.accepted, rx.el.span(badge("done", t("summary.in_report")), class_name="ml-auto")),
        class_name="cb-draft-head",
    )


def _mechanic() -> rx.Component:
    row = _STATE.mechanic
    return rx.el.article(
        _head(t("summary.mechanic"), row),
        rx.el.p(row.text, class_name="cb-draft-text whitespace-pre-line break-words"),
        rx.el.p(row.detail, class_name="cb-dense cb-muted px-3.5 pb-3"),
        class_name="cb-draft",
    )


def _customer() -> rx.Component:
    row = _STATE.customer
    return rx.el.article(
        _head(t("summary.customer"), row),
        rx.cond(
            _STATE.editing,
            rx.el.form(
                textarea(
                    t("summary.text"),
                    "text",
                    default_value=row.text,
                    error=_STATE.problem,
                    max_length=1200,
                    rows="6",
                    required=True,
                ),
                id=_FORM,
                on_submit=DiagnosisSummaryState.accept,
                class_name="px-3.5 py-2",
            ),
            rx.el.p(row.text, class_name="cb-draft-text whitespace-pre-line break-words"),
        ),
        rx.el.p(row.detail, class_name="cb-dense cb-muted px-3.5 pb-3"),
        rx.cond(_STATE.may_write, rx.cond(_STATE.editing, _editing_foot(), _foot(row))),
        class_name="cb-draft",
    )


def _foot(row: Any) -> rx.Component:
    return rx.el.div(
        icon_button("trash-2", t("summary.discard"), on_click=DiagnosisSummaryState.discard(row.id)),
        rx.el.span(class_name="flex-1"),
        button(t("summary.edit"), icon="pencil", on_click=DiagnosisSummaryState.edit),
        rx.cond(
            row.accepted,
            rx.fragment(),
            button(t("summary.accept"), icon="check", on_click=DiagnosisSummaryState.accept({})),
        ),
        class_name="cb-draft-foot",
    )


def _editing_foot() -> rx.Component:
    return rx.el.div(
        button(t("summary.cancel"), kind="ghost", on_click=DiagnosisSummaryState.cancel),
        rx.el.span(class_name="flex-1"),
        button(t("summary.accept"), icon="check", submit=True, form=_FORM),
        class_name="cb-draft-foot",
    )
