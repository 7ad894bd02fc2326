"""The pane beside an order."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.orders.line_fields import line_fields
from carbot_app.components.ui import (
    button,
    checkbox,
    field,
    form_error,
    pane,
    select,
    textarea,
)
from carbot_app.domains.orders.checks import URGENCIES
from carbot_app.state.order import OrderState
from carbot_app.state.order_edit import OrderEditState

_EDIT: Any = OrderEditState
_STATE: Any = OrderState
_TYPED = _EDIT.typed
_PROBLEMS = _EDIT.problems
_FORM = "order-edit-form"


def edit_pane() -> rx.Component:
    """One form at a time."""
    task = _EDIT.task
    return pane(
        rx.match(
            task,
            ("line", rx.cond(_EDIT.is_new, t("orders.edit.add_line"), t("orders.edit.line_title"))),
            ("job", t("orders.edit.job")),
            ("finding", t("orders.edit.finding")),
            ("new_job", t("orders.edit.new_job")),
            t("orders.edit.head"),
        ),
        rx.cond((task == "new_job") & _STATE.may_manage, _catalogue()),
        rx.el.form(
            form_error(_EDIT.problem),
            rx.match(
                task,
                ("line", line_fields(_TYPED, _PROBLEMS)),
                ("job", _job()),
                ("new_job", _job()),
                ("finding", rx.fragment(_finding(), _urgency())),
                ("head", _head()),
                rx.fragment(),
            ),
            id=_FORM,
            key=_EDIT.turn,
            on_submit=OrderEditState.save,
            no_validate=True,
            class_name="grid gap-4",
        ),
        id="order-edit",
        open=task != "",
        on_close=OrderEditState.close,
        actions=[
            rx.cond(
                ((task == "line") & ~_EDIT.is_new) | (task == "job"),
                button(
                    t("orders.edit.remove"),
                    kind="destructive",
                    icon="trash-2",
                    on_click=OrderEditState.remove,
                ),
            ),
            button(
                t("orders.edit.save"), kind="primary", icon="check", submit=True, form=_FORM, busy=_EDIT.busy
            ),
        ],
    )


def _field(word: str, name: str, value: Any, **more: Any) -> rx.Component:
    return field(t(f"orders.field.{word}"), name, default_value=value, error=_PROBLEMS.get(name, ""), **more)


def _finding() -> rx.Component:
    return textarea(
        t("orders.field.finding"),
        "finding",
        default_value=_TYPED.finding,
        error=_PROBLEMS.get("finding", ""),
        optional=True,
        max_length=500,
    )


def _urgency() -> rx.Component:
    return select(
        t("orders.field.urgency"),
        "urgency",
        [("", t("orders.urgency.none")), *((name, t(f"orders.urgency.{name}")) for name in URGENCIES)],
        default_value=_TYPED.urgency,
    )


def _technician() -> rx.Component:
    return select(
        t("orders.field.technician"),
        "technician_id",
        _STATE.technicians,
        default_value=_TYPED.technician_id,
        error=_PROBLEMS.get("technician", ""),
    )


def _job() -> rx.Component:
    return rx.fragment(
        _field("title", "title", _TYPED.title, max_length=200),
        _finding(),
        _urgency(),
        _technician(),
    )


def _catalogue() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.label(t("orders.new.services"), html_for="order-add-service", class_name="cb-label"),
            rx.el.input(
                id="order-add-service",
                type="search",
                auto_complete="off",
                placeholder=t("orders.new.find"),
                on_change=OrderEditState.search.debounce(250),
                class_name="cb-input",
            ),
            class_name="cb-field",
        ),
        rx.el.div(
            rx.cond(
                _EDIT.found.length() > 0,
                rx.el.ul(
                    rx.foreach(_EDIT.found, _match),
                    class_name="cb-desk-found",
                    aria_label=t("orders.new.found"),
                ),
            ),
            aria_live="polite",
        ),
        rx.el.p(t("orders.edit.or_by_hand"), class_name="cb-muted"),
        class_name="grid gap-2.5 mb-4",
        key=_EDIT.turn,
    )


def _match(pair: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(pair[1], class_name="flex-1 min-w-0 text-left break-words"),
            type="button",
            on_click=OrderEditState.add_service(pair[0]),
            class_name="cb-row !min-h-11 w-full flex items-center gap-3",
        ),
        key=pair[0],
    )


def _head() -> rx.Component:
    return rx.fragment(
        _field("title", "title", _TYPED.title, max_length=200),
        textarea(
            t("orders.field.complaint"),
            "complaint",
            default_value=_TYPED.complaint,
            error=_PROBLEMS.get("complaint", ""),
            optional=True,
        ),
        _technician(),
        rx.el.div(
            _field("promised_at", "promised_at", _TYPED.promised, type="datetime-local", optional=True),
            _field("km", "km", _TYPED.km, input_mode="numeric", unit="km", optional=True),
            class_name="grid grid-cols-2 gap-3 max-sm:grid-cols-1",
        ),
        rx.el.div(
            _field("discount", "discount", _TYPED.discount, unit="%", input_mode="decimal"),
            field(
                t("orders.field.discount_amount"),
                "discount_amount",
                default_value=_TYPED.discount_amount,
                input_mode="decimal",
            ),
            class_name="grid grid-cols-2 gap-3",
        ),
        rx.el.fieldset(
            rx.el.legend(t("orders.field.payers"), class_name="cb-label"),
            _field("insurer", "insurer", _TYPED.insurer, optional=True, max_length=120),
            rx.el.div(
                _field("claim_number", "claim_number", _TYPED.claim_number, optional=True, max_length=60),
                _field("deductible", "deductible", _TYPED.deductible, input_mode="decimal", optional=True),
                class_name="grid grid-cols-2 gap-3",
            ),
            checkbox(t("orders.field.deducts"), "deducts", default_checked=_TYPED.deducts),
            class_name="grid gap-3",
        ),
        textarea(t("orders.field.note"), "note", default_value=_TYPED.note, optional=True),
    )
