"""The fields of a position; orders and free invoices ask for the same."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import checkbox, field, select
from carbot_app.domains.billing.lines import LINE_KINDS
from carbot_app.domains.orders.checks import UNITS


def line_fields(typed: Any, problems: Any, *, part_number: bool = True) -> rx.Component:
    """``typed`` is order_edit.Typed, ``problems`` maps a field to what is wrong with it."""

    def one(word: str, name: str, value: Any, **more: Any) -> rx.Component:
        return field(
            t(f"orders.field.{word}"), name, default_value=value, error=problems.get(name, ""), **more
        )

    number = one("part_number", "part_number", typed.part_number, optional=True, max_length=60)
    return rx.fragment(
        one("text", "text", typed.text, max_length=300, auto_focus=True),
        rx.el.div(
            select(
                t("orders.field.kind"),
                "kind",
                [(kind, t(f"orders.kind.{kind}")) for kind in LINE_KINDS],
                default_value=typed.kind,
            ),
            select(
                t("orders.field.told"),
                "told",
                [(told, t(f"orders.told.{told}")) for told in ("gross", "net")],
                default_value=typed.told,
            ),
            class_name="grid grid-cols-2 gap-3",
        ),
        rx.el.div(
            one("quantity", "quantity", typed.quantity, input_mode="decimal"),
            select(
                t("orders.field.unit"),
                "unit",
                [(unit, t(f"orders.unit_name.{unit}")) for unit in UNITS],
                default_value=typed.unit,
            ),
            class_name="grid grid-cols-2 gap-3",
        ),
        rx.el.div(
            one("unit_price", "unit_price", typed.price, input_mode="decimal"),
            one("discount", "discount", typed.discount, unit="%", input_mode="decimal", optional=True),
            class_name="grid grid-cols-2 gap-3",
        ),
        *([number] if part_number else []),
        checkbox(t("orders.field.exchange"), "exchange", default_checked=typed.exchange),
        one(
            "list_price",
            "list_price",
            typed.list_price,
            input_mode="decimal",
            optional=True,
            help=t("orders.field.list_price_help"),
        ),
    )
