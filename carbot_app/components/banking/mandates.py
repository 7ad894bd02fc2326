"""Permissions of customers to debit their accounts."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    card,
    dialog,
    empty_state,
    field,
    form_error,
    pane,
    rows,
    search_field,
    section_head,
    select,
    tag,
    text_button,
    two_lines,
    when,
)
from carbot_app.domains.banking.debits import SCHEMES
from carbot_app.state.debits import DebitsState, MandatesState

_ALL: Any = MandatesState
_RUN: Any = DebitsState
_FORM = "mandate-form"


def mandate_list() -> rx.Component:
    """Every permission, those of one customer by search."""
    return rx.el.section(
        section_head(t("paydesk.mandate.title")),
        rx.el.div(
            rx.el.div(
                search_field(
                    placeholder=t("paydesk.mandate.search"),
                    label=t("paydesk.mandate.search_label"),
                    name="mandate-search",
                    on_change=MandatesState.find.debounce(250),
                ),
                class_name="flex-1 min-w-[200px] md:max-w-[340px]",
            ),
            when(_RUN.may_change, _new()),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        card(
            rx.cond(
                _ALL.rows.length() > 0,
                rows(rx.foreach(_ALL.rows, _mandate)),
                rx.cond(
                    _ALL.search != "",
                    empty_state("search", t("paydesk.mandate.none")),
                    empty_state(
                        "signature",
                        t("paydesk.mandate.empty"),
                        t("paydesk.mandate.empty_text"),
                    ),
                ),
            ),
            pad=False,
        ),
        _revoke_dialog(),
        class_name="grid grid-cols-1 gap-3",
    )


def mandate_pane() -> rx.Component:
    """First whose account, then what stands on the signed sheet."""
    return pane(
        t("paydesk.mandate.new"),
        rx.cond(_ALL.payer.id == "", _choose_payer(), _form()),
        id="mandate",
        open=_ALL.open,
        on_close=MandatesState.close,
        actions=[
            button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
            button(
                t("paydesk.mandate.save"),
                kind="primary",
                icon="check",
                submit=True,
                form=_FORM,
                disabled=_ALL.payer.id == "",
            ),
        ],
    )


def _new() -> rx.Component:
    return button(t("paydesk.mandate.new"), icon="plus", aria_haspopup="dialog", on_click=MandatesState.start)


def _choose_payer() -> rx.Component:
    return rx.el.div(
        search_field(
            placeholder=t("paydesk.mandate.customer"),
            label=t("paydesk.mandate.customer"),
            name="payer",
            on_change=MandatesState.find_payer.debounce(250),
        ),
        rx.cond(
            _ALL.payers.length() > 0,
            rx.el.ul(
                rx.foreach(
                    _ALL.payers,
                    lambda payer: rx.el.li(
                        rx.el.button(
                            two_lines(payer.name, payer.contact),
                            type="button",
                            class_name="cb-row",
                            on_click=MandatesState.pick_payer(payer.id),
                        ),
                        key=payer.id,
                    ),
                ),
                class_name="cb-rows cb-card overflow-clip",
                aria_label=t("paydesk.mandate.customers"),
            ),
            rx.el.p(t("paydesk.mandate.nobody"), class_name="cb-muted"),
        ),
        class_name="grid grid-cols-1 gap-4",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            rx.el.span(_ALL.payer.name, class_name="font-[600] break-words min-w-0"),
            text_button(t("paydesk.mandate.other"), on_click=MandatesState.pick_payer("")),
            class_name="flex items-baseline justify-between gap-4",
        ),
        form_error(rx.cond(_ALL.field == "", _ALL.problem, "")),
        _field("holder", default_value=_ALL.payer.name, max_length=70, auto_complete="off"),
        _field("iban", max_length=42, auto_complete="off", spell_check=False),
        _field("signed_on", type="date", default_value=_ALL.today, max=_ALL.today),
        _field(
            "reference",
            help=t("paydesk.mandate.field.reference_help"),
            optional=True,
            max_length=35,
            auto_complete="off",
        ),
        select(
            t("paydesk.mandate.field.scheme"),
            "scheme",
            [(scheme, t(f"paydesk.mandate.scheme.{scheme}")) for scheme in SCHEMES],
        ),
        select(
            t("paydesk.mandate.field.use"),
            "use",
            [(name, t(f"paydesk.mandate.use.{name}")) for name in ("recurring", "once")],
        ),
        id=_FORM,
        on_submit=MandatesState.save,
        no_validate=True,
        class_name="grid grid-cols-1 gap-4",
    )


def _field(name: str, **props: Any) -> rx.Component:
    wrong = rx.cond(_ALL.field == name, _ALL.problem, "")
    return field(t(f"paydesk.mandate.field.{name}"), name, error=wrong, **props)


def _mandate(row: Any) -> rx.Component:
    tones: dict[str, tuple[Any, str]] = {
        "usable": ("ok", "circle-check"),
        "lapsed": ("warn", "clock"),
        "revoked": ("neutral", "circle-x"),
    }
    cases = [
        (name, tag(t(f"paydesk.mandate.sign.{name}"), tone=tone, icon_name=sign))
        for name, (tone, sign) in tones.items()
    ]
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(row.name, class_name="font-[600] break-words min-w-0"),
                rx.match(row.sign, *cases, rx.fragment()),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
            ),
            when(
                row.holder != "",
                rx.el.p(t("paydesk.mandate.holder", holder=row.holder), class_name="cb-dense cb-muted"),
            ),
            rx.el.p(row.detail, class_name="cb-dense cb-muted cb-num break-words"),
            when(row.note != "", rx.el.p(row.note, class_name="cb-dense cb-muted cb-num")),
            class_name="grid gap-0.5 min-w-0 flex-1",
        ),
        when(
            row.can_revoke & _RUN.may_change,
            button(
                t("paydesk.mandate.revoke"),
                kind="ghost",
                size="sm",
                aria_label=t("paydesk.mandate.revoke_for", name=row.name),
                on_click=MandatesState.ask_revoke(row.id),
            ),
        ),
        key=row.id,
        class_name="flex items-start gap-3 px-4 py-3",
    )


def _revoke_dialog() -> rx.Component:
    return dialog(
        t("paydesk.mandate.revoke_title"),
        rx.el.p(t("paydesk.mandate.revoke_text", name=_ALL.revoking.name)),
        id="mandate-revoke",
        open=_ALL.revoking.id != "",
        on_close=MandatesState.keep,
        actions=[
            button(t("paydesk.mandate.keep"), kind="ghost", data_close="true"),
            button(t("paydesk.mandate.revoke"), kind="destructive", on_click=MandatesState.revoke),
        ],
    )
