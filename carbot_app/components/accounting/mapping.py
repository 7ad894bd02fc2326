"""The pane with the numbers of the tax adviser and the accounts."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, field, form_error, pane, select
from carbot_app.state.accounting_mapping import MappingState

_MAPPING: Any = MappingState
_FORM = "mapping-form"
_CHARTS = ("03", "04", "51")


def mapping_pane() -> rx.Component:
    """Opened by ``MappingState.ask``."""
    return pane(
        t("accounting.mapping.title"),
        rx.el.form(
            rx.el.p(t("accounting.mapping.text"), class_name="cb-muted"),
            form_error(_MAPPING.problem),
            rx.el.div(
                _digits("consultant", _MAPPING.consultant, 7),
                _digits("client", _MAPPING.client, 5),
                class_name="grid grid-cols-2 gap-3",
            ),
            select(
                t("accounting.mapping.chart"),
                "chart",
                [(chart, t("accounting.mapping.chart_own", chart=chart)) for chart in _CHARTS],
                default_value=_MAPPING.chart,
            ),
            rx.el.div(
                select(
                    t("accounting.mapping.length"),
                    "length",
                    [(str(length), str(length)) for length in range(4, 9)],
                    default_value=_MAPPING.length,
                ),
                select(
                    t("accounting.mapping.year"),
                    "year_begins",
                    [(str(month), str(month)) for month in range(1, 13)],
                    default_value=_MAPPING.year_begins,
                ),
                class_name="grid grid-cols-2 gap-3 items-end",
            ),
            rx.el.h3(t("accounting.mapping.accounts"), class_name="font-[620] mt-2"),
            rx.foreach(_MAPPING.accounts, _account),
            id=_FORM,
            key=_MAPPING.open.to(str),
            on_submit=MappingState.save,
            no_validate=True,
            class_name="grid gap-4",
        ),
        id="accounting-mapping",
        open=_MAPPING.open,
        on_close=MappingState.close,
        actions=[
            button(t("ui.actions.cancel"), on_click=MappingState.close),
            button(t("accounting.mapping.save"), kind="primary", submit=True, form=_FORM, busy=_MAPPING.busy),
        ],
    )


def _digits(name: str, value: Any, most: int) -> rx.Component:
    return field(
        t(f"accounting.mapping.{name}"),
        name,
        default_value=value,
        input_mode="numeric",
        auto_complete="off",
        max_length=most,
    )


def _account(line: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(line.label, class_name="min-w-0"),
        rx.el.input(
            name="account:" + line.key,
            default_value=line.own,
            placeholder=line.usual,
            input_mode="numeric",
            auto_complete="off",
            max_length=8,
            class_name="cb-input cb-num !w-[7rem] flex-none",
        ),
        class_name="flex items-center justify-between gap-3",
        key=line.key,
    )
