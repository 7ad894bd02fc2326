"""Direct debits: what may be collected, and what became of the files for the bank."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    banner,
    button,
    button_link,
    card,
    checkbox,
    empty_state,
    error_state,
    field,
    form_error,
    icon,
    rows,
    section_head,
    skeleton,
    tag,
    when,
)
from carbot_app.state.debits import DebitsState

_RUN: Any = DebitsState


def debit_run() -> rx.Component:
    """What can go to the bank today; making the file is one press."""
    return rx.el.section(
        rx.cond(_RUN.status == "failed", error_state(on_retry=DebitsState.load)),
        when(_RUN.missing != "", _missing()),
        section_head(t("paydesk.debit.collect.title")),
        card(
            rx.cond(
                _RUN.status == "loading",
                rx.el.div(skeleton("rows", 4), class_name="p-4"),
                rx.cond(
                    _RUN.rows.length() > 0,
                    rx.fragment(
                        when(_RUN.may_change, _all()),
                        rows(rx.foreach(_RUN.rows, _collectable)),
                        when(_RUN.may_change, _foot()),
                    ),
                    empty_state(
                        "circle-check", t("paydesk.debit.empty.title"), t("paydesk.debit.empty.text")
                    ),
                ),
            ),
            pad=False,
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def debit_files() -> rx.Component:
    """Files that were made, the newest first, each debit with what became of it."""
    return when(
        _RUN.runs.length() > 0,
        rx.el.section(
            section_head(t("paydesk.debit.files")),
            card(rows(rx.foreach(_RUN.runs, _file)), pad=False),
            class_name="grid grid-cols-1 gap-3",
        ),
    )


def _missing() -> rx.Component:
    return banner(
        t_choice("paydesk.debit.missing", _RUN.missing),
        title=t("paydesk.debit.missing.title"),
        tone="warn",
        icon="triangle-alert",
        card=True,
        action=button_link(
            t("paydesk.debit.missing.go"), href="/einstellungen/", size="sm", class_name="ml-auto flex-none"
        ),
    )


def _all() -> rx.Component:
    return rx.el.div(
        checkbox(
            t("paydesk.debit.all"),
            "all",
            checked=_RUN.chosen.length() == _RUN.rows.length(),
            on_change=DebitsState.choose_all,
        ),
        class_name="px-4 py-2.5 border-b border-base-300",
    )


def _collectable(row: Any) -> rx.Component:
    return rx.el.li(
        when(
            _RUN.may_change,
            rx.el.input(
                type="checkbox",
                class_name="cb-check mt-0.5 flex-none",
                checked=_RUN.chosen.contains(row.id),
                on_change=lambda on: _RUN.choose(row.id, on),
                aria_label=t("paydesk.debit.choose", number=row.number),
            ),
        ),
        rx.el.span(
            rx.el.span(
                rx.el.span(row.number, class_name="cb-num font-[600]"),
                " · ",
                row.holder,
                class_name="block break-words",
            ),
            rx.el.span(row.detail, class_name="block cb-dense cb-muted cb-num break-words"),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(row.amount, class_name="cb-num font-[620] flex-none"),
        key=row.id,
        class_name="flex items-start gap-3 px-4 py-3",
    )


def _foot() -> rx.Component:
    return rx.el.div(
        form_error(_RUN.problem),
        rx.el.div(
            rx.el.div(
                field(
                    t("paydesk.debit.day"),
                    "collect_on",
                    type="date",
                    value=_RUN.day,
                    min=_RUN.earliest,
                    on_change=DebitsState.set_day,
                    help=t("paydesk.debit.day_help"),
                ),
                class_name="w-full md:w-[240px]",
            ),
            button(
                t("paydesk.debit.create", count=_RUN.chosen.length(), total=_RUN.total),
                kind="primary",
                icon="file-plus",
                busy=_RUN.busy,
                disabled=(_RUN.chosen.length() == 0) | (_RUN.missing != ""),
                on_click=DebitsState.create,
            ),
            class_name="flex flex-wrap items-start justify-between gap-3 md:[&>button]:mt-6",
        ),
        rx.el.p(t("paydesk.debit.note"), class_name="cb-dense cb-muted"),
        class_name="grid gap-3 px-4 py-3.5 border-t border-base-300",
    )


def _file(run: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(t("paydesk.debit.on", day=run.day), class_name="block font-[600]"),
                rx.el.span(run.detail, class_name="block cb-dense cb-muted"),
                class_name="min-w-0 flex-1",
            ),
            rx.el.span(run.total, class_name="cb-num font-[620] flex-none"),
            button_link(
                t("paydesk.debit.download"),
                href="/api/bank/debits/" + run.id.to(str) + ".xml",
                icon="download",
                size="sm",
                external=True,
                download=True,
                aria_label=t("paydesk.debit.download_for", day=run.day),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.el.details(
            rx.el.summary(
                icon("chevron-down", 15, class_name="group-open:rotate-180"),
                t("paydesk.debit.became"),
                when(
                    run.returned > 0,
                    tag(t("paydesk.debit.came_back", n=run.returned), tone="err", icon_name="undo-2"),
                ),
                class_name="flex items-center gap-2 min-h-8 cursor-pointer list-none cb-muted",
            ),
            rx.el.ul(
                rx.foreach(run.debits, _debit),
                class_name="grid gap-1.5 pt-1.5",
            ),
            class_name="group",
        ),
        key=run.id,
        class_name="grid gap-1.5 px-4 py-3.5",
    )


def _debit(debit: Any) -> rx.Component:
    states: dict[str, tuple[Any, str]] = {
        "sent": ("info", "clock"),
        "paid": ("ok", "check"),
        "returned": ("err", "undo-2"),
    }
    cases = [
        (name, tag(t(f"paydesk.debit.state.{name}"), tone=tone, icon_name=sign))
        for name, (tone, sign) in states.items()
    ]
    return rx.el.li(
        rx.el.span(debit.number, class_name="cb-num font-[550]"),
        rx.el.span(
            debit.holder,
            class_name="cb-muted min-w-0 break-words flex-1 max-md:order-1 max-md:basis-full",
        ),
        rx.el.span(
            when(debit.reason != "", rx.el.span(debit.reason, class_name="cb-dense cb-muted")),
            rx.match(debit.state, *cases, rx.fragment()),
            class_name="flex flex-wrap items-center gap-2 max-md:order-1",
        ),
        rx.el.span(debit.amount, class_name="cb-num max-md:ml-auto"),
        key=debit.id,
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1 max-md:pb-2",
    )
