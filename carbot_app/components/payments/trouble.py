"""Money a person has to look at: what differs, what is asked back, what could not be handled."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    button_link,
    card,
    check_card,
    form_error,
    icon,
    menu,
    menu_item,
    pane,
    rows,
    search_field,
    section_head,
    tag,
    when,
)
from carbot_app.state.payment_trouble import MismatchAssignState, PaymentTroubleState

_TROUBLE: Any = PaymentTroubleState
_ASSIGN: Any = MismatchAssignState
_QUIET = "cb-dense cb-muted break-words"


def payment_trouble() -> rx.Component:
    """Nothing to see while nothing waits."""
    return when(
        (_TROUBLE.waiting > 0) | (_TROUBLE.disputes.length() > 0),
        rx.el.section(
            section_head(
                t("paydesk.trouble.title"),
                trailing=when(_TROUBLE.waiting > 0, t("paydesk.trouble.waiting", n=_TROUBLE.waiting)),
            ),
            card(
                rows(
                    rx.foreach(_TROUBLE.mismatches, _mismatch),
                    rx.foreach(_TROUBLE.disputes, _dispute),
                    rx.foreach(_TROUBLE.events, _event),
                ),
                pad=False,
            ),
            class_name="grid grid-cols-1 gap-3",
        ),
    )


def mismatch_pane() -> rx.Component:
    """Which invoice money that differs is for."""
    return pane(
        t("paydesk.assign.title"),
        rx.el.div(
            rx.el.p(_ASSIGN.row.title, class_name="font-[600] break-words"),
            form_error(_ASSIGN.problem),
            search_field(
                placeholder=t("banking.assign.search"),
                label=t("banking.assign.search"),
                name="mismatch-invoice",
                on_change=MismatchAssignState.find.debounce(250),
            ),
            rx.cond(
                _ASSIGN.offers.length() > 0,
                rx.el.div(
                    rx.foreach(_ASSIGN.offers, _offer),
                    role="group",
                    aria_label=t("banking.assign.invoices"),
                    class_name="grid gap-2",
                ),
                rx.el.p(t("banking.assign.none"), class_name="cb-muted"),
            ),
            class_name="grid grid-cols-1 gap-5",
        ),
        id="mismatch-assign",
        open=_ASSIGN.open,
        on_close=MismatchAssignState.close,
        actions=[
            button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
            button(
                t("paydesk.assign.apply"),
                kind="primary",
                icon="check",
                disabled=_ASSIGN.picked == "",
                on_click=MismatchAssignState.apply,
            ),
        ],
    )


def _mismatch(row: Any) -> rx.Component:
    return _row(
        tag(t("paydesk.trouble.mismatch"), tone="warn", icon_name="triangle-alert"),
        row,
        when(
            _TROUBLE.may_change,
            rx.fragment(
                when(
                    row.can_give_back & ~row.can_book,
                    button(
                        t("paydesk.mismatch.give_back"),
                        size="sm",
                        on_click=PaymentTroubleState.give_back(row.id),
                    ),
                ),
                when(
                    row.can_assign,
                    button(
                        t("paydesk.mismatch.assign"),
                        size="sm",
                        aria_haspopup="dialog",
                        on_click=MismatchAssignState.start(row.id),
                    ),
                ),
                when(
                    row.can_book,
                    button(
                        t("paydesk.mismatch.book"),
                        size="sm",
                        on_click=PaymentTroubleState.book(row.id),
                    ),
                ),
                _rarely(row),
            ),
        ),
    )


def _rarely(row: Any) -> rx.Component:
    return menu(
        t("paydesk.mismatch.more", what=row.title),
        icon("ellipsis"),
        when(
            row.can_look_again,
            menu_item(
                t("paydesk.mismatch.look_again"),
                icon="refresh-cw",
                on_click=PaymentTroubleState.look_again(row.id),
            ),
        ),
        when(
            row.can_give_back & row.can_book,
            menu_item(
                t("paydesk.mismatch.give_back"),
                icon="undo-2",
                on_click=PaymentTroubleState.give_back(row.id),
            ),
        ),
        menu_item(
            t("paydesk.mismatch.settle"),
            icon="circle-check",
            on_click=PaymentTroubleState.settle(row.id),
        ),
        when(
            row.url != "",
            menu_item(t("paydesk.file.provider"), icon="external-link", href=row.url, external=True),
        ),
        look="cb-btn cb-btn-ghost cb-btn-sm cb-btn-square",
        align="end",
    )


def _dispute(row: Any) -> rx.Component:
    states: dict[str, tuple[Any, str]] = {"won": ("ok", "circle-check"), "lost": ("neutral", "circle-x")}
    cases = [
        (name, tag(t(f"paydesk.dispute.{name}"), tone=tone, icon_name=sign))
        for name, (tone, sign) in states.items()
    ]
    asked = tag(t("paydesk.dispute.open"), tone="err", icon_name="shield-alert")
    return _row(
        rx.match(row.state, *cases, asked),
        row,
        rx.fragment(
            when(
                row.invoice_id != "",
                button_link(
                    t("paydesk.file.invoice"),
                    href="/rechnungen/?rechnung=" + row.invoice_id,
                    kind="ghost",
                    size="sm",
                ),
            ),
            when(
                (row.state == "open") & (row.url != ""),
                button_link(
                    t("paydesk.dispute.answer"),
                    href=row.url,
                    icon="external-link",
                    size="sm",
                    external=True,
                    target="_blank",
                    rel="noopener",
                ),
            ),
        ),
        text_look=rx.cond(row.late, "cb-dense cb-late break-words", _QUIET),
    )


def _event(row: Any) -> rx.Component:
    return _row(
        tag(t("paydesk.trouble.event"), tone="warn", icon_name="webhook"),
        row,
        button(
            t("paydesk.event.replay"),
            size="sm",
            icon="refresh-cw",
            on_click=PaymentTroubleState.replay(row.id),
            aria_label=t("paydesk.event.replay_for", kind=row.title),
        ),
    )


def _row(sign: Any, row: Any, actions: Any, *, text_look: Any = _QUIET) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            sign,
            rx.el.p(row.title, class_name="font-[600] break-words"),
            rx.el.p(row.text, class_name=text_look),
            class_name="grid justify-items-start gap-1 min-w-0 flex-1 max-md:basis-full",
        ),
        rx.el.div(
            actions,
            role="group",
            aria_label=row.title,
            class_name="flex flex-wrap items-center justify-end gap-2",
        ),
        key=row.id,
        class_name="flex flex-wrap items-end justify-between gap-3 px-4 py-3.5",
    )


def _offer(line: Any) -> rx.Component:
    return check_card(
        line.number,
        "picked",
        line.id,
        detail=t("banking.assign.offer", name=line.name, day=line.due),
        trailing=rx.el.span(line.open, class_name="cb-num font-[600]"),
        checked=_ASSIGN.picked == line.id,
        on_change=lambda _: MismatchAssignState.pick(line.id),
        key=line.id,
    )
