"""The customer's appointment behind its secret link."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.deposit import deposit_request
from carbot_app.components.booking.parts import problem, step_title
from carbot_app.components.booking.rating import visit_rating
from carbot_app.components.booking.times import lost_note, time_picker
from carbot_app.components.i18n import page_words, t, t_choice
from carbot_app.components.photos import link_photos
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import banner, button, button_link, close_dialog, dialog, icon, open_dialog
from carbot_app.components.workshop_frame import workshop_href
from carbot_app.state.manage import ManageState, ManageTimes
from carbot_app.state.manage_wait import WaitState

_MANAGE: Any = ManageState
_TIMES: Any = ManageTimes
_WAIT: Any = WaitState
_CANCEL_DIALOG = "cancel-dialog"
_DEPOSIT_STATES = (
    ("processing", "neutral", "st-waiting"),
    ("checking", "warn", "st-waiting"),
    ("paid", "ok", "st-done"),
    ("refunded", "neutral", "st-done"),
)


def appointment_details() -> rx.Component:
    """What was booked, and what can be done with it."""
    can_change = rx.cond(
        _MANAGE.when == "", public_fact("can_change"), rx.cond(_MANAGE.can_change, "yes", "no")
    )
    return rx.el.div(
        page_words("order"),
        rx.el.div(_news(), aria_live="polite", class_name="cb-live"),
        step_title(t("public.manage.title")),
        visit_rating(),
        _facts(),
        _must_confirm(),
        _deposit(),
        link_photos(),
        _actions(),
        rx.el.div(
            rx.el.p(t("public.manage.over"), class_name="cb-muted"),
            button_link(
                t("public.manage.book_again"),
                href=workshop_href("termin"),
                kind="primary",
                size="lg",
                external=True,
            ),
            class_name="cb-manage-over",
        ),
        _waitlist(),
        _cancel_dialog(),
        hidden=_MANAGE.view == "moving",
        class_name="cb-done",
        custom_attrs={
            "data-change": can_change,
            "data-must-confirm": public_fact("must_confirm"),
            "data-comes": rx.cond(_MANAGE.comes == "", public_fact("comes"), _MANAGE.comes),
        },
    )


def _facts() -> rx.Component:
    return rx.el.dl(
        _fact("calendar-check", t("public.done.when"), _now("when"), strong=True),
        _fact("car", t("public.done.stay"), _now("stay")),
        _fact("info", t("public.manage.state_label"), _state()),
        _fact("wrench", t("public.done.what"), _now("services")),
        _fact("car", t("public.manage.plate"), public_fact("plate")),
        _fact("file-text", t("order.done_number"), public_fact("contract")),
        _fact(
            "banknote",
            t("public.done.price"),
            rx.fragment(rx.el.span(_now("price"), class_name="cb-price"), " ", t("ui.price.incl_vat")),
        ),
        _fact("map-pin", t("public.done.where"), public_fact("address")),
        class_name="cb-card cb-facts",
    )


def _must_confirm() -> rx.Component:
    return rx.el.div(
        banner(t("public.manage.must_confirm"), tone="warn", icon="calendar-check", card=True),
        class_name="cb-must-confirm",
    )


def _deposit() -> rx.Component:
    """What is asked in advance, until when, and what became of it."""
    seen = _MANAGE.deposit
    amount = _told("deposit_amount", seen.amount)
    return rx.el.section(
        rx.el.div(
            deposit_request(
                amount, _told("deposit_until", seen.until), href=_told("deposit_href", seen.path)
            ),
            class_name="cb-card cb-card-pad cb-deposit-open",
        ),
        *(
            rx.el.div(
                banner(
                    t(f"public.deposit.{state}", amount=amount),
                    tone=tone,
                    icon=glyph,
                    card=True,
                ),
                class_name=f"cb-deposit-{state}",
            )
            for state, tone, glyph in _DEPOSIT_STATES
        ),
        class_name="cb-deposit",
        custom_attrs={"data-deposit": _told("deposit", seen.state)},
    )


def _told(fact: str, now: Any) -> Any:
    return rx.cond(_MANAGE.deposit.looked, now, public_fact(fact))


def _actions() -> rx.Component:
    return rx.el.div(
        rx.el.span(icon("check", 19), t("public.manage.confirmed"), role="status", class_name="cb-comes-yes"),
        button(
            t("public.manage.confirm"),
            kind="primary",
            size="lg",
            icon="check",
            on_click=_MANAGE.confirm,
            class_name="cb-comes-ask",
        ),
        button(
            t("public.manage.move"),
            size="lg",
            icon="calendar-clock",
            on_click=_MANAGE.start_moving,
        ),
        button_link(
            t("public.done.calendar"),
            href=public_fact("calendar_href"),
            size="lg",
            icon="calendar-plus",
            external=True,
            download=True,
        ),
        button(
            t("public.manage.cancel"),
            kind="ghost",
            size="lg",
            icon="calendar-x",
            on_click=open_dialog(_CANCEL_DIALOG),
        ),
        class_name="cb-manage-actions",
    )


def _waitlist() -> rx.Component:
    """Waiting for an earlier time; what is kept for the customer stands out."""
    view = rx.cond(_WAIT.view == "", public_fact("wait"), _WAIT.view)
    return rx.el.section(
        rx.el.div(
            rx.el.p(t("public.wait.ask"), class_name="cb-muted"),
            button(t("public.wait.join"), size="lg", icon="bell", on_click=_WAIT.join),
            class_name="cb-wait-no",
        ),
        rx.el.div(
            rx.el.p(t("public.wait.waiting")),
            button(t("public.wait.leave"), kind="ghost", size="lg", on_click=_WAIT.leave),
            class_name="cb-wait-waiting",
        ),
        rx.el.div(
            rx.el.h2(t("public.wait.free"), class_name="cb-heading"),
            rx.el.p(_waits("offer", _WAIT.offered), class_name="cb-figure cb-num"),
            rx.el.p(t("public.wait.until", until=_waits("offer_until", _WAIT.until)), class_name="cb-muted"),
            rx.el.div(
                button(
                    t("public.wait.accept"), kind="primary", size="lg", icon="check", on_click=_WAIT.accept
                ),
                button(t("public.wait.decline"), kind="ghost", size="lg", on_click=_WAIT.decline),
                class_name="grid gap-3 sm:flex",
            ),
            class_name="cb-card cb-wait-offered",
        ),
        class_name="cb-wait",
        aria_live="polite",
        custom_attrs={"data-wait": view},
    )


def _waits(fact: str, now: Any) -> Any:
    return rx.cond(_WAIT.view == "", public_fact(fact), now)


def new_time() -> rx.Component:
    """The same picker as for booking, for the services of this appointment."""
    return rx.el.section(
        step_title(t("public.manage.moving"), _now("when")),
        rx.el.form(
            lost_note(_TIMES),
            time_picker(_TIMES),
            problem(_MANAGE.problem == "slot_missing", t("public.time.missing")),
            rx.el.div(
                button(t("public.manage.confirm_move"), kind="primary", size="lg", submit=True),
                button(t("public.manage.back"), kind="ghost", size="lg", on_click=_MANAGE.stop_moving),
                class_name="grid gap-3 sm:flex",
            ),
            on_submit=_MANAGE.move,
            class_name="grid grid-cols-1 gap-6",
        ),
        hidden=_MANAGE.view != "moving",
        class_name="max-w-[760px]",
    )


def _news() -> Any:
    return rx.match(
        _MANAGE.view,
        ("moved", banner(t("public.manage.moved"), tone="ok", icon="st-done", card=True)),
        ("cancelled", banner(t("public.manage.cancelled"), tone="neutral", icon="st-cancelled", card=True)),
        rx.fragment(),
    )


def _now(name: str) -> Any:
    return rx.cond(_MANAGE.when == "", public_fact(name), getattr(_MANAGE, name))


def _state() -> Any:
    return rx.cond(
        _MANAGE.state == "", public_fact("state_text"), t_choice("public.manage.state", _MANAGE.state)
    )


def _fact(glyph: str, label: Any, value: Any, *, strong: bool = False) -> rx.Component:
    return rx.el.div(
        rx.el.dt(icon(glyph, 19), rx.el.span(label), class_name="cb-muted"),
        rx.el.dd(value, class_name="min-w-0 font-[640] cb-num" if strong else "min-w-0"),
    )


def _cancel_dialog() -> rx.Component:
    return dialog(
        t("public.manage.cancel_title"),
        rx.el.p(t("public.manage.cancel_text")),
        id=_CANCEL_DIALOG,
        actions=[
            button(t("public.manage.keep"), data_close="true"),
            button(
                t("public.manage.cancel"),
                kind="destructive",
                on_click=[_MANAGE.cancel, close_dialog(_CANCEL_DIALOG)],
            ),
        ],
    )
