"""The pane of a set: what it is, its treads, giving it out, and the form for a new one."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.inspection import inspection_box
from carbot_app.components.photos import wheel_photos
from carbot_app.components.tyres.sets import SEASON_WORDS, set_sign
from carbot_app.components.ui import (
    button,
    button_link,
    field,
    pane,
    plate_chip,
    reach,
    select,
    textarea,
)
from carbot_app.state.tyres import TyresState

_TYRES: Any = TyresState
_CHOSEN = _TYRES.chosen
_LINE = _TYRES.chosen.line
_PROBLEMS = _TYRES.problems
_POSITIONS = ("FL", "FR", "RL", "RR")


def set_pane() -> rx.Component:
    """One thing at a time over the list."""
    task = _TYRES.task
    return pane(
        rx.match(
            task,
            ("store", t("tyres.action.store")),
            ("out", t("tyres.pane.out_title")),
            ("measure", t("tyres.action.measure")),
            t("tyres.pane.set", code=_LINE.code),
        ),
        rx.match(
            task,
            ("store", _store_form()),
            ("measure", _measure_form()),
            ("out", rx.el.p(t("tyres.pane.out_text", place=_LINE.location))),
            ("set", _details()),
            rx.fragment(),
        ),
        id="wheel-set",
        open=task != "",
        on_close=TyresState.close,
        actions=[
            rx.match(
                task,
                ("store", _submit("store-form", t("tyres.action.save"))),
                ("measure", rx.fragment(_back(), _submit("measure-form", t("tyres.action.save_treads")))),
                ("out", rx.fragment(_back(), _take_out())),
                ("set", _actions()),
                rx.fragment(),
            )
        ],
    )


def _actions() -> rx.Component:
    return rx.fragment(
        rx.cond(
            _TYRES.may_manage & ~_CHOSEN.out,
            button(t("tyres.action.take_out"), icon="log-out", on_click=TyresState.ask("out")),
        ),
        button_link(
            t("tyres.action.label"),
            href="/api/tyres/" + _LINE.id + "/label.pdf",
            icon="printer",
            kind="primary",
            external=True,
            target="_blank",
        ),
    )


def _back() -> rx.Component:
    return button(t("tyres.action.keep"), on_click=TyresState.ask("set"))


def _take_out() -> rx.Component:
    return button(t("tyres.action.take_out"), kind="primary", icon="log-out", on_click=TyresState.take_out)


def _submit(form: str, label: Any) -> rx.Component:
    return button(label, kind="primary", icon="check", submit=True, form=form, busy=_TYRES.busy)


def _details() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.p(_LINE.title, class_name="cb-muted"),
                rx.el.p(_LINE.location, class_name="cb-figure cb-num"),
            ),
            set_sign(_LINE.sign),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.el.div(
            rx.cond(
                _LINE.plate.city != "",
                plate_chip(_LINE.plate.city, _LINE.plate.rest, country=_LINE.plate.country, size=24),
            ),
            rx.el.span(_CHOSEN.vehicle, class_name="min-w-0 break-words"),
            class_name="flex flex-wrap items-center gap-3",
        ),
        reach(_LINE.name, _CHOSEN.phone, _CHOSEN.phone_href),
        rx.el.dl(rx.foreach(_CHOSEN.facts, _fact), class_name="grid gap-2"),
        rx.cond(
            _CHOSEN.remarks != "",
            rx.el.p(
                _CHOSEN.remarks,
                class_name="px-3 py-2.5 rounded-[10px] bg-soft whitespace-pre-line break-words",
            ),
        ),
        _tyres(),
        wheel_photos(_LINE.id),
        inspection_box(_CHOSEN.vehicle_id, _CHOSEN.customer_id),
        class_name="grid gap-4",
    )


def _fact(fact: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(fact[0], class_name="cb-muted"),
        rx.el.dd(fact[1], class_name="cb-num text-right"),
        class_name="flex justify-between gap-3",
    )


def _tyres() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h3(t("tyres.tyres"), class_name="cb-dense cb-muted font-[600]"),
            rx.cond(
                _TYRES.may_measure,
                button(
                    t("tyres.action.measure"), size="sm", icon="pencil", on_click=TyresState.ask("measure")
                ),
            ),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.ul(rx.foreach(_CHOSEN.tyres, _tyre), class_name="grid [&>li+li]:border-t"),
        class_name="grid gap-1 pt-4 border-t border-base-300",
    )


def _tyre(tyre: Any) -> rx.Component:
    quiet = "cb-muted cb-dense cb-truncate"
    return rx.el.li(
        rx.el.div(
            rx.el.p(t_choice("tyres.position", tyre.position), class_name="font-[600]"),
            rx.el.p(
                tyre.brand,
                rx.cond((tyre.brand != "") & (tyre.made != ""), " · ", ""),
                rx.cond(tyre.made != "", "DOT " + tyre.made, ""),
                class_name=quiet,
            ),
            class_name="min-w-0 flex-1",
        ),
        rx.el.div(
            rx.el.p(rx.cond(tyre.tread != "", tyre.tread, "–"), class_name="cb-num font-[600] text-right"),
            rx.foreach(
                tyre.notes,
                lambda note: rx.el.p(
                    note,
                    class_name=[
                        "cb-dense text-right",
                        rx.match(
                            tyre.sign,
                            ("critical", "text-[var(--cb-err-ink)]"),
                            ("medium", "text-[var(--cb-warn-ink)]"),
                            "cb-muted",
                        ),
                    ],
                ),
            ),
            class_name="flex-none",
        ),
        class_name="flex items-start gap-3 py-2.5 border-base-300",
        key=tyre.position,
    )


def _measure_form() -> rx.Component:
    def entry(tyre: Any) -> rx.Component:
        return field(
            t_choice("tyres.position", tyre.position),
            "tread_" + tyre.position,
            type="text",
            input_mode="decimal",
            unit="mm",
            default_value=tyre.typed,
            error=_PROBLEMS["tread_" + tyre.position],
            auto_complete="off",
            id="tread-" + tyre.position,
        )

    return rx.el.form(
        rx.foreach(_CHOSEN.tyres, entry),
        id="measure-form",
        on_submit=TyresState.measure,
        no_validate=True,
        class_name="grid grid-cols-2 gap-4",
    )


def _store_form() -> rx.Component:
    def choices(group: str, *names: str) -> list[tuple[str, Any]]:
        return [("", t("tyres.unknown")), *((name, t(f"tyres.{group}.{name}")) for name in names)]

    def entry(name: str, **props: Any) -> rx.Component:
        given = {"error": _PROBLEMS[name], "auto_complete": "off", **props}
        return field(t(f"tyres.field.{name}"), name, **given)

    return rx.el.form(
        entry("plate", placeholder="DO-AB 123", auto_capitalize="characters"),
        rx.el.div(
            select(t("tyres.field.season"), "season", SEASON_WORDS, error=_PROBLEMS["season"]),
            entry("location", placeholder="R3-2", list="free-places"),
            class_name="grid grid-cols-2 gap-4",
        ),
        rx.el.datalist(rx.foreach(_TYRES.places, lambda place: rx.el.option(value=place)), id="free-places"),
        rx.el.fieldset(
            rx.el.legend(t("tyres.field.customer"), class_name="cb-label"),
            rx.el.p(t("tyres.owner_help"), class_name="cb-help -mt-1"),
            entry("name"),
            rx.el.div(
                entry("phone", type="tel"),
                entry("email", type="email"),
                class_name="grid grid-cols-2 gap-4",
            ),
            class_name="grid gap-3 pt-4 border-t border-base-300",
        ),
        rx.el.div(
            entry("size", placeholder="205/55 R16"),
            entry("fee", input_mode="decimal", unit="€"),
            select(t("tyres.field.rims"), "rims", choices("rims", "steel", "alloy", "none")),
            select(t("tyres.field.tpms"), "tpms", choices("tpms", "direct", "indirect", "none")),
            class_name="grid grid-cols-2 gap-4 pt-4 border-t border-base-300",
        ),
        *(_tyre_fields(position) for position in _POSITIONS),
        textarea(t("tyres.field.remarks"), "remarks", error=_PROBLEMS["remarks"]),
        id="store-form",
        on_submit=TyresState.store,
        no_validate=True,
        class_name="grid gap-4",
    )


def _tyre_fields(position: str) -> rx.Component:
    columns: tuple[tuple[str, dict[str, Any]], ...] = (
        ("brand", {}),
        ("dot", {"placeholder": "2319", "input_mode": "numeric"}),
        ("tread", {"unit": "mm", "input_mode": "decimal"}),
    )
    shown = {
        name: field(
            t(f"tyres.column.{'made' if name == 'dot' else name}"),
            f"{name}_{position}",
            error=_PROBLEMS[f"{name}_{position}"],
            auto_complete="off",
            **props,
        )
        for name, props in columns
    }
    return rx.el.fieldset(
        rx.el.legend(t(f"tyres.position.{position}"), class_name="cb-label"),
        rx.el.div(*shown.values(), class_name="grid grid-cols-[minmax(0,1fr)_84px_92px] gap-3"),
        class_name="pt-3 border-t border-base-300",
    )
