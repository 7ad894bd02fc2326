"""The head of the page of invoices: four figures, and the keys of the page."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import delta_sign, dialog, icon, kbd
from carbot_app.state.invoices import InvoicesState

_LIST: Any = InvoicesState
HELP = "invoice-keys"
_KEYS = (("J", "next"), ("K", "previous"), ("Enter", "open"), ("/", "search"), ("?", "help"))


def invoice_tiles() -> rx.Component:
    """Late, owed, came in, to come; the first two are filters."""
    head = _LIST.head
    return rx.el.div(
        _tile(
            rx.fragment(
                _sign("st-overdue", "err"),
                t("invoices.head.overdue"),
            ),
            head.overdue,
            head.overdue_note,
            on_click=InvoicesState.pick("view", "overdue"),
        ),
        _tile(
            rx.fragment(
                _sign("st-open", "info"),
                t("invoices.head.open"),
            ),
            head.open,
            head.open_note,
            on_click=InvoicesState.pick("view", "open"),
        ),
        _tile(
            rx.fragment(
                _sign("st-done", "ok"),
                head.income_label,
            ),
            head.income,
            rx.cond(
                head.income_up == "flat",
                rx.el.span(head.income_note),
                delta_sign(
                    head.income_note,
                    direction=head.income_up,
                    verdict=rx.cond(head.income_up == "up", "good", "bad"),
                ),
            ),
        ),
        _tile(
            t("invoices.head.expected"),
            head.expected,
            head.expected_note,
            beside=rx.html(
                head.expected_bars, class_name="cb-money-bars", custom_attrs={"aria-hidden": "true"}
            ),
        ),
        class_name="cb-money-head",
    )


def help_sheet() -> rx.Component:
    """Every key of the page."""
    return dialog(
        t("invoices.keys.title"),
        rx.el.dl(
            *(
                rx.el.div(
                    rx.el.dt(t(f"invoices.keys.{word}"), class_name="min-w-0"),
                    rx.el.dd(kbd(key), class_name="flex-none"),
                    class_name="flex items-center justify-between gap-4 min-h-7",
                )
                for key, word in _KEYS
            ),
            class_name="grid",
        ),
        id=HELP,
    )


def _sign(glyph: str, tone: str) -> rx.Component:
    return rx.el.span(icon(glyph, 16), class_name=f"cb-tone-{tone} cb-money-sign")


def _tile(label: Any, figure: Any, note: Any, *, beside: Any = None, on_click: Any = None) -> rx.Component:
    content = [
        rx.el.span(
            rx.el.span(label, class_name="flex items-center gap-2 cb-muted"),
            rx.el.span(figure, class_name="cb-money-figure cb-num"),
            rx.el.span(note, class_name="cb-dense cb-muted cb-num block"),
            class_name="grid min-w-0 flex-1 gap-0.5",
        ),
        *([beside] if beside is not None else []),
    ]
    if on_click is None:
        return rx.el.div(*content, class_name="cb-money-tile")
    return rx.el.button(*content, type="button", on_click=on_click, class_name="cb-money-tile")
