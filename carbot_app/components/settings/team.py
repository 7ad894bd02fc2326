"""Members, inviting, and what each role may do."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import loaded, stack
from carbot_app.components.ui import (
    avatar,
    badge,
    banner,
    button,
    card,
    field,
    form_error,
    list_row,
    pane,
    radio_card,
    rows,
    two_lines,
)
from carbot_app.state.settings_team import ROLE_NAMES, TeamState

_TEAM: Any = TeamState
_CHOSEN = _TEAM.chosen
_SIGNS = {"active": "done", "invited": "waiting", "ended": "cancelled"}


def team_section() -> rx.Component:
    """The list; a member opens in the pane."""
    return rx.fragment(
        loaded(
            _TEAM.status,
            stack(
                rx.el.div(
                    button(
                        t("settings.team.invite"),
                        kind="primary",
                        icon="user-plus",
                        on_click=TeamState.ask_invite,
                    ),
                    class_name="flex justify-end max-md:grid max-md:justify-stretch",
                ),
                card(rows(rx.foreach(_TEAM.members, _member)), pad=False),
            ),
            on_retry=TeamState.load,
        ),
        _pane(),
    )


def _member(member: Any) -> rx.Component:
    return list_row(
        avatar(member.initials, size=32, tint=member.tint),
        two_lines(
            rx.fragment(
                member.name,
                rx.cond(member.own, rx.el.span(" · ", t("settings.team.you"), class_name="cb-muted")),
            ),
            member.email,
        ),
        rx.el.span(t_choice("staff.role", member.role), class_name="max-md:hidden cb-muted w-[150px]"),
        rx.el.span(_state(member), class_name="flex-none md:w-[116px]"),
        on_click=TeamState.open_member(member.id),
    )


def _state(member: Any) -> Any:
    signs = [(state, badge(sign, t(f"settings.team.state.{state}"))) for state, sign in _SIGNS.items()]  # type: ignore[arg-type]
    return rx.match(member.state, *signs, rx.fragment())


def _pane() -> rx.Component:
    task = _TEAM.task
    return pane(
        rx.match(
            task,
            ("invite", t("settings.team.invite_title")),
            ("end", t("settings.team.end_title")),
            t("settings.team.member"),
        ),
        form_error(_TEAM.problem),
        form_error(_TEAM.problems["role"]),
        rx.match(
            task,
            ("invite", _invite()),
            ("end", rx.el.p(t("settings.team.end_text", name=_CHOSEN.name))),
            ("change", _details()),
            rx.fragment(),
        ),
        id="member",
        open=task != "",
        on_close=TeamState.close,
        actions=[
            rx.match(
                task,
                (
                    "invite",
                    button(
                        t("settings.team.send"),
                        kind="primary",
                        icon="send",
                        submit=True,
                        form="invite-form",
                        busy=_TEAM.busy,
                    ),
                ),
                ("end", _end_actions()),
                ("change", _change_actions()),
                rx.fragment(),
            )
        ],
    )


def _invite() -> rx.Component:
    return rx.el.form(
        field(t("settings.team.name"), "name", error=_TEAM.problems["name"], auto_complete="off"),
        field(
            t("settings.team.email"),
            "email",
            type="email",
            error=_TEAM.problems["email"],
            auto_complete="off",
        ),
        _roles(),
        id="invite-form",
        on_submit=TeamState.invite,
        no_validate=True,
        class_name="grid gap-4",
    )


def _details() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            avatar(_CHOSEN.initials, size=40, tint=_CHOSEN.tint),
            two_lines(_CHOSEN.name, _CHOSEN.email),
            _state(_CHOSEN),
            class_name="flex items-center gap-3",
        ),
        rx.cond(
            _CHOSEN.seen != "",
            rx.el.p(t("settings.team.seen", when=_CHOSEN.seen), class_name="cb-muted cb-dense"),
        ),
        rx.cond(
            _may_change(),
            _roles(),
            banner(t("settings.team.owner_only"), tone="info", icon="lock", card=True),
        ),
        rx.cond(
            _may_change(),
            rx.el.div(
                rx.cond(
                    _CHOSEN.state == "invited",
                    button(t("settings.team.again"), icon="mail", on_click=TeamState.invite_again),
                ),
                rx.cond(
                    _CHOSEN.state == "ended",
                    button(t("settings.team.renew"), icon="undo-2", on_click=TeamState.set_active(True)),
                    button(t("settings.team.end"), icon="log-out", on_click=TeamState.ask_end),
                ),
                class_name="flex flex-wrap gap-2 pt-4 border-t border-base-300",
            ),
        ),
        class_name="grid gap-4",
    )


def _change_actions() -> rx.Component:
    return rx.cond(
        _may_change(),
        button(
            t("settings.team.save_role"),
            kind="primary",
            icon="check",
            busy=_TEAM.busy,
            disabled=_TEAM.role == _CHOSEN.role,
            on_click=TeamState.save_role,
        ),
    )


def _end_actions() -> rx.Component:
    return rx.fragment(
        button(t("settings.team.keep"), on_click=TeamState.open_member(_CHOSEN.id)),
        button(
            t("settings.team.end"), kind="destructive", busy=_TEAM.busy, on_click=TeamState.set_active(False)
        ),
    )


def _roles() -> rx.Component:
    def choose(role: str) -> Any:
        choice = radio_card(
            t(f"staff.role.{role}"),
            "role",
            role,
            detail=t(f"settings.role.{role}"),
            checked=_TEAM.role == role,
            on_change=TeamState.pick_role,
        )
        return rx.cond(_TEAM.may_name_owners, choice) if role == "owner" else choice

    return rx.el.fieldset(
        rx.el.legend(t("settings.team.role"), class_name="cb-label"),
        *(choose(role) for role in ROLE_NAMES),
        class_name="grid gap-2",
    )


def _may_change() -> Any:
    return _TEAM.may_name_owners | (_CHOSEN.role != "owner")
