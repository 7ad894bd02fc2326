"""Facts of the workshop, opening hours, colour, and whether the assistant answers."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    button,
    field,
    form_error,
    icon,
    icon_button,
    rows,
    select,
    toggle,
)
from carbot_app.state.settings_workshop import (
    MAX_SPANS,
    PRESETS,
    REGION_CHOICES,
    WorkshopFormState,
)

_FORM: Any = WorkshopFormState
_TWO = "grid gap-4 md:grid-cols-2"


def workshop_section() -> Any:
    """One form with one button, and the assistant's switch, which needs none."""
    return loaded(
        _FORM.status,
        stack(
            _assistant(),
            rx.el.form(
                _contact(),
                _hours(),
                _colour(),
                _legal(),
                rx.el.div(
                    button(t("settings.save"), kind="primary", icon="check", submit=True, busy=_FORM.busy),
                    class_name="flex justify-end max-md:grid max-md:justify-stretch",
                ),
                on_submit=WorkshopFormState.save,
                no_validate=True,
                class_name="grid gap-4 min-w-0",
            ),
        ),
        on_retry=WorkshopFormState.load,
        shape="text",
    )


def _assistant() -> rx.Component:
    return part(
        t("settings.assistant.title"),
        toggle(
            t("settings.assistant.label"),
            "assistant_on",
            checked=_FORM.assistant_on,
            on_change=WorkshopFormState.set_assistant,
        ),
        text=t("settings.assistant.text"),
    )


def _contact() -> rx.Component:
    countries = [(code, t(f"settings.workshop.{code}")) for code in ("DE", "AT", "CH")]
    return part(
        t("settings.workshop.contact"),
        rx.el.div(
            _text("name", t("settings.workshop.name"), required=True),
            _text(
                "short_name",
                t("settings.workshop.short_name"),
                optional=True,
                help=t("settings.workshop.short_name_help"),
            ),
            _text("street", t("settings.workshop.street"), auto_complete="street-address"),
            rx.el.div(
                _text("postal_code", t("settings.workshop.postal_code"), auto_complete="postal-code"),
                _text("city", t("settings.workshop.city"), auto_complete="address-level2"),
                class_name="grid grid-cols-[110px_1fr] gap-3",
            ),
            select(
                t("settings.workshop.country"),
                "country",
                countries,
                error=_problem("country"),
                default_value=_FORM.texts["country"],
            ),
            select(
                t("settings.workshop.region"),
                "region",
                [("", t("settings.workshop.no_region")), *REGION_CHOICES],
                help=t("settings.workshop.region_help"),
                error=_problem("region"),
                default_value=_FORM.texts["region"],
            ),
            _text("phone", t("settings.workshop.phone"), type="tel"),
            _text("email", t("settings.workshop.email"), type="email"),
            _text(
                "website", t("settings.workshop.website"), type="url", optional=True, placeholder="https://"
            ),
            class_name=_TWO,
        ),
    )


def _legal() -> rx.Component:
    names = ("legal_form", "represented_by", "vat_id", "register_entry", "chamber")
    return part(
        t("settings.workshop.legal"),
        rx.el.div(
            *(_text(name, t(f"settings.workshop.{name}"), optional=True) for name in names), class_name=_TWO
        ),
        text=t("settings.workshop.legal_text"),
    )


def _hours() -> rx.Component:
    return part(
        t("settings.hours.title"),
        rx.cond(_problem("opening_hours"), form_error(_problem("opening_hours"))),
        rows(rx.foreach(_FORM.hours, _day), class_name="-mx-1"),
        rx.el.div(
            button(t("settings.hours.copy"), icon="copy", size="sm", on_click=WorkshopFormState.copy_monday),
            class_name="flex",
        ),
        text=t("settings.hours.text"),
    )


def _day(entry: Any) -> rx.Component:
    name = t_choice("settings.day", entry.day)
    closed = entry.spans.length() == 0
    return rx.el.li(
        rx.el.div(
            rx.el.span(name, class_name="font-[600] w-[96px] max-md:flex-1 flex-none pt-2"),
            rx.el.div(
                rx.cond(closed, rx.el.span(t("settings.hours.closed"), class_name="cb-muted pt-2")),
                rx.foreach(entry.spans, lambda span, place: _span(entry.day, name, span, place)),
                class_name="grid gap-2 flex-1 min-w-0 max-md:order-last max-md:basis-full",
            ),
            rx.cond(
                entry.spans.length() < MAX_SPANS,
                button(
                    rx.cond(closed, t("settings.hours.open"), t("settings.hours.break")),
                    kind="ghost",
                    icon="plus",
                    aria_label=rx.cond(
                        closed,
                        t("settings.hours.open_day", day=name),
                        t("settings.hours.break_day", day=name),
                    ),
                    on_click=WorkshopFormState.add_span(entry.day),
                ),
            ),
            class_name="flex flex-wrap md:flex-nowrap items-start gap-x-3 gap-y-1 py-2 px-1",
        ),
    )


