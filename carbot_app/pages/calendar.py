"""/kalender/: the appointments of a day or week and what happens with them."""

import reflex as rx

from carbot_app.components.calendar.agenda import agenda, browse_buttons, span_switch
from carbot_app.components.calendar.visit import visit_pane
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.state.calendar import CalendarState


def calendar_page() -> rx.Component:
    """A list by day; the appointment opens in a pane."""
    return signed_in_page(
        rx.el.div(browse_buttons(), class_name="md:hidden pb-3"),
        agenda(),
        visit_pane(),
        title=t("calendar.title"),
        beside_title=rx.el.div(browse_buttons(), class_name="max-md:hidden"),
        actions=[span_switch()],
        active="calendar",
        on_live=[CalendarState.on_live.debounce(250)],
    )
