"""/diagnose/: cars on the adapter, and recordings."""

import reflex as rx

from carbot_app.components.diagnostics.overview import plug_in_button, plug_in_pane, sessions_overview
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.state.diagnostics import DiagnosticsState


def diagnostics_page() -> rx.Component:
    """What runs now above what was recorded."""
    return signed_in_page(
        sessions_overview(),
        plug_in_pane(),
        title=t("diagnosis.title"),
        actions=[rx.cond(DiagnosticsState.may_run, plug_in_button())],
        active="diagnostics",
        on_live=[DiagnosticsState.on_live],
    )
