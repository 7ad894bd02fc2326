"""Step 1: the plate first, then what the car needs, with prices for this very car."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.parts import problem, step_form
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.public_facts import each, public_fact, public_list
from carbot_app.components.ui import chip, field, icon, plate_input, search_field, select, text_button
from carbot_app.components.ui.markup import when
from carbot_app.components.workshop_frame import workshop_href
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES
from carbot_app.state.booking import SERVICE_FIELD, VISIT, BookingState
from carbot_app.state.booking_car import CarState
from carbot_app.state.booking_visit import VisitState

_VISIT: Any = VisitState
_CAR: Any = CarState
_BOOKING: Any = BookingState
_TYPING_MS = 450


def visit_step() -> rx.Component:
    """Car and services."""
    return step_form(
        VISIT,
        rx.cond(_CAR.by_model, _by_model(), _by_plate()),
        _services(),
        title=rx.cond(_CAR.by_model, t("public.car.title_model"), t("public.car.title")),
        lead=t("public.car.lead"),
        on_submit=_BOOKING.to_times,
    )


def _by_plate() -> rx.Component:
    wrong = (_CAR.status == "invalid") | (_CAR.status == "ambiguous")
    return rx.el.div(
        rx.el.div(
            plate_input(
                default_value=_CAR.plate,
                on_change=lambda text: _CAR.read_plate(text, False).debounce(_TYPING_MS),
                on_blur=lambda text: _CAR.read_plate(text, True),
                country=rx.cond(_CAR.country != "", _CAR.country, public_fact("plate_country")),
                error_id="plate-note",
                invalid=wrong,
                parts=(_CAR.city, _CAR.rest),
            ),
            key=_VISIT.form_key,
        ),
        rx.el.div(
            rx.match(
                _CAR.status,
                ("known", _known()),
                ("new", rx.el.p(icon("info", 18), t("public.car.new"), class_name="cb-note")),
                ("ambiguous", _which()),
                (
                    "invalid",
                    rx.el.p(
                        icon("st-overdue", 17), t("public.car.invalid"), class_name="cb-note cb-note-bad"
                    ),
                ),
                rx.fragment(),
            ),
            id="plate-note",
            aria_live="polite",
            class_name="cb-live",
        ),
        when(_CAR.status == "new", _model_fields()),
        when(
            _CAR.status != "known",
            text_button(
                t("public.car.without"), on_click=_CAR.ask_by_model(True), class_name="cb-tap self-start"
            ),
        ),
        class_name="grid gap-3",
    )


def _by_model() -> rx.Component:
    return rx.el.div(
        _model_fields(),
        text_button(t("public.car.with"), on_click=_CAR.ask_by_model(False), class_name="cb-tap self-start"),
        class_name="grid gap-3",
    )


def _model_fields() -> rx.Component:
    unknown = ("", t("public.car.class_unknown"))
    return rx.el.div(
        field(
            t("public.car.model"),
            "model",
            help=t("public.car.model_help"),
            default_value=_CAR.model,
            on_change=_CAR.read_model.debounce(_TYPING_MS),
            max_length=60,
            auto_complete="off",
        ),
        select(
            t("public.car.class"),
            "class",
            [unknown, *((name, t_choice("public.class", name)) for name in VEHICLE_CLASSES)],
            value=_CAR.vehicle_class,
            on_change=_CAR.read_class,
        ),
        key=_VISIT.form_key,
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _known() -> rx.Component:
    return rx.el.p(
        icon("st-done", 20, class_name="text-ok-ink"),
        rx.el.span(
            rx.el.strong(_CAR.label),
            when(
                _CAR.vehicle_class != "",
                rx.fragment(", ", t_choice("public.class", _CAR.vehicle_class)),
            ),
            class_name="flex-1 min-w-0",
        ),
        text_button(t("public.change"), on_click=_CAR.change, class_name="cb-tap"),
        class_name="cb-note",
    )


def _which() -> rx.Component:
    return rx.el.div(
        rx.el.p(icon("circle-question-mark", 18), t("public.car.which"), class_name="cb-note"),
        rx.el.div(
            rx.foreach(_CAR.choices, lambda plate: chip(plate, on_click=_CAR.pick_plate(plate))),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="grid gap-1",
    )


def _services() -> rx.Component:
    served = public_list("services", "code", "name", "detail", "price")
    rows = rx.cond(_VISIT.offers.length() > 0, _VISIT.offers.to(list[dict[str, str]]), served)
    return rx.el.fieldset(
        rx.el.legend(t("public.services.title"), class_name="cb-section mb-2"),
        search_field(
            placeholder=t("public.services.placeholder"),
            label=t("public.services.search"),
            on_change=_VISIT.search.debounce(_TYPING_MS),
            max_length=100,
        ),
        rx.el.div(
            when(
                _VISIT.nothing_found,
                rx.el.p(
                    icon("circle-question-mark", 18),
                    rx.el.span(
                        t("public.services.nothing"),
                        " ",
                        rx.el.a(t("public.services.ask"), href=workshop_href("chat"), class_name="cb-link"),
                    ),
                    class_name="cb-note",
                ),
            ),
            aria_live="polite",
            class_name="cb-live",
        ),
        rx.el.div(
            rx.el.ul(rx.foreach(rows.to(list[dict[str, str]]), _service), key=_VISIT.form_key),
            rx.el.label(
                rx.el.input(type="checkbox"),
                t("public.services.all"),
                icon("chevron-down", 18),
                class_name="cb-more",
            ),
            class_name="cb-services cb-services-box",
        ),
        problem(_BOOKING.problem == "services_missing", t("public.services.missing")),
        class_name="grid gap-3 border-0 p-0 m-0 min-w-0",
    )


def _service(row: Any) -> rx.Component:
    name = rx.el.span(row["name"], class_name="font-[550] min-w-0 break-words hyphens-auto")
    detail = rx.el.span(row["detail"], class_name="cb-service-detail")
    price = rx.el.span(row["price"], class_name="cb-price")
    bookable = rx.el.label(
        rx.el.input(
            type="checkbox",
            name=SERVICE_FIELD + row["code"],
            class_name="cb-check",
            default_checked=_VISIT.codes.contains(row["code"]),
            on_change=lambda chosen: _VISIT.choose(row["code"], chosen),
        ),
        name,
        price,
        detail,
        class_name="cb-service",
    )
    by_talking = rx.el.a(
        icon("message-square", 20),
        name,
        price,
        rx.el.span(t("public.services.talk"), class_name="cb-service-detail !text-primary font-[600]"),
        href=workshop_href("chat"),
        class_name="cb-service",
    )
    return rx.el.li(rx.cond(row["ask"], by_talking, bookable), key=row["code"], custom_attrs=each("services"))
