"""What stands on invoices and when they are due: the taxpayer, bank, numbers, terms, words, reminders."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    checkbox,
    field,
    form_error,
    link,
    select,
    textarea,
    when,
)
from carbot_app.components.ui.file_drop import file_drop
from carbot_app.domains.billing.einvoices import FORMS
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.state.settings_billing import BillingTermsState
from carbot_app.state.settings_seller import SellerState

_SELLER: Any = SellerState
_TERMS: Any = BillingTermsState
_TWO = "grid gap-4 md:grid-cols-2 items-start"
_MOST_LOGO_BYTES = 500_000
_VAT_SIGNS = (("valid", "done"), ("unverified", "waiting"), ("invalid", "overdue"))


def billing_section() -> Any:
    """Two forms: who bills, and how."""
    return stack(
        loaded(_SELLER.status, _seller(), on_retry=SellerState.load, shape="text"),
        loaded(_TERMS.status, _terms(), on_retry=BillingTermsState.load, shape="text"),
    )


def _seller() -> rx.Component:
    return rx.el.form(
        part(
            t("billing.seller.title"),
            _missing(),
            rx.el.div(
                rx.el.div(
                    rx.el.p(t("billing.seller.name"), class_name="cb-label"),
                    rx.el.p(_SELLER.name, class_name="font-[550]"),
                    link(
                        t("billing.seller.rename"),
                        href="/einstellungen/?bereich=werkstatt",
                        class_name="cb-link cb-dense",
                    ),
                    class_name="grid gap-1",
                ),
                _seller_text("street", auto_complete="street-address"),
                rx.el.div(
                    _seller_text("postal_code", auto_complete="postal-code"),
                    _seller_text("city", auto_complete="address-level2"),
                    class_name="grid grid-cols-[110px_1fr] gap-3 items-start",
                ),
                _seller_text("tax_number", help=t("billing.seller.tax_number_help")),
                rx.el.div(
                    _seller_text("vat_id", optional=True, help=t("billing.seller.vat_id_help")),
                    _vat_state(),
                    class_name="grid gap-2",
                ),
                _seller_text(
                    "turnover_before_cents",
                    optional=True,
                    unit=_SELLER.currency,
                    input_mode="decimal",
                    help=t("billing.seller.turnover_help"),
                ),
                class_name=_TWO,
            ),
            rx.el.div(
                checkbox(
                    _by_country("small_business"), "small_business", default_checked=_SELLER.small_business
                ),
                checkbox(
                    t("billing.seller.cash_accounting"),
                    "cash_accounting",
                    default_checked=_SELLER.cash_accounting,
                ),
                class_name="grid gap-1",
            ),
            _save(_SELLER.busy),
            text=t("billing.seller.text"),
        ),
        on_submit=SellerState.save,
        no_validate=True,
        key=f"seller-{_SELLER.version}",
        class_name="grid gap-4 min-w-0",
    )


def _by_country(word: str) -> Any:
    """The law differs, so do the words."""
    return rx.match(
        _SELLER.country,
        ("AT", t(f"billing.seller.{word}_AT")),
        ("CH", t(f"billing.seller.{word}_CH")),
        t(f"billing.seller.{word}"),
    )


def _missing() -> Any:
    return rx.cond(
        _SELLER.missing.length() > 0,
        banner(
            rx.fragment(
                t("billing.missing.text"),
                " ",
                rx.foreach(
                    _SELLER.missing,
                    lambda name, place: rx.fragment(
                        rx.cond(place > 0, ", ", ""), t_choice("billing.missing", name)
                    ),
                ),
            ),
            tone="warn",
            icon="triangle-alert",
            card=True,
        ),
    )


def _vat_state() -> rx.Component:
    """What the register says, and the way to ask it."""
    return rx.el.div(
        *(
            when(_SELLER.vat_state == state, badge(sign, t(f"billing.vat.{state}")))  # type: ignore[arg-type]
            for state, sign in _VAT_SIGNS
        ),
        when(
            _SELLER.texts["vat_id"] != "",
            button(t("billing.vat.check"), size="sm", busy=_SELLER.checking, on_click=SellerState.check),
        ),
        when(
            _SELLER.vat_state == "unverified",
            rx.el.p(t("billing.vat.unverified_text"), class_name="cb-muted cb-dense basis-full"),
        ),
        aria_live="polite",
        class_name="flex flex-wrap items-center gap-2",
    )


def _seller_text(name: str, **props: Any) -> rx.Component:
    return field(
        t(f"billing.seller.{name}"),
        name,
        error=_SELLER.problems[name],
        default_value=_SELLER.texts[name],
        **props,
    )


def _terms() -> rx.Component:
    return stack(
        _logo(),
        rx.el.form(
            _bank(),
            _documents(),
            _payment(),
            _words(),
            _reminders(),
            _save(_TERMS.busy),
            on_submit=BillingTermsState.save,
            no_validate=True,
            key=f"terms-{_TERMS.version}",
            class_name="grid gap-4 min-w-0",
        ),
    )


def _logo() -> rx.Component:
    return part(
        t("billing.logo.title"),
        rx.cond(
            _TERMS.has_logo,
            rx.el.div(
                rx.el.span(
                    rx.el.img(
                        src=f"/api/billing/logo?v={_TERMS.version}",
                        alt=t("billing.logo.alt"),
                        class_name="max-h-20 max-w-full object-contain",
                    ),
                    class_name="rounded-[12px] border border-base-300 bg-white p-3 min-w-0",
                ),
                button(t("billing.logo.remove"), icon="x", on_click=BillingTermsState.remove_logo),
                class_name="flex flex-wrap items-center gap-4",
            ),
        ),
        rx.el.div(
            file_drop(
                t("billing.logo.drop"),
                t("billing.logo.accepted"),
                label=t("billing.logo.choose"),
                sending=t("billing.logo.sending"),
                failed=t("billing.logo.failed"),
                wrong_type=t("billing.logo.wrong_type"),
                too_large=t("billing.logo.too_large"),
                max_bytes=_MOST_LOGO_BYTES,
                address="/api/billing/logo",
                endings="png,jpg,jpeg",
                primary=False,
                on_uploaded=BillingTermsState.take_logo,
                on_problem=BillingTermsState.refuse_logo,
            ),
            form_error(_TERMS.upload_problem),
            class_name="grid gap-2",
        ),
        text=t("billing.logo.text"),
        action=link(
            t("billing.logo.colour"), href="/einstellungen/?bereich=werkstatt", class_name="cb-link cb-dense"
        ),
    )


def _bank() -> rx.Component:
    return part(
        t("billing.bank.title"),
        rx.el.div(
            _text("account_holder", "bank", optional=True, help=t("billing.bank.account_holder_help")),
            _text("iban", "bank", auto_complete="off", spell_check=False, class_name="cb-input cb-num"),
            _text("bic", "bank", optional=True, spell_check=False),
            _text("bank_name", "bank", optional=True),
            _text("creditor_id", "bank", optional=True, help=t("billing.bank.creditor_id_help")),
            class_name=_TWO,
        ),
        text=t("billing.bank.text"),
    )


def _documents() -> rx.Component:
    numbers = (("invoice", _TERMS.problems["number_format"]), ("order", ""))
    return part(
        t("billing.documents.title"),
        rx.el.div(
            *(
                field(
                    t(f"billing.documents.prefix_{kind}"),
                    f"prefix_{kind}",
                    error=problem,
                    max_length=12,
                    spell_check=False,
                    help=t("billing.documents.example", number=_TERMS.examples[kind]),
                    default_value=_TERMS.texts[f"prefix_{kind}"],
                )
                for kind, problem in numbers
            ),
            select(
                t("billing.documents.form"),
                "einvoice_form",
                [(form, t(f"billing.documents.{form}")) for form in FORMS],
                help=t("billing.documents.form_help"),
                error=_TERMS.problems["einvoice_form"],
                default_value=_TERMS.texts["einvoice_form"],
            ),
            _text("contact_name", "documents", optional=True, help=t("billing.documents.contact_help")),
            class_name=_TWO,
        ),
        text=t("billing.documents.text"),
    )


def _payment() -> rx.Component:
    return part(
        t("billing.payment.title"),
        rx.el.div(
            _text("payment_days", "payment", unit=t("billing.payment.days"), input_mode="numeric"),
            _text("discount_percent", "payment", unit="%", input_mode="decimal"),
            _text("discount_days", "payment", unit=t("billing.payment.days"), input_mode="numeric"),
            class_name="grid gap-4 md:grid-cols-3 items-start",
        ),
        text=t("billing.payment.text"),
    )


def _words() -> rx.Component:
    def closing(code: str) -> rx.Component:
        return textarea(
            t(f"billing.words.{code}"),
            f"text_{code}",
            rows=3,
            max_length=1000,
            lang=code,
            default_value=_TERMS.texts[f"text_{code}"],
        )

    others = [code for code in LANGUAGES if code != DEFAULT_LANGUAGE]
    return part(
        t("billing.words.title"),
        when(_TERMS.problems["texts"], form_error(_TERMS.problems["texts"])),
        closing(DEFAULT_LANGUAGE),
        rx.el.details(
            rx.el.summary(t("billing.words.more"), class_name="cb-link cb-tap cursor-pointer"),
            rx.el.div(*(closing(code) for code in others), class_name="grid gap-4 pt-2"),
        ),
        text=t("billing.words.text"),
    )


def _reminders() -> rx.Component:
    return part(
        t("billing.reminders.title"),
        when(_TERMS.problems["dunning"], form_error(_TERMS.problems["dunning"])),
        rx.foreach(_TERMS.levels, _level),
        text=t("billing.reminders.text"),
    )


def _level(level: Any, place: Any) -> rx.Component:
    after = rx.cond(place == 0, t("billing.reminders.after_due"), t("billing.reminders.after_last"))
    return rx.el.fieldset(
        rx.el.legend(t_choice("dunning.level", level.name), class_name="font-[600] pb-1"),
        rx.el.div(
            _days(after, level.name + "_after", level.after_days),
            rx.cond(
                level.name == "handover",
                rx.el.input(type="hidden", name=level.name + "_deadline", default_value=level.deadline_days),
                _days(t("billing.reminders.deadline"), level.name + "_deadline", level.deadline_days),
            ),
            class_name="grid gap-3 grid-cols-2 items-end",
        ),
        class_name="border-0 border-t border-base-300 p-0 pt-3 m-0 min-w-0",
    )


def _days(label: Any, name: Any, value: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="cb-label"),
        rx.el.span(
            rx.el.input(
                name=name, default_value=value, input_mode="numeric", max_length=3, class_name="cb-input"
            ),
            rx.el.span(t("billing.reminders.days"), class_name="cb-unit"),
            class_name="cb-control",
        ),
        class_name="grid gap-1.5",
    )


def _text(name: str, group: str, **props: Any) -> rx.Component:
    return field(
        t(f"billing.{group}.{name}"),
        name,
        error=_TERMS.problems[name],
        default_value=_TERMS.texts[name],
        **props,
    )


def _save(busy: Any) -> rx.Component:
    return rx.el.div(
        button(t("settings.save"), kind="primary", icon="check", submit=True, busy=busy),
        class_name="flex justify-end max-md:grid max-md:justify-stretch",
    )
