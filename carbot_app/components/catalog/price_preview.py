"""What customers will pay: per class of cars, the old price struck, and how the price comes about."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import icon
from carbot_app.state.catalog_editor import EditorState

_EDITOR: Any = EditorState
_PREVIEW = _EDITOR.preview


def price_preview() -> rx.Component:
    """Announced when it changes; stands still while a field is wrong."""
    return rx.cond(
        _PREVIEW.classes.length() > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h3(t("catalog.preview.title"), class_name="font-[620]"),
                rx.cond(
                    _PREVIEW.tax_percent != "",
                    rx.el.span(
                        t("catalog.preview.tax_in", percent=_PREVIEW.tax_percent), class_name="cb-muted"
                    ),
                    rx.el.span(t("catalog.preview.no_tax"), class_name="cb-muted"),
                ),
                class_name="flex items-baseline justify-between gap-3 pb-2",
            ),
            rx.el.ul(rx.foreach(_PREVIEW.classes, _class), aria_live="polite", class_name="grid"),
            _calculation(),
            rx.el.p(
                icon("circle-dot", 15, class_name="text-primary flex-none mt-0.5"),
                rx.el.span(t("catalog.preview.note")),
                class_name="flex gap-2.5 items-start cb-dense cb-muted pt-3 border-t border-base-300",
            ),
            class_name="cb-price-card",
        ),
    )


def _class(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(
                line.vehicle_class != "",
                rx.fragment(
                    rx.el.span(t_choice("catalog.class", line.vehicle_class), class_name="block font-[550]"),
                    rx.el.span(
                        t_choice("catalog.cars", line.vehicle_class), class_name="block cb-meta cb-muted"
                    ),
                ),
                rx.el.span(t("catalog.preview.every"), class_name="block font-[550]"),
            ),
            class_name="flex-1 min-w-0",
        ),
        rx.cond(
            line.before != "",
            rx.fragment(
                rx.el.span(t("catalog.preview.before"), class_name="cb-sr"),
                rx.el.s(line.before, class_name="cb-faint cb-num whitespace-nowrap"),
            ),
        ),
        rx.el.span(line.after, class_name="font-[640] cb-num text-right"),
        rx.cond(
            line.difference != "",
            rx.el.span(
                line.difference,
                class_name=rx.cond(
                    line.dearer, "cb-price-diff text-ok-ink cb-num", "cb-price-diff text-warn-ink cb-num"
                ),
            ),
        ),
        class_name="cb-price-row",
        key=line.vehicle_class,
    )


def _calculation() -> rx.Component:
    return rx.el.details(
        rx.el.summary(t("catalog.preview.how"), class_name="cb-editor-more cb-dense"),
        rx.el.dl(
            rx.foreach(_PREVIEW.lines, lambda line: _sum(line[0], line[1])),
            rx.cond(_PREVIEW.tax_percent != "", _sum(t("catalog.preview.net"), _PREVIEW.net)),
            rx.cond(
                _PREVIEW.tax_percent != "",
                _sum(t("catalog.preview.tax", percent=_PREVIEW.tax_percent), _PREVIEW.tax),
            ),
            _sum(t("catalog.preview.gross"), _PREVIEW.gross, strong=True),
            class_name="grid gap-1.5 pb-3",
        ),
        class_name="border-t border-base-300",
    )


def _sum(label: Any, amount: Any, *, strong: bool = False) -> rx.Component:
    look = "font-[640]" if strong else "cb-muted"
    return rx.el.div(
        rx.el.dt(label, class_name="min-w-0 flex-1 break-words"),
        rx.el.dd(amount, class_name="cb-num whitespace-nowrap"),
        class_name=f"flex gap-3 cb-dense {look}",
    )
