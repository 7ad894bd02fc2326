"""/auswertung/leistungen/: a year of services, and what their numbers support."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.services import advice_section, services_section, wishes_section
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import error_state, skeleton, tab_links
from carbot_app.state.service_figures import ServiceFiguresState

_PAGE: Any = ServiceFiguresState


def service_figures_page() -> rx.Component:
    """What to do and what is missing first, then the services; all below each other on phones."""
    tabs = [
        ("/auswertung/", t("outlook.services.tab_board")),
        ("/auswertung/leistungen/", t("outlook.services.tab")),
    ]
    return signed_in_page(
        rx.el.div(tab_links(t("analytics.title"), tabs, active="/auswertung/leistungen/"), class_name="pb-4"),
        rx.cond(_PAGE.status == "failed", error_state(on_retry=ServiceFiguresState.load)),
        rx.cond(
            _PAGE.status == "loading",
            skeleton("rows", 6),
            rx.el.div(
                rx.el.div(
                    advice_section(),
                    wishes_section(),
                    class_name="grid grid-cols-1 gap-6 lg:grid-cols-2 items-start",
                ),
                services_section(),
                class_name="grid grid-cols-1 gap-6 max-w-[1400px]",
            ),
        ),
        title=t("outlook.services.title"),
        active="analytics",
        on_live=[ServiceFiguresState.on_live],
    )
