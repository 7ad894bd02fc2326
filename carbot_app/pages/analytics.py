"""/auswertung/: four live figures against the period before, and the days behind them."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.board import day_board, period_switch, tiles
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import error_state, live_sign, skeleton
from carbot_app.state.dashboard import DashboardState

_BOARD: Any = DashboardState


def analytics_page() -> rx.Component:
    """The figures move by themselves while the page is open."""
    return signed_in_page(
        rx.match(
            _BOARD.status,
            ("loading", rx.el.div(skeleton("cards", 4), skeleton("text", 6), class_name="grid gap-6")),
            rx.el.div(
                rx.cond(_BOARD.status == "failed", error_state(on_retry=DashboardState.load)),
                rx.el.div(period_switch("phone-period"), class_name="md:hidden"),
                rx.cond(_BOARD.tiles.length() > 0, rx.fragment(tiles(), day_board())),
                class_name="grid gap-3 max-w-[1400px]",
            ),
        ),
        title=t("analytics.title"),
        beside_title=live_sign(),
        actions=[rx.el.div(period_switch("period"), class_name="max-md:hidden")],
        active="analytics",
        on_live=[DashboardState.on_live.debounce(300)],
    )
