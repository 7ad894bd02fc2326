"""/reifenhotel/saison/: who is invited to the wheel change when, and what came of it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.tyres.season import campaign_section, season_dialogs
from carbot_app.components.tyres.season_people import invitations_section, left_out_section, waves_section
from carbot_app.components.tyres.tabs import SEASON, tyre_tabs
from carbot_app.components.ui import error_state, skeleton
from carbot_app.state.season import SeasonState

_SEASON: Any = SeasonState
_COLUMN = "grid grid-cols-1 gap-6 content-start min-w-0"


def tyre_season_page() -> rx.Component:
    """The campaign and its waves at the left, the people at the right."""
    return signed_in_page(
        tyre_tabs(SEASON),
        rx.cond(_SEASON.status == "failed", error_state(on_retry=SeasonState.load)),
        rx.cond(
            _SEASON.status == "loading",
            skeleton("rows", 6),
            rx.el.div(
                rx.el.div(campaign_section(), waves_section(), class_name=_COLUMN),
                rx.el.div(invitations_section(), left_out_section(), class_name=_COLUMN),
                class_name="grid grid-cols-1 gap-6 lg:grid-cols-2 max-w-[1400px]",
            ),
        ),
        season_dialogs(),
        title=t("tyres.title"),
        active="tyres",
        on_live=[SeasonState.on_live],
    )
