"""The pane that corrects a customer or a car."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, field, pane, select
from carbot_app.state.customer_edit import CustomerEditState
from carbot_app.state.customer_file import CustomerFileState

_EDIT: Any = CustomerEditState
_FILE: Any = CustomerFileState
_HEAD, _CAR, _PROBLEMS = _FILE.head, _EDIT.car, _EDIT.problems
_LANGUAGES = ("de", "en", "tr", "pl")
_COUNTRIES = (("DE", "D"), ("AT", "A"), ("CH", "CH"))


def edit_pane() -> rx.Component:
    """One form over the file."""
    is_contact = _EDIT.task == "contact"
    return pane(
        rx.cond(
            is_contact,
            t("customers.edit.contact"),
            rx.cond(_CAR.id != "", t("customers.edit.vehicle"), t("customers.cars.add")),
        ),
        rx.match(
            _EDIT.task,
            ("contact", _contact_form()),
            ("vehicle", _car_form()),
            rx.fragment(),
        ),
        id="customer-edit",
        open=_EDIT.task != "",
        on_close=CustomerEditState.close,
        actions=[
            button(
                t("customers.edit.save"),
                kind="primary",
                icon="check",
                submit=True,
                form=rx.cond(is_contact, "customer-form", "car-form"),
                busy=_EDIT.busy,
            )
        ],
    )


def _contact_form() -> rx.Component:
    return rx.el.form(
        _entry("name", _HEAD.typed_name),
        _entry("phone", _HEAD.phone, type="tel"),
        _entry("email", _HEAD.email, type="email"),
        select(
            t("customers.field.language"),
            "language",
            [(code, t(f"customers.language.{code}")) for code in _LANGUAGES],
            default_value=_HEAD.language,
            error=_PROBLEMS["language"],
        ),
        id="customer-form",
        on_submit=CustomerEditState.save_contact,
        no_validate=True,
        class_name="grid grid-cols-1 gap-4",
    )


def _car_form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            _entry("plate", _CAR.typed_plate, placeholder="DO-AB 123", auto_capitalize="characters"),
            select(
                t("customers.field.country"),
                "plate_country",
                list(_COUNTRIES),
                default_value=_CAR.country,
                error=_PROBLEMS["plate_country"],
            ),
            class_name="grid grid-cols-[minmax(0,1fr)_88px] gap-4 items-start",
        ),
        rx.el.div(
            _entry("make", _CAR.make),
            _entry("model", _CAR.model),
            _entry("year", _CAR.year, input_mode="numeric"),
            _entry("km", _CAR.km, input_mode="numeric", unit="km"),
            class_name="grid grid-cols-2 gap-4 items-start",
        ),
        _entry("vin", _CAR.vin, auto_capitalize="characters", spell_check=False),
        id="car-form",
        key=_CAR.id,
        on_submit=CustomerEditState.save_car,
        no_validate=True,
        class_name="grid grid-cols-1 gap-4",
    )


def _entry(name: str, value: Any, **props: Any) -> rx.Component:
    given = {"default_value": value, "error": _PROBLEMS[name], **props, "auto_complete": "off"}
    return field(t(f"customers.field.{name}"), name, **given)
