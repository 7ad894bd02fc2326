"""The check-in beside the car: figures, walk-around, photos, tyres, wishes, signature."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.photos import check_in_photos
from carbot_app.components.ui import (
    banner,
    button,
    button_link,
    checkbox,
    field,
    form_error,
    icon_button,
    textarea,
)
from carbot_app.components.ui.signature import signature_pad
from carbot_app.domains.orders.check_in_rules import MARK_KINDS, OBSERVATIONS, VIEWS, WHEELS
from carbot_app.state.check_in import CheckInState

_STATE: Any = CheckInState


def _mark_spec(
    view: rx.Var[str], x: rx.Var[int], y: rx.Var[int]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[int]]:
    return view, x, y


class _CarViews(rx.Component):
    library = "$/public/check_in/views"
    tag = "CarViews"

    views: rx.Var[list[dict[str, str]]]
    marks: rx.Var[list[dict[str, Any]]]
    disabled: rx.Var[bool]
    on_mark: rx.EventHandler[_mark_spec]


def check_in_link(order_id: Any) -> rx.Component:
    """To the check-in of an order."""
    return button_link(
        t("checkin.page.open"), href="/auftraege/annahme/?id=" + order_id, icon="clipboard-check"
    )


def check_in_form() -> rx.Component:
    """Everything in the order one walks around a car."""
    return rx.el.div(
        _head(),
        rx.cond(_STATE.signed != "", _signed(), rx.fragment()),
        rx.el.fieldset(
            rx.el.div(_figures(), _tyres(), class_name="cb-checkin-pair"),
            _walk_around(),
            disabled=_STATE.signed != "",
            class_name="contents",
        ),
        _part("photos", check_in_photos(_STATE.head["id"])),
        rx.el.fieldset(
            rx.el.div(_seen(), _wishes(), class_name="cb-checkin-pair"),
            disabled=_STATE.signed != "",
            class_name="contents",
        ),
        rx.cond(_STATE.offer.contains("title"), _offer()),
        rx.cond(_STATE.signed == "", _signature(), _addenda()),
        # Fields keep what they began with: the form of another car is another form
        key=_STATE.head["id"],
        class_name="cb-checkin relative",
    )


def _head() -> rx.Component:
    return rx.el.div(
        button_link(
            t("checkin.page.back"),
            href="/auftraege/auftrag/?id=" + _STATE.head["order_id"],
            icon="arrow-left",
            kind="ghost",
        ),
        rx.el.strong(_STATE.head["plate"], class_name="cb-num"),
        rx.el.span(_STATE.head["model"]),
        rx.el.span(_STATE.head["number"], " · ", _STATE.head["customer"], class_name="cb-muted cb-num"),
        class_name="cb-checkin-head",
    )


def _signed() -> rx.Component:
    return rx.el.div(
        banner(t("checkin.page.done"), tone="ok", icon="st-done", card=True),
        rx.cond(
            _STATE.head["mailed_to"] != "",
            rx.el.p(t("checkin.page.mailed", email=_STATE.head["mailed_to"]), class_name="cb-muted"),
        ),
        rx.el.div(
            rx.el.span(_STATE.signed, class_name="cb-num"),
            button_link(
                t("checkin.page.pdf"),
                href="/api/check-ins/" + _STATE.head["id"] + "/pdf",
                icon="printer",
                external=True,
                target="_blank",
            ),
            class_name="cb-checkin-head",
        ),
        class_name="grid gap-3",
    )


def _part(name: str, *content: Any, title: Any = None) -> rx.Component:
    head = [rx.el.h2(title)] if title is not None else []
    return rx.el.section(*head, *content, class_name="cb-card cb-checkin-part", id=f"part-{name}")


def _typed(name: str, label: Any, **props: Any) -> rx.Component:
    return field(
        label,
        name,
        default_value=_STATE.form[name],
        on_blur=lambda value: CheckInState.set_value(name, value),
        error=_STATE.errors[name],
        **props,
    )


def _figures() -> rx.Component:
    last = rx.cond(_STATE.head["last_km"] != "", t("checkin.page.km_last", km=_STATE.head["last_km"]), "")
    return _part(
        "figures",
        _typed("km", t("checkin.km"), unit="km", help=last, input_mode="numeric", auto_complete="off"),
        rx.cond(
            _STATE.errors.contains("km"),
            checkbox(
                t("checkin.page.km_confirm"),
                "km_confirmed",
                on_change=lambda value: CheckInState.set_flag("km_confirmed", value),
            ),
        ),
        rx.el.div(
            _typed("fuel_percent", t("checkin.fuel"), unit="%", input_mode="numeric", auto_complete="off"),
            _typed(
                "charge_percent", t("checkin.charge"), unit="%", input_mode="numeric", auto_complete="off"
            ),
            class_name="cb-checkin-four",
        ),
        title=t("checkin.state"),
    )


def _tyres() -> rx.Component:
    wheels = [
        _typed(
            f"tread_{wheel}",
            t(f"checkin.wheel.{wheel}"),
            unit="mm",
            input_mode="decimal",
            auto_complete="off",
        )
        for wheel in WHEELS
    ]
    return _part("tyres", rx.el.div(*wheels, class_name="cb-checkin-four"), title=t("checkin.tread"))


def _walk_around() -> rx.Component:
    kinds = [
        rx.el.button(
            t(f"checkin.mark.{kind}"),
            type="button",
            on_click=CheckInState.choose_kind(kind),
            aria_pressed=_STATE.kind == kind,
            class_name="cb-choice",
        )
        for kind in MARK_KINDS
    ]
    views = [
        {
            "view": view,
            "name": t(f"checkin.view.{view}"),
            "place": t("checkin.page.walk_place", view=t(f"checkin.view.{view}")),
        }
        for view in VIEWS
    ]
    return _part(
        "walk",
        rx.el.p(t("checkin.page.walk_help"), class_name="cb-muted"),
        rx.el.div(*kinds, role="group", aria_label=t("checkin.marks"), class_name="cb-checkin-kinds"),
        _CarViews.create(
            views=views, marks=_STATE.marks, disabled=_STATE.signed != "", on_mark=CheckInState.add_mark
        ),
        rx.el.ol(rx.foreach(_STATE.marks, _mark), class_name="cb-checkin-marks", aria_live="polite"),
        title=t("checkin.page.walk"),
    )


def _mark(mark: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(mark["number"], class_name="cb-car-mark cb-num"),
        rx.el.span(t_choice("checkin.view", mark["view"]), ": ", t_choice("checkin.mark", mark["kind"])),
        icon_button(
            "x",
            t("checkin.page.remove_mark", number=mark["number"]),
            on_click=CheckInState.remove_mark(mark["number"]),
        ),
    )


def _seen() -> rx.Component:
    boxes = [
        checkbox(
            t(f"checkin.seen.{code}"),
            f"seen_{code}",
            checked=_STATE.seen.contains(code),
            on_change=lambda value, code=code: CheckInState.toggle_seen(code, value),
        )
        for code in OBSERVATIONS
    ]
    return _part("seen", rx.el.div(*boxes), title=t("checkin.observations"))


def _wishes() -> rx.Component:
    flags = [
        checkbox(
            t(f"checkin.page.{name}"),
            name,
            checked=_STATE.flags[name],
            on_change=lambda value, name=name: CheckInState.set_flag(name, value),
        )
        for name in ("test_drive", "keep_old_parts")
    ]
    return _part(
        "wishes",
        _typed("belongings", t("checkin.belongings"), max_length=300),
        textarea(
            t("checkin.remark"),
            "remark",
            default_value=_STATE.form["remark"],
            on_blur=lambda value: CheckInState.set_value("remark", value),
            error=_STATE.errors["remark"],
            max_length=1000,
        ),
        *flags,
        title=t("checkin.page.wishes"),
    )


def _offer() -> rx.Component:
    """One thing that is due anyway; said once, and gone with either answer."""
    offer = _STATE.offer
    return _part(
        "offer",
        rx.el.div(
            rx.el.strong(offer["title"], class_name="min-w-0 break-words"),
            rx.el.span(offer["amount"], class_name="cb-num font-[620] ml-auto flex-none"),
            class_name="flex items-start gap-3",
        ),
        rx.el.p(offer["why"], class_name="cb-muted"),
        rx.el.div(
            button(t("checkin.offer.take"), icon="plus", on_click=CheckInState.answer_offer(True)),
            button(t("checkin.offer.refuse"), kind="ghost", on_click=CheckInState.answer_offer(False)),
            class_name="flex flex-wrap gap-2",
        ),
        title=t("checkin.offer.title"),
    )


def _term(flag: str, yes: str, no: str) -> rx.Component:
    return rx.el.p(rx.cond(_STATE.flags[flag], t(f"checkin.terms.{yes}"), t(f"checkin.terms.{no}")))


def _signature() -> rx.Component:
    terms = [
        rx.el.p(t("checkin.terms.repair")),
        _term("test_drive", "test_drive", "no_test_drive"),
        _term("keep_old_parts", "old_parts", "no_old_parts"),
        rx.el.p(t("checkin.terms.data")),
    ]
    return _part(
        "sign",
        rx.el.div(*terms, class_name="grid gap-2 cb-muted"),
        rx.el.form(
            field(
                t("checkin.page.name"),
                "signed_name",
                default_value=_STATE.head["customer"],
                error=_STATE.errors["name"],
                auto_complete="off",
                max_length=120,
            ),
            signature_pad(
                label=t("checkin.page.sign"),
                clear_label=t("checkin.page.clear"),
                on_change=CheckInState.draw,
                disabled=_STATE.busy,
            ),
            rx.cond(
                _STATE.errors.contains("form"),
                form_error(_STATE.errors["form"]),
            ),
            rx.el.div(
                button(t("checkin.page.save"), size="lg", on_click=CheckInState.save, disabled=_STATE.busy),
                button(
                    t("checkin.page.submit"),
                    kind="primary",
                    size="lg",
                    icon="signature",
                    submit=True,
                    disabled=_STATE.busy,
                ),
                class_name="cb-checkin-foot",
            ),
            on_submit=CheckInState.sign,
            class_name="grid grid-cols-1 gap-4",
        ),
        title=t("checkin.page.sign"),
    )


def _addenda() -> rx.Component:
    return _part(
        "addenda",
        rx.foreach(
            _STATE.addenda,
            lambda one: rx.el.div(
                rx.el.p(one["text"]), rx.el.p(one["by"], class_name="cb-dense cb-muted cb-num")
            ),
        ),
        rx.el.form(
            textarea(t("checkin.page.addendum"), "text", error=_STATE.errors["text"], max_length=1000),
            button(t("checkin.page.add"), size="lg", submit=True),
            on_submit=CheckInState.add,
            reset_on_submit=True,
            class_name="grid grid-cols-1 gap-3 justify-items-start",
        ),
        title=t("checkin.addenda"),
    )
