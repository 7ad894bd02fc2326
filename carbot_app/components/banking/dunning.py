"""The dunning run: proposals, what rests, what was sent."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    banner,
    button,
    button_link,
    card,
    empty_state,
    error_state,
    field,
    icon,
    menu,
    menu_item,
    rows,
    section_head,
    skeleton,
    tag,
    two_lines,
    when,
)
from carbot_app.domains.billing.dunning_schemas import STOP_REASONS
from carbot_app.state.dunning import DunningState

_RUN: Any = DunningState


def dunning_run() -> rx.Component:
    """Everything on the page below its title."""
    return rx.el.div(
        rx.cond(_RUN.status == "failed", error_state(on_retry=DunningState.load)),
        rx.cond(_RUN.missing_rate != "", _missing_rate()),
        rx.cond(
            _RUN.status == "loading",
            card(skeleton("rows", 5)),
            rx.fragment(
                card(
                    rx.cond(
                        _RUN.proposals.length() > 0,
                        rows(rx.foreach(_RUN.proposals, _proposal)),
                        empty_state("circle-check", t("dunning.empty.title"), t("dunning.empty.text")),
                    ),
                    pad=False,
                    aria_label=t("dunning.proposals"),
                ),
                when(_RUN.held.length() > 0, _held()),
                when(_RUN.finished.length() > 0, _finished()),
                when(_RUN.notices.length() > 0, _sent()),
            ),
        ),
        class_name="grid grid-cols-1 gap-6 max-w-[1100px]",
    )


def _missing_rate() -> rx.Component:
    form = rx.el.form(
        rx.el.div(
            field(
                t("dunning.rate.label"),
                "percent",
                unit="%",
                input_mode="decimal",
                auto_complete="off",
                required=True,
            ),
            class_name="w-[150px]",
        ),
        button(t("dunning.rate.save"), submit=True, kind="outline"),
        on_submit=DunningState.enter_rate,
        class_name="flex items-end gap-3 flex-wrap",
    )
    return card(
        banner(
            t("dunning.rate.text", day=_RUN.missing_day),
            title=t("dunning.rate.title"),
            tone="warn",
            icon="percent",
            card=True,
        ),
        when(_RUN.may_set_rate, form),
        class_name="grid gap-4",
    )


def _proposal(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            when(
                _RUN.may_change,
                rx.el.input(
                    type="checkbox",
                    class_name="cb-check mt-1 flex-none",
                    checked=_RUN.chosen.contains(row.key),
                    disabled=row.waits,
                    on_change=lambda on: _RUN.choose(row.key, on),
                    aria_label=t("dunning.choose", name=row.name),
                ),
            ),
            rx.el.div(
                rx.el.p(
                    rx.el.span(row.name, class_name="font-[600] break-words min-w-0"),
                    rx.el.span(row.total, class_name="cb-num font-[620] flex-none"),
                    class_name="flex items-baseline justify-between gap-4",
                ),
                rx.el.div(
                    _level(row.level),
                    rx.el.span(row.detail, class_name="cb-dense cb-muted break-words min-w-0"),
                    class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
                ),
                when(row.extra != "", rx.el.p(row.extra, class_name="cb-dense cb-muted cb-num")),
                class_name="grid gap-1.5 flex-1 min-w-0",
            ),
            class_name="flex items-start gap-3",
        ),
        rx.el.ul(
            rx.foreach(row.claims, _claim),
            class_name=rx.cond(_RUN.may_change, "grid gap-1 md:pl-8", "grid gap-1"),
        ),
        rx.el.div(
            button_link(
                t("dunning.preview"),
                href="/api/dunning/preview.pdf?key=" + row.key.to(str),
                kind="ghost",
                size="sm",
                icon="eye",
                external=True,
                target="_blank",
            ),
            class_name="flex justify-end",
        ),
        key=row.key,
        class_name="grid gap-3 px-4 py-3.5",
    )


def _claim(claim: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(claim.number, class_name="cb-num font-[550]"),
            rx.el.span(claim.late, class_name="cb-dense cb-muted"),
            class_name="flex flex-1 flex-col md:flex-row md:items-center md:gap-x-3 min-w-0",
        ),
        rx.el.span(claim.open, class_name="cb-num flex-none"),
        when(
            _RUN.may_change,
            menu(
                t("dunning.stop.for", number=claim.number),
                icon("ellipsis"),
                *(
                    menu_item(t(f"dunning.stop.{reason}"), on_click=DunningState.stop(claim.id, reason))
                    for reason in STOP_REASONS
                ),
                align="end",
            ),
        ),
        key=claim.id,
        class_name="flex items-center gap-x-3",
    )


def _level(level: Any) -> Any:
    tones: dict[str, Any] = {"reminder": "info", "first": "warn", "last": "err", "handover": "err"}
    cases = [(name, tag(t(f"dunning.level.{name}"), tone=tone)) for name, tone in tones.items()]
    return rx.match(level, *cases, tag(level))


def _held() -> rx.Component:
    return rx.el.section(
        section_head(t("dunning.held.title")),
        card(rows(rx.foreach(_RUN.held, _held_row)), pad=False),
        class_name="grid gap-3",
    )


def _held_row(row: Any) -> rx.Component:
    return rx.el.li(
        two_lines(row.number + " · " + row.name, t_choice("dunning.reason", row.reason)),
        rx.el.span(row.open, class_name="cb-num flex-none"),
        when(
            row.can_resume & _RUN.may_change,
            button(
                t("dunning.resume"),
                size="sm",
                aria_label=t("dunning.resume_for", number=row.number),
                on_click=DunningState.resume(row.id),
            ),
        ),
        key=row.id,
        class_name="flex items-center gap-4 px-4 py-3",
    )


def _finished() -> rx.Component:
    return rx.el.section(
        section_head(
            t("dunning.finished.title"),
            action=button_link(
                t("dunning.finished.export"),
                href="/api/dunning/handover.csv",
                kind="ghost",
                size="sm",
                icon="download",
                external=True,
                download=True,
            ),
        ),
        card(
            rows(
                rx.foreach(
                    _RUN.finished,
                    lambda row: rx.el.li(
                        two_lines(row.number, row.name),
                        rx.el.span(row.open, class_name="cb-num flex-none"),
                        key=row.id,
                        class_name="flex items-center gap-4 px-4 py-3",
                    ),
                )
            ),
            pad=False,
        ),
        class_name="grid gap-3",
    )


def _sent() -> rx.Component:
    return rx.el.section(
        section_head(t("dunning.sent.title")),
        card(rows(rx.foreach(_RUN.notices, _notice)), pad=False),
        class_name="grid gap-3",
    )


def _notice(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(row.name, class_name="block font-[600] break-words"),
            rx.el.span(
                t_choice("dunning.level", row.level),
                " · ",
                row.numbers,
                " · ",
                t_choice("dunning.sent", row.way),
                " · ",
                row.day,
                class_name="block cb-dense cb-muted break-words",
            ),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(row.total, class_name="cb-num flex-none"),
        button_link(
            t("dunning.print"),
            href="/api/dunning/letters/" + row.id.to(str) + ".pdf",
            kind="ghost",
            size="sm",
            icon="printer",
            external=True,
            target="_blank",
            aria_label=t("dunning.sent.letter_for", name=row.name),
        ),
        key=row.id,
        class_name="flex items-center gap-3 px-4 py-3",
    )