def _span(day: Any, name: Any, span: Any, place: Any) -> rx.Component:
    def time(side: int, label: Any) -> rx.Component:
        return rx.el.input(
            type="time",
            step="900",
            default_value=span[side],
            aria_label=label,
            on_change=lambda value: WorkshopFormState.set_time(day, place, side, value),
            class_name="cb-input min-w-0 max-md:flex-1 md:!w-[128px]",
        )

    return rx.el.div(
        time(0, t("settings.hours.from", day=name, number=place + 1)),
        rx.el.span("–", aria_hidden="true"),
        time(1, t("settings.hours.to", day=name, number=place + 1)),
        icon_button(
            "x",
            t("settings.hours.remove", day=name, number=place + 1),
            tip=False,
            on_click=WorkshopFormState.remove_span(day, place),
        ),
        key=f"{_FORM.layout}-{place}",
        class_name="flex items-center gap-2",
    )


def _colour() -> rx.Component:
    return part(
        t("settings.colour.title"),
        rx.cond(_problem("accent_hue"), form_error(_problem("accent_hue"))),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    *(_preset(name, *values) for name, values in PRESETS.items()),
                    role="group",
                    aria_label=t("settings.colour.presets"),
                    class_name="flex flex-wrap gap-2",
                ),
                _slider(
                    t("settings.colour.hue"),
                    _FORM.hue,
                    360,
                    1,
                    lambda value: WorkshopFormState.pick_colour(value.to(float), _FORM.chroma),
                    "linear-gradient(90deg,"
                    + ",".join(f"oklch(.6 .13 {hue})" for hue in range(0, 361, 30))
                    + ")",
                ),
                _slider(
                    t("settings.colour.chroma"),
                    _FORM.chroma,
                    0.2,
                    0.01,
                    lambda value: WorkshopFormState.pick_colour(_FORM.hue, value.to(float)),
                    "linear-gradient(90deg,oklch(.6 0 0),var(--al-primary))",
                ),
                class_name="grid gap-4",
            ),
            _preview(),
            class_name="grid gap-5 lg:grid-cols-2",
            style=_FORM.preview,
        ),
        text=t("settings.colour.text"),
    )


def _preset(name: str, hue: float, chroma: float) -> rx.Component:
    chosen = (_FORM.hue == hue) & (_FORM.chroma == chroma)
    return rx.el.button(
        rx.el.span(
            class_name="w-3.5 h-3.5 rounded-full flex-none",
            style={"background": f"oklch(.55 {chroma} {hue})"},
        ),
        t(f"settings.preset.{name}"),
        type="button",
        class_name="cb-chip",
        aria_pressed=chosen,
        on_click=WorkshopFormState.pick_colour(hue, chroma),
    )


def _slider(label: Any, value: Any, end: float, step: float, on_change: Any, track: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="cb-label"),
        rx.el.input(
            type="range",
            min=0,
            max=end,
            step=step,
            value=value,
            on_change=on_change,
            class_name="cb-range",
            style={"--track": track},
        ),
        class_name="grid gap-1.5",
    )


def _preview() -> rx.Component:
    return rx.el.figure(
        rx.el.figcaption(t("settings.colour.preview"), class_name="cb-label"),
        rx.el.div(
            _swatch(t("settings.colour.light"), "l", "#ffffff", "#1a2226", "#e4e2dd"),
            _swatch(t("settings.colour.dark"), "d", "#161d21", "#e8ecee", "#2b3439"),
            class_name="grid grid-cols-2 gap-3",
        ),
        class_name="grid gap-1.5 content-start",
    )


def _swatch(label: Any, theme: str, ground: str, ink: str, line: str) -> rx.Component:
    def colour(name: str) -> str:
        return f"var(--a{theme}-{name})"

    return rx.el.div(
        rx.el.span(label, class_name="cb-dense"),
        rx.el.span(
            icon("calendar-check", 16),
            t("settings.colour.sample"),
            class_name="flex items-center justify-center gap-1.5 rounded-[10px] px-2 min-h-9 font-[600]",
            style={"background": colour("primary"), "color": colour("primary-content")},
        ),
        rx.el.span(
            t("settings.colour.sample_tag"),
            class_name="justify-self-start rounded-[6px] px-1.5 py-0.5 cb-meta font-[600]",
            style={"background": colour("soft"), "color": colour("ink")},
        ),
        rx.el.span(
            t("settings.colour.sample_link"),
            class_name="cb-dense underline break-words",
            style={"color": colour("primary")},
        ),
        class_name="grid gap-2 content-start rounded-[12px] border p-3 min-w-0",
        style={"background": ground, "color": ink, "borderColor": line},
    )


def _text(name: str, label: Any, **props: Any) -> rx.Component:
    return field(label, name, error=_problem(name), default_value=_FORM.texts[name], **props)


def _problem(name: str) -> Any:
    return _FORM.problems[name]
