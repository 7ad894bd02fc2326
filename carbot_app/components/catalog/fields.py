"""Fields of a service. The browser keeps what is typed (``default_value``); ``version`` fills them anew."""

from typing import Any

import reflex as rx

from carbot_app.components.catalog.tree import shelf_options
from carbot_app.components.i18n import t
from carbot_app.components.ui import checkbox, field, select, tabs, textarea
from carbot_app.domains.catalog.fields import BAYS, SKILLS, UNITS
from carbot_app.kit.languages import LANGUAGES
from carbot_app.state.catalog_editor import EditorState

_EDITOR: Any = EditorState
_FORM, _ERRORS = _EDITOR.form, _EDITOR.errors
_MODEL = _FORM["price_model"]

MODELS = ("fixed", "range", "per_vehicle_class", "per_unit", "hourly_aw", "package")


def language_tabs() -> rx.Component:
    """Which of the four languages the texts are shown in; readers choose too."""
    return tabs(
        t("catalog.edit.language"),
        [(code, code.upper()) for code in LANGUAGES],
        value=_EDITOR.spoken,
        on_select=EditorState.speak,
        panel_id="service-names",
    )


def names_fields() -> rx.Component:
    """Name and description in four languages, one at a time."""
    return rx.el.div(
        *(_names(code) for code in LANGUAGES),
        id="service-names",
        role="tabpanel",
        aria_label=t("catalog.edit.language"),
        key=_version("names"),
    )


def price_fields() -> rx.Component:
    """How the price is made, and what it needs."""
    can_calculate = (_MODEL != "range") & (_MODEL != "package")
    calculated = can_calculate & (_FORM["calculated"] != "")
    two_ends = (_MODEL == "range") | (_MODEL == "hourly_aw") | (_MODEL == "per_unit")
    return rx.el.div(
        _models(),
        rx.cond(
            can_calculate,
            checkbox(
                t("catalog.edit.calculated"),
                "calculated",
                value="on",
                default_checked=_FORM["calculated"] != "",
            ),
        ),
        rx.cond(
            calculated,
            _work(),
            rx.cond(_MODEL == "package", _package_price()),
        ),
        rx.el.div(
            rx.cond(
                ~calculated & (_MODEL != "package"),
                rx.fragment(
                    _money("price", rx.cond(two_ends, t("catalog.edit.from"), t("catalog.edit.price"))),
                    rx.cond(two_ends, _money("price_to", t("catalog.edit.to"))),
                ),
            ),
            rx.cond(
                _MODEL != "package",
                _number("minutes", t("catalog.edit.minutes"), t("catalog.edit.minutes_unit")),
            ),
            rx.cond(
                _MODEL == "per_unit",
                _choice("unit", t("catalog.edit.unit"), UNITS, "catalog.units"),
            ),
            class_name="grid grid-cols-2 gap-3 items-start",
        ),
        class_name="grid grid-cols-1 gap-4",
        key=_version("price"),
    )


