"""How customers pay: the account at Stripe, the ways offered, money in advance."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    close_dialog,
    dialog,
    field,
    icon,
    link,
    open_dialog,
    radio_card,
    toggle,
    when,
)
from carbot_app.domains.payments.deposit_rules import FIXED, KINDS, OFF, PERCENT, PRICE, RISK, RULES
from carbot_app.state.settings_payments import PaymentsPaneState

_PANE: Any = PaymentsPaneState
_SURE = "disconnect-payments"
_STAGES = (("own", "done"), ("none", "draft"), ("begun", "progress"), ("ready", "done"))


def payments_section() -> Any:
    """Account, ways, deposits."""
    return loaded(
        _PANE.status,
        stack(_account(), _ways(), _deposits(), _sure()),
        on_retry=PaymentsPaneState.load,
    )


def _account() -> rx.Component:
    return part(
        t("payments.settings.account"),
        rx.el.div(
            rx.match(
                _PANE.account.stage,
                ("unavailable", _note("not_available")),
                ("own", _state("own")),
                ("none", _stage("none", _invitation())),
                ("begun", _stage("begun", _progress())),
                ("ready", _stage("ready", _allowed())),
                rx.fragment(),
            ),
            aria_live="polite",
            class_name="grid gap-4 min-w-0",
        ),
        when(
            _PANE.account.test,
            _note("test", "info"),
        ),
        when(
            _PANE.account.stage == "unavailable",
            _points("qr-code", "transfer", "smartphone", "terminal", "banknote", "cash"),
            rx.el.p(
                rx.cond(
                    _PANE.account.fee != "",
                    t("payments.settings.fee", fee=_PANE.account.fee),
                    t("payments.settings.no_fee"),
                ),
                class_name="cb-muted cb-dense",
            ),
        ),
        text=t("payments.settings.lead"),
    )


def _note(word: str, tone: str = "neutral") -> rx.Component:
    return banner(t(f"payments.settings.{word}"), tone=tone, icon="info", card=True)


def _state(stage: str) -> rx.Component:
    return rx.el.div(
        *(badge(sign, t(f"payments.settings.state_{name}")) for name, sign in _STAGES if name == stage),  # type: ignore[arg-type]
        class_name="flex",
    )


def _stage(stage: str, *content: Any) -> rx.Component:
    return rx.el.div(_state(stage), *content, class_name="grid gap-4 min-w-0")


def _invitation() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("payments.settings.invitation"), class_name="cb-muted"),
        rx.el.div(
            button(
                t("payments.settings.connect"),
                kind="primary",
                icon_end="external-link",
                busy=_PANE.busy,
                on_click=PaymentsPaneState.connect,
            ),
            class_name="flex max-md:grid",
        ),
    )


def _progress() -> rx.Component:
    """What is missing, and the way to tell it."""
    return rx.fragment(
        when(
            _PANE.missing.length() > 0,
            rx.el.div(
                rx.el.p(t("payments.settings.missing.title"), class_name="font-[600]"),
                rx.el.ul(
                    rx.foreach(
                        _PANE.missing,
                        lambda kind: rx.el.li(
                            icon("circle", 16, class_name="flex-none mt-1 cb-faint"),
                            t_choice("payments.settings.missing", kind),
                            class_name="flex gap-2 items-start",
                        ),
                    ),
                    class_name="grid gap-1.5",
                ),
                class_name="grid gap-2",
            ),
            when(~_PANE.busy, rx.el.p(t("payments.settings.looking"), class_name="cb-muted")),
        ),
        _allowed_facts(),
        rx.el.div(
            button(
                t("payments.settings.go_on"),
                kind="primary",
                icon_end="external-link",
                busy=_PANE.busy,
                on_click=PaymentsPaneState.connect,
            ),
            _refresh(),
            _leave(),
            class_name="flex flex-wrap gap-2 max-md:grid",
        ),
    )


def _allowed() -> rx.Component:
    return rx.fragment(
        _allowed_facts(), rx.el.div(_refresh(), _leave(), class_name="flex flex-wrap gap-2 max-md:grid")
    )


def _allowed_facts() -> rx.Component:
    """What the account may do."""

    def fact(name: str, yes: Any) -> rx.Component:
        return rx.el.li(
            rx.cond(
                yes,
                icon("circle-check", 18, class_name="flex-none mt-0.5 text-[var(--cb-ok-ink)]"),
                icon("circle-x", 18, class_name="flex-none mt-0.5 cb-faint"),
            ),
            rx.cond(yes, t(f"payments.settings.allowed.{name}"), t(f"payments.settings.allowed.{name}_not")),
            class_name="flex gap-2 items-start",
        )

    facts = (fact("charges", _PANE.account.charges), fact("payouts", _PANE.account.payouts))
    return rx.el.ul(*facts, class_name="grid gap-1.5")


def _refresh() -> rx.Component:
    return button(
        t("payments.settings.refresh"), icon="refresh-cw", busy=_PANE.busy, on_click=PaymentsPaneState.refresh
    )


def _leave() -> rx.Component:
    return button(t("payments.settings.disconnect"), kind="ghost", on_click=open_dialog(_SURE))


def _sure() -> rx.Component:
    return dialog(
        t("payments.settings.disconnect_title"),
        rx.el.p(t("payments.settings.disconnect_text")),
        id=_SURE,
        actions=[
            button(t("settings.cancel"), data_close="true"),
            button(
                t("payments.settings.disconnect"),
                kind="destructive",
                on_click=[PaymentsPaneState.disconnect, close_dialog(_SURE)],
            ),
        ],
    )


def _points(*pairs: str) -> rx.Component:
    """Icon and word in turn: what works without a provider."""
    return rx.el.ul(
        *(
            rx.el.li(
                icon(glyph, 18, class_name="flex-none mt-0.5 cb-faint"),
                t(f"payments.settings.without.{name}"),
                class_name="flex gap-2 items-start",
            )
            for glyph, name in zip(pairs[::2], pairs[1::2], strict=True)
        ),
        class_name="grid gap-2",
    )


def _ways() -> rx.Component:
    def way(name: str, on: Any, text: Any) -> rx.Component:
        return rx.el.div(
            toggle(
                t(f"payments.settings.{name}_on"),
                name,
                checked=on,
                on_change=lambda value: PaymentsPaneState.offer(name, value),
            ),
            text,
            class_name="grid gap-0.5",
        )

    return part(
        t("payments.settings.ways"),
        when(
            _PANE.account.stage != "unavailable",
            way(
                "online",
                _PANE.account.online,
                rx.el.p(t("payments.settings.online_text"), class_name="cb-muted cb-dense"),
            ),
        ),
        way(
            "transfer",
            _PANE.account.transfer,
            rx.cond(
                _PANE.account.has_iban,
                rx.el.p(t("payments.settings.transfer_text"), class_name="cb-muted cb-dense"),
                link(
                    t("payments.settings.transfer_iban"),
                    href="/einstellungen/?bereich=rechnungen",
                    class_name="cb-link cb-dense justify-self-start",
                ),
            ),
        ),
        text=t("payments.settings.ways_text"),
    )


def _deposits() -> rx.Component:
    rule = _PANE.rule
    return rx.el.form(
        part(
            t("payments.settings.deposits"),
            when(
                ~_PANE.account.takes_online,
                _note("deposits_wait"),
            ),
            _choices("rule", t("payments.settings.rule"), RULES, rule.rule),
            when(
                rule.rule != OFF,
                rx.el.div(
                    rx.el.div(
                        when(rule.rule == RISK, _figure("from_score", "from_score", rule.from_score, None)),
                        when(
                            rule.rule == PRICE,
                            _figure("from_price", "from_cents", rule.from_price, _PANE.currency),
                        ),
                        class_name="grid gap-4 md:grid-cols-2",
                    ),
                    _choices("kind", t("payments.settings.kind"), KINDS, rule.kind),
                    rx.el.div(
                        when(rule.kind == PERCENT, _figure("percent", "percent", rule.percent, "%")),
                        when(rule.kind == FIXED, _figure("fixed", "fixed_cents", rule.fixed, _PANE.currency)),
                        _figure(
                            "refund_hours", "refund_hours", rule.refund_hours, t("payments.settings.hours")
                        ),
                        class_name="grid gap-4 md:grid-cols-2 items-start",
                    ),
                    when(
                        rule.example != "",
                        rx.el.p(
                            t("payments.settings.example", price=rule.sample, amount=rule.example),
                            class_name="cb-muted cb-dense",
                        ),
                    ),
                    rx.el.p(t("payments.settings.unpaid"), class_name="cb-muted cb-dense"),
                    key=f"rule-{_PANE.version}",
                    class_name="grid gap-4",
                ),
            ),
            rx.el.div(
                button(t("settings.save"), kind="primary", icon="check", submit=True, busy=_PANE.saving),
                class_name="flex justify-end max-md:grid max-md:justify-stretch",
            ),
            text=t("payments.settings.deposits_text"),
        ),
        on_submit=PaymentsPaneState.save_rule,
        no_validate=True,
    )


def _choices(name: str, title: Any, values: tuple[str, ...], chosen: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(title, class_name="cb-label mb-2"),
        rx.el.div(
            *(
                radio_card(
                    t(f"payments.settings.{name}_{value}"),
                    name,
                    value,
                    detail=t(f"payments.settings.{name}_{value}_text"),
                    checked=chosen == value,
                    on_change=PaymentsPaneState.pick(name, value),
                )
                for value in values
            ),
            class_name="grid gap-2.5 md:grid-cols-2" if len(values) == 2 else "grid gap-2.5",
        ),
        class_name="border-0 p-0 m-0 min-w-0",
    )


def _figure(name: str, problem: str, value: Any, unit: Any) -> rx.Component:
    return field(
        t(f"payments.settings.{name}"),
        name,
        unit=unit,
        input_mode="decimal",
        error=_PANE.problems[problem],
        default_value=value,
    )
