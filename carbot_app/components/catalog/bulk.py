"""The pane "Preise anpassen": what, how much, where, and every price before it changes."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    empty_state,
    error_state,
    field,
    form_error,
    pane,
    segmented,
    select,
    skeleton,
)
from carbot_app.components.ui.fields import checkbox
from carbot_app.state.catalog_bulk import AMOUNT, CATEGORY, EVERYTHING, LABOUR, PERCENT, SELECTION, BulkState

_BULK: Any = BulkState
_WISH = _BULK.wish
_OUTLOOK = _BULK.outlook
_TYPING_MS = 300


def bulk_pane() -> rx.Component:
    """Opened by ``BulkState.start(codes, category)``; stores nothing before "n Preise ändern"."""
    return pane(
        t("pricing.bulk.title"),
        rx.match(
            _BULK.status,
            ("loading", skeleton("rows", 6)),
            ("failed", error_state(on_retry=BulkState.start([], ""))),
            rx.el.div(_form(), _outlook(), class_name="grid gap-5 min-w-0"),
        ),
        id="catalog-bulk",
        open=_BULK.open,
        on_close=BulkState.close,
        actions=[
            button(t("pricing.discard"), kind="ghost", data_close="true"),
            button(
                rx.cond(
                    _OUTLOOK.changed > 0,
                    t("pricing.bulk.apply", count=_OUTLOOK.changed),
                    t("pricing.bulk.apply_none"),
                ),
                kind="primary",
                icon="check",
                disabled=_OUTLOOK.changed == 0,
                busy=_BULK.busy,
                on_click=BulkState.apply,
            ),
        ],
    )


def _form() -> rx.Component:
    return rx.el.form(
        _kinds(),
        field(
            rx.cond(_WISH.kind == AMOUNT, t("pricing.bulk.amount"), t("pricing.bulk.percent")),
            "value",
            unit=rx.cond(_WISH.kind == AMOUNT, "€", "%"),
            help=t("pricing.bulk.value_help"),
            error=_OUTLOOK.problem,
            default_value=_WISH.value,
            key=_BULK.layout.to(str),
            input_mode="text",
            auto_complete="off",
            on_change=lambda text: BulkState.choose("value", text).debounce(_TYPING_MS),
        ),
        _scope(),
        rx.el.div(
            rx.el.p(t("pricing.bulk.rounding"), class_name="cb-label", aria_hidden="true"),
            segmented(
                t("pricing.bulk.rounding"),
                "bulk-rounding",
                [(step, t(f"pricing.bulk.round.{step}")) for step in ("100", "10", "1")],
                value=_WISH.rounding,
                on_change=lambda step: BulkState.choose("rounding", step),
                fill=True,
            ),
            class_name="cb-field",
        ),
        rx.el.div(
            rx.cond(
                (_WISH.kind == LABOUR) & (_WISH.scope == EVERYTHING),
                checkbox(
                    t("pricing.bulk.rates"),
                    "rates",
                    checked=_WISH.rates,
                    on_change=lambda on: BulkState.choose("rates", on.to_string()),
                ),
            ),
            checkbox(
                t("pricing.bulk.inactive"),
                "inactive",
                checked=_WISH.inactive,
                on_change=lambda on: BulkState.choose("inactive", on.to_string()),
            ),
            class_name="grid gap-2.5",
        ),
        on_submit=rx.prevent_default,
        class_name="grid gap-4 min-w-0",
    )


def _kinds() -> rx.Component:
    kinds: list[Any] = [(kind, t(f"pricing.bulk.kind.{kind}")) for kind in (LABOUR, PERCENT, AMOUNT)]
    return rx.el.div(
        segmented(
            t("pricing.bulk.what"),
            "bulk-kind",
            kinds,
            value=_WISH.kind,
            on_change=lambda kind: BulkState.choose("kind", kind),
            fill=True,
        ),
        rx.el.p(
            rx.match(
                _WISH.kind,
                *((kind, t(f"pricing.bulk.explain.{kind}")) for kind in (LABOUR, PERCENT)),
                t(f"pricing.bulk.explain.{AMOUNT}"),
            ),
            class_name="cb-help",
        ),
        class_name="grid gap-2 min-w-0",
    )


def _scope() -> rx.Component:
    chosen = rx.cond(
        _BULK.selected > 0, rx.el.option(t("pricing.bulk.selection", count=_BULK.selected), value=SELECTION)
    )
    return rx.el.div(
        _plain_select(
            t("pricing.bulk.scope"),
            "scope",
            chosen,
            rx.el.option(t("pricing.bulk.everything"), value=EVERYTHING),
            rx.el.option(t("pricing.bulk.category"), value=CATEGORY),
            value=_WISH.scope,
            on_change=lambda scope: BulkState.choose("scope", scope),
        ),
        rx.cond(
            _WISH.scope == CATEGORY,
            select(
                t("pricing.bulk.which"),
                "category",
                _BULK.categories,
                value=_WISH.category,
                on_change=lambda key: BulkState.choose("category", key),
            ),
        ),
        class_name="grid gap-4 min-w-0",
    )


def _plain_select(label: Any, name: str, *options: Any, **props: Any) -> rx.Component:
    """A select one of whose options may be absent."""
    control_id = f"bulk-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=control_id, class_name="cb-label"),
        rx.el.select(*options, id=control_id, name=name, class_name="cb-input", **props),
        class_name="cb-field",
    )


def _outlook() -> rx.Component:
    nothing_yet: Any = empty_state("percent", t("pricing.bulk.empty_title"), t("pricing.bulk.empty_text"))
    no_change: Any = empty_state("check", t("pricing.bulk.same_title"), t("pricing.bulk.same_text"))
    return rx.el.section(
        rx.el.div(
            rx.el.h3(t("pricing.bulk.preview"), class_name="cb-heading"),
            rx.el.p(
                rx.cond(
                    _OUTLOOK.asked & (_OUTLOOK.problem == ""),
                    t("pricing.bulk.sum", count=_OUTLOOK.changed, same=_OUTLOOK.unchanged),
                    "",
                ),
                class_name="cb-dense cb-muted cb-num",
                role="status",
            ),
            class_name="flex flex-wrap items-baseline justify-between gap-x-3 min-h-6",
        ),
        rx.cond(
            _OUTLOOK.changed > 0,
            _lines(),
            rx.cond(
                _OUTLOOK.asked,
                rx.cond(_OUTLOOK.problem == "", no_change, form_error("")),
                nothing_yet,
            ),
        ),
        aria_label=t("pricing.bulk.preview"),
        class_name="cb-card px-4 pt-3.5 pb-2 grid gap-2 min-w-0",
    )


def _lines() -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.caption(t("pricing.bulk.preview"), class_name="cb-sr"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(t("pricing.bulk.service"), scope="col"),
                    rx.el.th(t("pricing.bulk.old_and_new"), scope="col", class_name="cb-end"),
                    rx.el.th(t("pricing.bulk.difference"), scope="col", class_name="cb-end"),
                )
            ),
            rx.el.tbody(rx.foreach(_OUTLOOK.lines, _line)),
            class_name="cb-price-table",
        ),
        rx.cond(
            _OUTLOOK.hidden > 0,
            button(
                t("pricing.bulk.show_all", count=_OUTLOOK.hidden),
                kind="ghost",
                block=True,
                on_click=BulkState.show_all,
            ),
        ),
        class_name="grid gap-1 min-w-0",
    )


def _line(line: Any) -> rx.Component:
    # The roles stay when phones show a row as a grid
    return rx.el.tr(
        rx.el.th(line.name, scope="row", role="rowheader"),
        rx.el.td(
            rx.el.s(line.before, class_name="cb-price-old"),
            rx.el.span(line.after, class_name="font-[620]"),
            class_name="cb-end cb-price-pair",
            role="cell",
        ),
        rx.el.td(
            line.difference,
            class_name="cb-end",
            role="cell",
            data_rises=rx.cond(line.rises, "true", "false"),
        ),
        role="row",
        key=line.code,
    )
