"""/kalender/: the appointments of a day or week and what happens with them."""

from typing import Any

import reflex as rx

from carbot_app.components.calendar.agenda import agenda, browse_buttons, span_switch
from carbot_app.components.calendar.board import board, view_switch
from carbot_app.components.calendar.day_plan import day_plan
from carbot_app.components.calendar.new_visit import new_visit_button, new_visit_dialog
from carbot_app.components.calendar.unplanned import unplanned_button, unplanned_sheet
from carbot_app.components.calendar.visit import visit_pane
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState

_BOARD: Any = BoardState


def calendar_page() -> rx.Component:
    """Lanes by time, on phones and when asked for a list by day; the appointment opens in a pane."""
    return signed_in_page(
        board(),
        rx.el.div(
            rx.el.div(browse_buttons(), class_name="md:hidden pb-3"),
            rx.el.div(unplanned_button(), class_name="md:hidden pb-3 print:hidden"),
            rx.el.div(span_switch(), class_name="max-md:hidden flex pb-3 print:hidden"),
            agenda(),
            # The phone's calendar, the other way for screen readers, and what the browser's own menu prints
            class_name=["cb-agenda cb-page-pad", rx.cond(_BOARD.view == "list", "", "md:hidden print:block")],
        ),
        visit_pane(),
        new_visit_dialog(),
        unplanned_sheet(),
        day_plan(),
        title=t("calendar.title"),
        beside_title=rx.el.div(browse_buttons(), class_name="max-md:hidden"),
        actions=[rx.el.div(span_switch(), class_name="md:hidden"), view_switch(), new_visit_button()],
        active="calendar",
        pad=False,
        on_live=[CalendarState.on_live, BoardState.on_live],
        on_toast_action=BoardState.undo,
    )
