"""The editor of an invoice; beside it what it comes to, why it is taxed so, and what is still missing."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.invoices.draft_buyer import buyer_card
from carbot_app.components.invoices.draft_lines import lines_card
from carbot_app.components.invoices.draft_terms import supply_card, terms_card, words_card
from carbot_app.components.ui import (
    banner,
    button,
    button_link,
    card,
    checkbox,
    dialog,
    empty_state,
    error_state,
    icon,
    link,
    menu,
    menu_item,
    open_dialog,
    section_head,
    skeleton,
    tag,
)
from carbot_app.state.invoice_draft import ASK, InvoiceDraftState

_DRAFT: Any = InvoiceDraftState
_DISCARD, _ISSUE_FORM = "draft-discard", "draft-issue-form"


def draft_content() -> rx.Component:
    """Everything of the opened draft."""
    shown: Any = rx.match(
        _DRAFT.status,
        ("loading", card(skeleton("rows", 6))),
        (
            "missing",
            card(
                empty_state(
                    "search",
                    t("draft.gone.title"),
                    t("draft.gone.text"),
                    button_link(t("draft.back"), href="/rechnungen/"),
                )
            ),
        ),
        ("failed", error_state(on_retry=InvoiceDraftState.load)),
        rx.el.div(
            rx.el.div(
                buyer_card(),
                lines_card(),
                supply_card(),
                terms_card(),
                words_card(),
                class_name="grid grid-cols-1 gap-4 min-w-0",
            ),
            rx.el.aside(
                _sums(),
                _tax(),
                _missing(),
                class_name="grid gap-4 min-w-0 lg:sticky lg:top-0",
                aria_label=t("draft.beside"),
            ),
            class_name="grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_340px] gap-4 items-start max-w-[1400px]",
        ),
    )
    return rx.el.div(
        rx.el.div(
            link(
                icon("chevron-left", 18),
                t("draft.back"),
                href="/rechnungen/?view=drafts",
                class_name="inline-flex items-center gap-1 min-h-11 cb-link",
            ),
            rx.el.span(_DRAFT.saved, class_name="cb-dense cb-muted cb-num", aria_live="polite"),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.cond(
            _DRAFT.conflict,
            banner(
                t("draft.conflict"),
                action=button(t("draft.reload"), size="sm", on_click=InvoiceDraftState.load),
                card=True,
            ),
        ),
        shown,
        class_name="cb-page-pad flex-1 min-h-0 overflow-y-auto grid content-start gap-3",
    )


def draft_actions() -> rx.Component:
    """Look at it, throw it away, or make it an invoice."""
    return rx.fragment(
        rx.cond(
            _DRAFT.draft_id != "",
            rx.fragment(
                rx.cond(
                    _DRAFT.count > 0,
                    button_link(
                        t("draft.preview"),
                        href="/api/invoices/drafts/" + _DRAFT.draft_id + "/preview.pdf",
                        icon="eye",
                        external=True,
                        target="_blank",
                    ),
                ),
                menu(
                    t("draft.more"),
                    icon("ellipsis", 18),
                    menu_item(
                        t("draft.discard.action"), icon="trash-2", danger=True, on_click=open_dialog(_DISCARD)
                    ),
                    align="end",
                ),
            ),
        ),
        rx.el.div(_issue_button(), class_name="max-md:hidden"),
    )


def draft_foot() -> rx.Component:
    """On phones: the sum and the button, always in reach of the thumb."""
    return rx.cond(
        _DRAFT.status == "ready",
        rx.el.footer(
            rx.el.span(
                rx.el.span(t("draft.sum.gross"), class_name="cb-dense cb-muted block"),
                rx.el.strong(_DRAFT.sums.gross, class_name="cb-num cb-section"),
            ),
            _issue_button(size="lg"),
            class_name="cb-money-foot md:hidden !py-3",
        ),
    )


def draft_dialogs() -> rx.Component:
    """What is asked once more."""
    return rx.fragment(
        dialog(
            t("draft.ask.title"),
            rx.el.form(
                rx.el.p(t("draft.ask.text", sum=_DRAFT.sums.gross)),
                rx.cond(
                    _DRAFT.fields.email != "",
                    checkbox(t("draft.ask.send", email=_DRAFT.fields.email), "send", default_checked=True),
                    rx.el.p(t("draft.ask.no_email"), class_name="cb-muted"),
                ),
                id=_ISSUE_FORM,
                on_submit=InvoiceDraftState.issue,
                class_name="grid gap-3",
            ),
            id=ASK,
            actions=[
                button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
                button(
                    t("draft.issue"),
                    kind="primary",
                    icon="check",
                    submit=True,
                    form=_ISSUE_FORM,
                    busy=_DRAFT.busy,
                ),
            ],
        ),
        dialog(
            t("draft.discard.title"),
            rx.el.p(t("draft.discard.text")),
            id=_DISCARD,
            actions=[
                button(t("draft.discard.keep"), kind="ghost", data_close="true"),
                button(
                    t("draft.discard.yes"),
                    kind="destructive",
                    data_close="true",
                    on_click=InvoiceDraftState.discard,
                ),
            ],
        ),
    )


def _issue_button(**look: Any) -> rx.Component:
    return button(
        t("draft.issue"),
        kind="primary",
        icon="check",
        on_click=InvoiceDraftState.ask_issue,
        aria_haspopup="dialog",
        **look,
    )


def _sums() -> rx.Component:
    return card(
        section_head(t("draft.sum.title")),
        rx.el.dl(
            rx.foreach(
                _DRAFT.sums.parts,
                lambda part: rx.el.div(
                    rx.el.dt(part[0], class_name="cb-muted"),
                    rx.el.dd(part[1], class_name="cb-num text-right"),
                    class_name="flex justify-between gap-3",
                ),
            ),
            rx.el.div(
                rx.el.dt(t("draft.sum.gross"), class_name="font-[620]"),
                rx.el.dd(_DRAFT.sums.gross, class_name="cb-num font-[680] cb-section"),
                class_name="flex items-baseline justify-between gap-3 pt-2 border-t border-base-300",
            ),
            class_name="grid gap-2",
            aria_live="polite",
        ),
        rx.cond(_DRAFT.sums.due != "", rx.el.p(_DRAFT.sums.due, class_name="cb-dense cb-muted")),
        rx.cond(_DRAFT.sums.duty != "", rx.el.p(_DRAFT.sums.duty, class_name="cb-dense cb-muted")),
        class_name="grid gap-3",
    )


def _tax() -> rx.Component:
    tax = _DRAFT.tax
    return card(
        section_head(t("draft.tax.title")),
        rx.el.p(tax.why, class_name="break-words", aria_live="polite"),
        rx.cond(
            tax.vat_id != "",
            rx.el.div(
                rx.match(
                    tax.vat_id,
                    ("valid", tag(t("draft.tax.vat_id.valid"), tone="ok", icon_name="check")),
                    ("unverified", tag(t("draft.tax.vat_id.unverified"), tone="warn")),
                    tag(t("draft.tax.vat_id.invalid"), tone="err"),
                )
            ),
        ),
        rx.cond(tax.question != "", _question(tax)),
        class_name="grid gap-3",
    )


def _question(tax: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(tax.question_text, id="draft-question-text", class_name="font-[620]"),
        rx.foreach(
            tax.answers,
            lambda pair: button(
                pair[1],
                block=True,
                on_click=InvoiceDraftState.answer(tax.question, pair[0]),
                class_name="!h-auto !whitespace-normal !text-left min-h-11 py-2",
            ),
        ),
        id="draft-question",
        role="group",
        aria_labelledby="draft-question-text",
        tab_index=-1,
        class_name="grid gap-2 min-w-0 rounded-[10px] p-3 bg-[color:var(--cb-warn-soft)]",
    )


def _missing() -> rx.Component:
    return rx.cond(
        (_DRAFT.missing.length() > 0) & (_DRAFT.draft_id != ""),
        card(
            section_head(t("draft.missing.title")),
            rx.el.ul(
                rx.foreach(
                    _DRAFT.missing,
                    lambda one: rx.el.li(
                        rx.el.button(
                            icon("st-waiting", 16, class_name="flex-none mt-0.5 cb-muted"),
                            rx.el.span(one.text, class_name="min-w-0 break-words text-left"),
                            type="button",
                            on_click=InvoiceDraftState.go_to(one.anchor),
                            class_name="cb-link flex gap-2 items-start min-h-11 py-1.5 w-full !font-[450]",
                        ),
                        key=one.text,
                    ),
                ),
                class_name="grid",
            ),
            class_name="grid gap-2",
            aria_live="polite",
        ),
    )
