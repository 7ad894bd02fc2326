"""The workshops of an owner: going to another one, and opening a further one."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.layout.locations import FIRST_PAGE, switch_to
from carbot_app.components.settings.frame import loaded, stack
from carbot_app.components.ui import badge, button, card, field, glyph_tile, pane, rows, select, two_lines
from carbot_app.state.settings_locations import LocationsState
from carbot_app.state.settings_workshop import REGION_CHOICES

_PAGE: Any = LocationsState
_FORM = "location-form"


def locations_section() -> rx.Component:
    """The list with a button for each; the form opens in the pane."""
    return rx.fragment(
        loaded(
            _PAGE.status,
            stack(
                rx.el.div(
                    rx.el.p(t("settings.locations.text"), class_name="cb-muted flex-[1_1_20rem]"),
                    button(
                        t("settings.locations.add"), kind="primary", icon="plus", on_click=LocationsState.ask
                    ),
                    class_name="flex flex-wrap items-center justify-between gap-3 max-md:grid",
                ),
                card(rows(rx.foreach(_PAGE.locations, _line)), pad=False),
            ),
            on_retry=LocationsState.load,
        ),
        _pane(),
    )


def _line(location: Any) -> rx.Component:
    # A new location's first need is its own address; elsewhere the day comes first
    target = rx.cond(location.role == "owner", "/einstellungen/?bereich=werkstatt", FIRST_PAGE)
    return rx.el.li(
        glyph_tile("store"),
        two_lines(location.name, t_choice("staff.role", location.role)),
        rx.cond(
            location.current,
            badge("done", t("settings.locations.here")),
            button(
                rx.cond(location.invited, t("staff.workshop.accept"), t("settings.locations.open")),
                aria_label=t("settings.locations.open_named", name=location.name),
                on_click=switch_to(location.id, target),
            ),
        ),
        class_name="cb-row",
        key=location.id,
    )


def _pane() -> rx.Component:
    return pane(
        t("settings.locations.add"),
        rx.el.form(
            rx.el.p(t("settings.locations.copied"), class_name="cb-muted"),
            field(t("settings.workshop.name"), "name", error=_PAGE.problems["name"], auto_complete="off"),
            field(t("settings.workshop.city"), "city", error=_PAGE.problems["city"], auto_complete="off"),
            select(
                t("settings.workshop.country"),
                "country",
                [(code, t(f"settings.workshop.{code}")) for code in ("DE", "AT", "CH")],
                help=t("settings.locations.country_help"),
                error=_PAGE.problems["country"],
                default_value=_PAGE.country,
            ),
            select(
                t("settings.workshop.region"),
                "region",
                [("", t("settings.workshop.no_region")), *REGION_CHOICES],
                help=t("settings.workshop.region_help"),
                error=_PAGE.problems["region"],
                default_value=_PAGE.region,
            ),
            id=_FORM,
            on_submit=LocationsState.add,
            no_validate=True,
            class_name="grid gap-4",
            key=_PAGE.is_open.to(str),
        ),
        id="location",
        open=_PAGE.is_open,
        on_close=LocationsState.close,
        actions=[
            button(
                t("settings.locations.save"),
                kind="primary",
                icon="check",
                submit=True,
                form=_FORM,
                busy=_PAGE.busy,
            )
        ],
    )
