"""Surcharges and discounts: each said in a sentence, switched, edited, removed."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    banner,
    button,
    empty_state,
    error_state,
    field,
    form_error,
    icon,
    rows,
    segmented,
    skeleton,
    tag,
    text_button,
    toggle,
)
from carbot_app.components.ui.fields import checkbox
from carbot_app.domains.catalog.rules import FUELS
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES
from carbot_app.state.catalog_rules import AMOUNT, DISCOUNT, PERCENT, SURCHARGE, RulesState

_RULES: Any = RulesState
_FORM = _RULES.form
_FORM_ID = "catalog-rule-form"
_TYPING_MS = 300


def rules_section() -> rx.Component:
    """The list, or the form of one."""
    return rx.cond(_RULES.editing, _form(), _list())


def rule_actions() -> rx.Component:
    """What the foot of the pane offers beside the list or the form."""
    return rx.cond(
        _RULES.editing,
        rx.fragment(
            button(t("ui.actions.back"), kind="ghost", on_click=RulesState.back),
            button(
                t("pricing.rules.save"),
                kind="primary",
                icon="check",
                submit=True,
                form=_FORM_ID,
                busy=_RULES.busy,
            ),
        ),
        rx.fragment(
            button(t("ui.actions.close"), kind="ghost", data_close="true"),
            button(t("pricing.rules.add"), kind="primary", icon="plus", on_click=RulesState.edit("")),
        ),
    )


def _list() -> Any:
    nothing: Any = empty_state("percent", t("pricing.rules.empty_title"), t("pricing.rules.empty_text"))
    return rx.match(
        _RULES.status,
        ("loading", skeleton("rows", 4)),
        ("failed", error_state(on_retry=RulesState.load)),
        rx.el.div(
            rx.el.p(t("pricing.rules.text"), class_name="cb-dense cb-muted"),
            rx.el.div(
                rx.cond(
                    _RULES.removed.change != "",
                    banner(
                        t("pricing.rules.removed", name=_RULES.removed.name),
                        tone="info",
                        icon="trash-2",
                        card=True,
                        action=text_button(t("ui.actions.undo"), on_click=RulesState.bring_back),
                    ),
                ),
                role="status",
            ),
            rx.cond(
                _RULES.rules.length() > 0,
                rx.el.div(rows(rx.foreach(_RULES.rules, _row)), class_name="cb-card"),
                nothing,
            ),
            class_name="grid grid-cols-1 gap-3 min-w-0",
        ),
    )


def _row(rule: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(rule.name, class_name="font-[600] break-words"),
                rx.cond(rule.active, rx.fragment(), tag(t("pricing.rules.off"))),
                class_name="flex flex-wrap items-center gap-x-2 gap-y-1",
            ),
            rx.el.span(rule.said, class_name="block cb-muted cb-dense break-words"),
            type="button",
            on_click=RulesState.edit(rule.id),
            class_name="flex-1 min-w-0 text-left py-1 cursor-pointer rounded-md hover:underline",
        ),
        rx.el.span(rule.figure, class_name="cb-num font-[620] whitespace-nowrap"),
        rx.el.label(
            toggle(
                t("pricing.rules.switch", name=rule.name),
                "rule-active",
                hidden_label=True,
                checked=rule.active,
                on_change=lambda on: RulesState.set_active(rule.id, on),
            ),
            class_name="grid place-items-center min-w-11 min-h-11 -mr-2 cursor-pointer",
        ),
        key=rule.id,
        class_name="cb-row",
    )


def _form() -> rx.Component:
    return rx.el.form(
        form_error(_RULES.problems.get("form", "")),
        _said(),
        _names(),
        _amount(),
        _choices(
            "categories", t("pricing.rules.categories"), _RULES.categories, t("pricing.rules.all_categories")
        ),
        _fixed_choices("weekdays", t("pricing.rules.weekdays"), "pricing.day", [str(n) for n in range(1, 8)]),
        _season(),
        _fixed_choices("classes", t("pricing.rules.classes"), "catalog.class", VEHICLE_CLASSES),
        _fixed_choices("fuels", t("pricing.rules.fuels"), "pricing.fuels", FUELS),
        _age(),
        rx.el.div(
            _tick("fleet", t("pricing.rules.fleet"), _FORM.fleet),
            _tick("active", t("pricing.rules.active"), _FORM.active),
            class_name="grid gap-2.5",
        ),
        rx.cond(
            _FORM.id != "",
            button(
                t("pricing.rules.remove"),
                icon="trash-2",
                kind="ghost",
                class_name="justify-self-start !text-err-ink -ml-3",
                on_click=RulesState.remove(_FORM.id),
            ),
        ),
        id=_FORM_ID,
        key=_RULES.layout.to(str),
        on_submit=RulesState.save,
        no_validate=True,
        class_name="grid grid-cols-1 gap-5 min-w-0",
    )


def _said() -> rx.Component:
    return rx.el.p(
        icon("tag", 17, class_name="flex-none mt-0.5"),
        rx.el.span(
            rx.cond(_RULES.said != "", _RULES.said, t("pricing.rules.not_yet")),
            class_name="min-w-0 break-words",
        ),
        role="status",
        class_name="flex gap-2.5 px-3.5 py-3 rounded-[10px] bg-accent-soft text-accent-ink font-[550]",
    )


def _text(name: str, label: Any, *, problem: str = "", **props: Any) -> rx.Component:
    return field(
        label,
        name,
        default_value=_RULES.texts[name],
        auto_complete="off",
        on_change=lambda text: RulesState.typed(name, text).debounce(_TYPING_MS),
        **({"error": _RULES.problems.get(problem, "")} if problem else {}),
        **props,
    )


def _names() -> rx.Component:
    others = [("en", "English"), ("tr", "Türkçe"), ("pl", "Polski")]
    return rx.el.div(
        _text("name-de", t("pricing.rules.name"), problem="names", help=t("pricing.rules.name_help")),
        rx.el.details(
            rx.el.summary(
                t("pricing.rules.other_languages"), class_name="cb-link cursor-pointer py-1 max-md:py-3"
            ),
            rx.el.div(
                *(_text(f"name-{code}", rx.el.span(name, lang=code), optional=True) for code, name in others),
                class_name="grid gap-3 pt-2",
            ),
        ),
        class_name="grid gap-2 min-w-0",
    )


def _amount() -> rx.Component:
    return rx.el.div(
        segmented(
            t("pricing.rules.direction"),
            "direction",
            [
                (SURCHARGE, t("pricing.rules.direction_surcharge")),
                (DISCOUNT, t("pricing.rules.direction_discount")),
            ],
            value=_FORM.direction,
            on_change=lambda value: RulesState.choose("direction", value),
            fill=True,
        ),
        rx.el.div(
            _text(
                "value",
                t("pricing.rules.height"),
                problem="percent",
                unit=rx.cond(_FORM.measure == AMOUNT, "€", "%"),
                input_mode="decimal",
            ),
            rx.el.div(
                rx.el.p(t("pricing.rules.measure"), class_name="cb-label", aria_hidden="true"),
                segmented(
                    t("pricing.rules.measure"),
                    "measure",
                    [(PERCENT, t("pricing.rules.in_percent")), (AMOUNT, t("pricing.rules.in_euro"))],
                    value=_FORM.measure,
                    on_change=lambda value: RulesState.choose("measure", value),
                    fill=True,
                ),
                class_name="cb-field",
            ),
            class_name="grid grid-cols-2 gap-3",
        ),
        class_name="grid gap-3 min-w-0",
    )


def _choices(name: str, label: Any, options: Any, none: Any) -> rx.Component:
    """Chips of which several may hold; none means everything."""
    chosen = getattr(_FORM, name)
    return _group(
        label,
        rx.foreach(options, lambda pair: _chip(name, pair[0], pair[1], chosen.contains(pair[0]))),
        none,
        chosen,
    )


def _fixed_choices(name: str, label: Any, words: str, values: Any) -> rx.Component:
    chosen = getattr(_FORM, name)
    chips = [_chip(name, value, t(f"{words}.{value}"), chosen.contains(value)) for value in values]
    return _group(label, rx.fragment(*chips), t("pricing.rules.any"), chosen)


def _group(label: Any, chips: Any, none: Any, chosen: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(
            label,
            rx.cond(chosen.length() == 0, rx.el.span(" · ", none, class_name="cb-optional")),
            class_name="cb-label mb-2",
        ),
        rx.el.div(chips, class_name="flex flex-wrap gap-2"),
        class_name="min-w-0",
    )


def _chip(name: str, value: Any, label: Any, chosen: Any) -> rx.Component:
    return rx.el.button(
        rx.cond(chosen, icon("check", 14), rx.fragment()),
        label,
        type="button",
        aria_pressed=rx.cond(chosen, "true", "false"),
        on_click=RulesState.choose(name, value),
        class_name="cb-chip",
    )


def _season() -> rx.Component:
    return rx.el.div(
        _text("season_from", t("pricing.rules.season_from"), problem="season", placeholder="1.11."),
        _text("season_to", t("pricing.rules.season_to"), placeholder="31.3."),
        class_name="grid grid-cols-2 gap-3 items-start",
    )


def _age() -> rx.Component:
    years = t("pricing.rules.years")
    return rx.el.div(
        _text("min_age", t("pricing.rules.min_age"), problem="min_age", unit=years, input_mode="numeric"),
        _text("max_age", t("pricing.rules.max_age"), unit=years, input_mode="numeric"),
        class_name="grid grid-cols-2 gap-3 items-start",
    )


def _tick(name: str, label: Any, checked: Any) -> rx.Component:
    return checkbox(
        label, name, checked=checked, on_change=lambda on: RulesState.choose(name, on.to_string())
    )
