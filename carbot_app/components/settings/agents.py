"""Ways to the car: agents (add, command to copy, revoke) and adapters of the server."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import copy_button, loaded, part, stack
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    empty_state,
    field,
    list_row,
    pane,
    rows,
    two_lines,
)
from carbot_app.state.settings_agents import AgentsState

_AGENTS: Any = AgentsState


def agents_section() -> rx.Component:
    """Both lists; adding and revoking happen in the pane."""
    return rx.fragment(
        loaded(
            _AGENTS.status,
            stack(_agents(), rx.cond(_AGENTS.server_adapters, _adapters())),
            on_retry=AgentsState.load,
        ),
        _pane(),
    )


def _agents() -> rx.Component:
    nothing: Any = empty_state("activity", t("diagnostics_setup.empty"), t("diagnostics_setup.empty_text"))
    return part(
        t("diagnostics_setup.agents"),
        rx.cond(_AGENTS.agents.length() > 0, _listed(rx.foreach(_AGENTS.agents, _agent)), nothing),
        text=t("diagnostics_setup.agents_text"),
        action=button(
            t("diagnostics_setup.add"), kind="primary", icon="plus", on_click=AgentsState.ask("create")
        ),
    )


def _listed(items: Any) -> rx.Component:
    """Rows as wide as their card: they bring its padding themselves."""
    return rx.el.div(rows(items), class_name="-mx-4")


def _agent(agent: Any) -> rx.Component:
    heard = rx.cond(
        agent.revoked != "",
        t("diagnostics_setup.revoked", when=agent.revoked),
        rx.cond(
            agent.seen != "", t("diagnostics_setup.seen", when=agent.seen), t("diagnostics_setup.unseen")
        ),
    )
    return list_row(
        rx.el.div(
            two_lines(
                rx.fragment(
                    agent.name, rx.el.span(" · ", agent.prefix, "…", class_name="cb-muted font-mono")
                ),
                heard,
            ),
            rx.cond(
                agent.software != "",
                rx.el.p(agent.software, class_name="cb-dense cb-muted mt-0.5 break-words"),
            ),
            class_name="grid min-w-0 flex-[1_1_14rem]",
        ),
        rx.cond(
            agent.revoked != "",
            badge("cancelled", t("diagnostics_setup.over")),
            rx.fragment(
                rx.cond(
                    agent.online,
                    badge("done", t("diagnostics_setup.online")),
                    badge("draft", t("diagnostics_setup.offline")),
                ),
                button(
                    t("diagnostics_setup.revoke"),
                    size="sm",
                    aria_label=t("diagnostics_setup.revoke_named", name=agent.name),
                    on_click=AgentsState.ask_revoke(agent.id),
                ),
            ),
        ),
        class_name="flex-wrap",
    )


def _adapters() -> rx.Component:
    return part(
        t("diagnostics_setup.adapters"),
        rx.cond(
            _AGENTS.adapters.length() > 0,
            _listed(rx.foreach(_AGENTS.adapters, _adapter)),
            rx.el.p(t("diagnostics_setup.adapters_empty"), class_name="cb-muted"),
        ),
        text=t("diagnostics_setup.adapters_text"),
        action=button(t("diagnostics_setup.adapter_add"), icon="plus", on_click=AgentsState.ask("adapter")),
    )


def _adapter(adapter: Any) -> rx.Component:
    return list_row(
        rx.el.div(
            two_lines(adapter.name, rx.el.span(adapter.address, class_name="font-mono break-all")),
            class_name="grid min-w-0 flex-[1_1_14rem]",
        ),
        button(
            t("diagnostics_setup.remove"),
            size="sm",
            aria_label=t("diagnostics_setup.remove_named", name=adapter.name),
            on_click=AgentsState.remove_adapter(adapter.id),
        ),
    )


def _pane() -> rx.Component:
    task = _AGENTS.task
    return pane(
        rx.match(
            task,
            ("shown", t("diagnostics_setup.shown_title")),
            ("revoke", t("diagnostics_setup.revoke_title")),
            ("adapter", t("diagnostics_setup.adapter_add")),
            t("diagnostics_setup.add"),
        ),
        rx.match(
            task,
            ("create", _form()),
            ("shown", _command()),
            ("adapter", _adapter_form()),
            ("revoke", rx.el.p(t("diagnostics_setup.revoke_text", name=_AGENTS.chosen.name))),
            rx.fragment(),
        ),
        id="diagnostic-agent",
        open=task != "",
        on_close=AgentsState.close,
        actions=[
            rx.match(
                task,
                ("create", _send(t("diagnostics_setup.add"), "agent-form")),
                ("adapter", _send(t("diagnostics_setup.adapter_add"), "adapter-form")),
                ("revoke", _revoke()),
                button(t("diagnostics_setup.done"), kind="primary", on_click=AgentsState.close),
            )
        ],
    )


def _form() -> rx.Component:
    return rx.el.form(
        field(
            t("diagnostics_setup.name"),
            "name",
            help=t("diagnostics_setup.name_help"),
            error=_AGENTS.problems["name"],
            auto_complete="off",
        ),
        id="agent-form",
        on_submit=AgentsState.create,
        no_validate=True,
        class_name="grid gap-4",
    )


def _adapter_form() -> rx.Component:
    return rx.el.form(
        field(
            t("diagnostics_setup.name"),
            "name",
            help=t("diagnostics_setup.adapter_name_help"),
            error=_AGENTS.problems["name"],
            auto_complete="off",
        ),
        field(
            t("diagnostics_setup.adapter_address"),
            "address",
            help=t("diagnostics_setup.adapter_address_help"),
            error=_AGENTS.problems["address"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        id="adapter-form",
        on_submit=AgentsState.add_adapter,
        no_validate=True,
        class_name="grid gap-4",
    )


def _command() -> rx.Component:
    return rx.el.div(
        banner(t("diagnostics_setup.shown_text"), tone="warn", icon="triangle-alert", card=True),
        rx.el.div(
            rx.el.p(t("diagnostics_setup.command"), class_name="cb-label"),
            rx.el.code(
                _AGENTS.command, class_name="block rounded-[10px] bg-soft px-3 py-2.5 break-all font-mono"
            ),
            rx.el.p(t("diagnostics_setup.command_help"), class_name="cb-dense cb-muted"),
            class_name="grid gap-1.5",
        ),
        rx.el.div(copy_button(_AGENTS.command), class_name="flex"),
        class_name="grid gap-4",
    )


def _send(label: Any, form: str) -> rx.Component:
    return button(label, kind="primary", icon="check", submit=True, form=form, busy=_AGENTS.busy)


def _revoke() -> rx.Component:
    return rx.fragment(
        button(t("settings.cancel"), on_click=AgentsState.close),
        button(
            t("diagnostics_setup.revoke"), kind="destructive", busy=_AGENTS.busy, on_click=AgentsState.revoke
        ),
    )
