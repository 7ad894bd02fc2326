"""/auswertung/: the state of the workshop at a glance, live; every figure leads to what is behind it."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.capacity import capacity_card
from carbot_app.components.analytics.controls import (
    control_dialogs,
    filter_chips,
    phone_controls,
    range_controls,
)
from carbot_app.components.analytics.figures import figures, first_figures
from carbot_app.components.analytics.locations import locations_card
from carbot_app.components.analytics.report_button import report_button, report_pane
from carbot_app.components.analytics.rows import figure_rows
from carbot_app.components.analytics.score import score_card
from carbot_app.components.analytics.shares import shares
from carbot_app.components.analytics.story import story
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import (
    afterwards,
    button_link,
    card,
    deferred,
    empty_state,
    error_state,
    live_sign,
)
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_rows import DashboardRowsState
from carbot_app.state.locations import LocationFiguresState
from carbot_app.state.outlook import OutlookState
from carbot_app.state.report_wish import ReportWishState

_BOARD: Any = DashboardState


def analytics_page() -> rx.Component:
    """The figures move by themselves while the page is open."""
    return signed_in_page(
        rx.el.div(
            rx.cond(
                _BOARD.status == "failed",
                error_state(t("dashboard.failed"), on_retry=DashboardState.load),
            ),
            phone_controls(),
            filter_chips(),
            rx.cond(_BOARD.tiles.length() > 0, deferred(_board()), deferred(_bones())),
            class_name="grid grid-cols-[minmax(0,1fr)] gap-2.5 max-w-[1400px]",
        ),
        control_dialogs(),
        figure_rows(),
        report_pane(),
        title=t("analytics.title"),
        beside_title=live_sign(),
        actions=[*range_controls(), report_button()],
        active="analytics",
        on_live=[
            DashboardState.on_live,
            DashboardRowsState.on_live,
            OutlookState.on_live,
            LocationFiguresState.on_live,
            ReportWishState.on_live,
        ],
    )


def _board() -> rx.Component:
    return rx.fragment(
        figures(),
        rx.cond(
            _BOARD.has_history,
            afterwards(_story_row(), afterwards(locations_card(), shares(), capacity_card())),
            rx.fragment(
                card(
                    empty_state(
                        "chart-no-axes-column",
                        t("dashboard.empty.title"),
                        t("dashboard.empty.text"),
                        button_link(t("dashboard.empty.action"), href="/einstellungen/?bereich=chat"),
                    )
                ),
                locations_card(),
            ),
        ),
    )


def _story_row() -> rx.Component:
    return rx.el.div(
        story(), score_card(), class_name="grid grid-cols-1 xl:grid-cols-[minmax(0,1fr)_344px] gap-2.5"
    )


def _bones() -> rx.Component:
    """Tiles and story in their final shape; the words are there already."""
    return rx.fragment(
        rx.el.span(t("ui.loading"), class_name="cb-sr", role="status"),
        first_figures(),
        card(
            rx.el.span(class_name="cb-bone cb-bone-strong !h-4 w-40"),
            rx.el.span(class_name="cb-bone cb-waiting !h-[240px] mt-5 !rounded-xl"),
            class_name="min-h-[340px]",
        ),
    )
