"""Transactions with what they are thought to settle."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    card,
    chips,
    empty_state,
    error_state,
    form_error,
    load_more,
    rows,
    search_field,
    skeleton,
    tag,
    when,
)
from carbot_app.components.ui.file_drop import file_drop
from carbot_app.domains.banking.ports import MAX_BYTES
from carbot_app.state.bank import BankState
from carbot_app.state.bank_assign import BankAssignState

_BANK: Any = BankState


def bank_entries() -> rx.Component:
    """Upload above, filters, and the list."""
    return rx.el.section(
        when(_BANK.may_change, _drop()),
        form_error(_BANK.problem),
        rx.el.div(
            rx.el.div(
                search_field(
                    placeholder=t("banking.search"),
                    label=t("banking.search_label"),
                    on_change=BankState.find.debounce(250),
                ),
                class_name="w-full md:w-[320px]",
            ),
            chips(
                t("banking.view.label"),
                "view",
                [
                    (name, t(f"banking.view.{name}"), getattr(_BANK.facts, name))
                    for name in ("open", "booked", "ignored")
                ],
                value=_BANK.view,
                on_change=BankState.choose_view,
            ),
            class_name="flex flex-wrap items-center gap-3 min-w-0",
        ),
        rx.cond(_BANK.status == "failed", error_state(on_retry=BankState.load)),
        card(
            rx.cond(
                _BANK.status == "loading",
                rx.el.div(skeleton("rows", 6), class_name="p-4"),
                rx.cond(_BANK.rows.length() > 0, rows(rx.foreach(_BANK.rows, _row)), _nothing()),
            ),
            load_more(has_more=_BANK.has_more, on_click=BankState.more),
            pad=False,
        ),
        class_name="grid grid-cols-1 gap-4 max-w-[1100px]",
        aria_label=t("banking.list"),
    )


def _drop() -> rx.Component:
    return file_drop(
        t("banking.drop.title"),
        t("banking.drop.text"),
        address="/api/bank/statements",
        endings="xml,camt",
        multiple=True,
        primary=False,
        counted=["new", "booked", "suggested"],
        label=t("banking.drop.choose"),
        sending=t("banking.drop.sending"),
        failed=t("banking.drop.failed"),
        wrong_type=t("banking.drop.wrong_type"),
        too_large=t("banking.drop.too_large"),
        max_bytes=MAX_BYTES,
        on_counted=BankState.uploaded,
        on_problem=BankState.refuse,
    )


def _row(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(line.name, class_name="font-[600] break-words min-w-0"),
                rx.el.span(
                    line.amount,
                    class_name=rx.cond(
                        line.incoming, "cb-num font-[620] flex-none", "cb-num cb-muted flex-none"
                    ),
                ),
                class_name="flex items-baseline justify-between gap-4",
            ),
            rx.el.p(
                rx.el.span(line.text, class_name="break-words min-w-0"),
                rx.el.span(line.day, class_name="cb-num flex-none"),
                class_name="flex justify-between gap-4 cb-dense cb-muted",
            ),
            class_name="grid gap-0.5 min-w-0",
        ),
        rx.el.div(
            rx.el.div(
                _sign(line.sign),
                rx.foreach(line.parts, lambda text: rx.el.p(text, class_name="cb-num break-words")),
                when(line.reason != "", rx.el.p(line.reason, class_name="cb-dense cb-muted break-words")),
                class_name="grid justify-items-start gap-1 min-w-0 flex-1 max-md:basis-full",
            ),
            when(_BANK.may_change, _actions(line)),
            class_name="flex flex-wrap items-end justify-between gap-3",
        ),
        key=line.id,
        class_name="grid gap-3 px-4 py-3.5",
    )


def _sign(sign: Any) -> Any:
    looks: dict[str, tuple[Any, str]] = {
        "safe": ("ok", "circle-check"),
        "maybe": ("warn", "circle-question-mark"),
        "booked": ("ok", "check"),
        "ignored": ("neutral", "minus"),
    }
    cases = [
        (name, tag(t(f"banking.sign.{name}"), tone=tone, icon_name=glyph))
        for name, (tone, glyph) in looks.items()
    ]
    return rx.match(sign, *cases, tag(t("banking.sign.none")))


def _actions(line: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            (line.sign == "booked") | (line.sign == "ignored"),
            button(
                t("banking.action.undo"),
                kind="ghost",
                size="sm",
                icon="undo-2",
                on_click=BankState.undo(line.id),
            ),
            rx.fragment(
                button(
                    t("banking.action.ignore"),
                    kind="ghost",
                    size="sm",
                    on_click=BankState.ignore(line.id),
                ),
                when(
                    line.can_assign,
                    button(
                        t("banking.action.other"),
                        size="sm",
                        on_click=BankAssignState.start(line.id),
                        aria_haspopup="dialog",
                    ),
                ),
                when(
                    line.can_confirm,
                    button(
                        t("banking.action.confirm"),
                        size="sm",
                        kind="outline",
                        icon="check",
                        on_click=BankState.confirm(line.id),
                        class_name="max-md:col-span-2 max-md:order-first",
                    ),
                ),
            ),
        ),
        role="group",
        aria_label=t("banking.action.for", name=line.name, amount=line.amount),
        class_name="flex flex-wrap justify-end gap-2 max-md:grid max-md:grid-cols-2 max-md:w-full",
    )


def _nothing() -> Any:
    return rx.cond(
        _BANK.search != "",
        empty_state("search", t("banking.none.title"), t("banking.none.text")),
        rx.match(
            _BANK.view,
            ("booked", empty_state("banknote", t("banking.empty.booked"))),
            ("ignored", empty_state("minus", t("banking.empty.ignored"))),
            rx.cond(
                _BANK.facts.last == "",
                empty_state("upload", t("banking.empty.first"), t("banking.empty.first_text")),
                empty_state("circle-check", t("banking.empty.open"), t("banking.empty.open_text")),
            ),
        ),
    )


def last_day() -> Any:
    """Up to when the account is known."""
    return rx.cond(
        _BANK.facts.last != "",
        rx.el.p(t("banking.until", day=_BANK.facts.last), class_name="cb-muted cb-num max-md:hidden"),
    )
