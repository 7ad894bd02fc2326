"""The number plate: first thing on every row that has a car, and the hero of the booking page."""

from typing import Any, Literal

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui.markup import classes, given, when

Country = Literal["D", "A", "CH"]
PlateSize = Literal[19, 24, 38, 72]


def plate_chip(
    city: Any, rest: Any, *, country: Country | Var = "D", size: PlateSize = 19, suffix: Any = ""
) -> rx.Component:
    """A plate: ``city`` "DO", ``rest`` "AB 123", ``suffix`` "E" or "H"; read aloud with its name."""
    return rx.el.span(
        when(country == "CH", rx.fragment(), _band(country)),
        rx.el.span(
            rx.el.span(city),
            when(country == "D", _seals(), _arms()),
            rx.el.span(rest, suffix),
            class_name="cb-plate-text",
            aria_hidden="true",
        ),
        class_name=classes("cb-plate", "" if size == 19 else f"cb-plate-{size}"),
        data_country=country,
        role="img",
        aria_label=t("ui.plate.named", city=city, rest=rest, suffix=suffix),
    )


def plate_input(
    *,
    name: str = "plate",
    value: Any = None,
    on_change: Any = None,
    on_blur: Any = None,
    country: Country | Var = "D",
    error_id: str | None = None,
    invalid: Any = None,
    parts: tuple[Any, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """The booking page's first field, drawn as a plate over the full width.

    ``parts`` (city, rest; Vars, empty while unknown) show it with seals as soon as nobody is typing.
    """
    return rx.el.label(
        _band(country),
        rx.el.input(
            type="text",
            name=name,
            aria_label=t("ui.plate.label"),
            placeholder="DO AB 123",
            auto_complete="off",
            auto_capitalize="characters",
            spell_check=False,
            max_length=14,
            enter_key_hint="next",
            **given(
                value=value,
                on_change=on_change,
                on_blur=on_blur,
                aria_invalid=invalid,
                aria_describedby=error_id,
            ),
            **props,
        ),
        *([_shown(*parts)] if parts is not None else []),
        class_name="cb-plate-input",
    )


def _band(country: Any) -> rx.Component:
    return rx.el.span(
        rx.el.svg(rx.el.svg.circle(cx="10", cy="10", r="8"), view_box="0 0 20 20", aria_hidden="true"),
        rx.el.span(country, aria_hidden="true"),
        class_name="cb-plate-band",
    )


def _shown(city: Any, rest: Any) -> rx.Component:
    whole = rx.el.span(rx.el.span(city), _seals(), rest, class_name="cb-plate-shown", aria_hidden="true")
    return when(city, when(rest, whole))


def _seals() -> rx.Component:
    return rx.el.span(class_name="cb-plate-seals", aria_hidden="true")


def _arms() -> rx.Component:
    return rx.el.span(class_name="cb-plate-arms", aria_hidden="true")