def more_fields() -> rx.Component:
    """What is rarely touched."""
    return rx.el.details(
        rx.el.summary(t("catalog.edit.more"), class_name="cb-editor-more"),
        rx.el.div(
            rx.el.div(
                rx.el.label(t("catalog.tree.category"), html_for="service-shelf", class_name="cb-label"),
                rx.el.select(
                    shelf_options(),
                    id="service-shelf",
                    name="shelf",
                    default_value=_FORM["shelf"],
                    class_name="cb-input",
                ),
                class_name="cb-field",
            ),
            textarea(
                t("catalog.edit.synonyms"),
                "synonyms",
                help=t("catalog.edit.synonyms_help"),
                error=_ERRORS["synonyms"],
                default_value=_FORM["synonyms"],
            ),
            rx.el.div(
                _money("fee", t("catalog.edit.fee")),
                _choice("bay", t("catalog.edit.bay"), BAYS, "catalog.bays"),
                class_name="grid grid-cols-2 gap-3 items-start",
            ),
            rx.el.div(
                _choice("skill", t("catalog.edit.skill"), SKILLS, "catalog.skills"),
                _number("parts_lead", t("catalog.edit.parts_lead"), t("catalog.edit.days_unit")),
                class_name="grid grid-cols-2 gap-3 items-start",
            ),
            rx.el.div(
                _number("interval_km", t("catalog.edit.interval_km"), "km"),
                _number("interval_months", t("catalog.edit.interval_months"), t("catalog.edit.months_unit")),
                class_name="grid grid-cols-2 gap-3 items-start",
            ),
            _tick("bookable"),
            _tick("lift"),
            _tick("hu_relevant"),
            _tick("exchange_part"),
            rx.cond(_FORM["exchange_part"] != "", _money("parts_list", t("catalog.edit.parts_list"))),
            textarea(
                t("catalog.edit.notes"),
                "notes",
                help=t("catalog.edit.notes_help"),
                error=_ERRORS["notes"],
                default_value=_FORM["notes"],
            ),
            class_name="grid grid-cols-1 gap-4 pt-4",
            key=_version("more"),
        ),
        class_name="cb-editor-details",
    )


def _names(code: str) -> rx.Component:
    return rx.el.div(
        field(
            t("catalog.edit.name"),
            f"name_{code}",
            error=_ERRORS[f"name_{code}"],
            default_value=_FORM[f"name_{code}"],
            lang=code,
            auto_complete="off",
        ),
        textarea(
            t("catalog.edit.description"),
            f"text_{code}",
            error=_ERRORS[f"text_{code}"],
            default_value=_FORM[f"text_{code}"],
            lang=code,
        ),
        class_name=rx.cond(_EDITOR.spoken == code, "grid grid-cols-1 gap-4", "hidden"),
    )


def _models() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t("catalog.edit.model"), class_name="cb-label mb-1.5"),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio", name="price_model", value=model, default_checked=model == _MODEL
                    ),
                    t(f"catalog.model_short.{model}"),
                )
                for model in MODELS
            ),
            class_name="cb-seg cb-seg-three",
        ),
        rx.cond(
            _ERRORS["price_model"],
            rx.el.p(_ERRORS["price_model"], class_name="cb-field-error mt-1.5"),
        ),
    )


def _work() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _number("labour", t("catalog.edit.labour"), t("catalog.edit.labour_unit")),
            _money("parts", t("catalog.edit.parts")),
            class_name="grid grid-cols-2 gap-3 items-start",
        ),
        select(t("catalog.edit.rate"), "rate", _EDITOR.rates, default_value=_FORM["rate"]),
        class_name="grid grid-cols-1 gap-4",
    )


def _package_price() -> rx.Component:
    return rx.el.div(
        _number("discount", t("catalog.edit.discount"), "%"),
        class_name="grid grid-cols-2 gap-3 items-start",
    )


def _money(name: str, label: Any) -> rx.Component:
    return field(
        label,
        name,
        unit=_EDITOR.currency,
        error=_ERRORS[name],
        default_value=_FORM[name],
        input_mode="decimal",
        auto_complete="off",
    )


def _number(name: str, label: Any, unit: Any) -> rx.Component:
    return field(
        label,
        name,
        unit=unit,
        error=_ERRORS[name],
        default_value=_FORM[name],
        input_mode="decimal",
        auto_complete="off",
    )


def _choice(name: str, label: Any, values: tuple[str, ...], words: str) -> rx.Component:
    return select(
        label,
        name,
        [(value, t(f"{words}.{value}")) for value in values],
        error=_ERRORS[name],
        default_value=_FORM[name],
    )


def _tick(name: str) -> rx.Component:
    return checkbox(t(f"catalog.edit.{name}"), name, value="on", default_checked=_FORM[name] != "")


def _version(part: str) -> Any:
    return part + _EDITOR.version.to_string()
