"""/auswertung/berichte/: reports to have now, by plan, and those there are."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.report_button import report_pane
from carbot_app.components.analytics.report_plan import plan_pane
from carbot_app.components.analytics.reports import removal_dialog, reports_board
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button, error_state, link, skeleton
from carbot_app.state.report_wish import ReportWishState
from carbot_app.state.reports import ReportsState

_PAGE: Any = ReportsState


def reports_page() -> rx.Component:
    """Progress moves by itself while the page is open."""
    return signed_in_page(
        rx.el.div(
            rx.el.p(
                t("reports.page.text"),
                " ",
                link(t("reports.page.from_figures"), href="/auswertung/", class_name="cb-link"),
                class_name="cb-muted max-w-[75ch]",
            ),
            rx.cond(_PAGE.status == "failed", error_state(on_retry=ReportsState.load)),
            rx.cond(
                _PAGE.status == "loading",
                skeleton("rows", 5),
                rx.cond(_PAGE.templates.length() > 0, reports_board()),
            ),
            class_name="grid grid-cols-1 gap-4 max-w-[1400px]",
        ),
        report_pane(with_archive=False),
        plan_pane(),
        removal_dialog(),
        title=t("reports.title"),
        active="analytics",
        actions=[
            button(
                rx.fragment(
                    rx.el.span(t("reports.page.create"), class_name="max-md:hidden"),
                    rx.el.span(t("reports.page.create_short"), class_name="md:hidden"),
                ),
                kind="primary",
                icon="plus",
                on_click=ReportWishState.open_for(""),
                aria_haspopup="dialog",
            )
        ],
        on_live=[
            ReportsState.on_live,
            ReportWishState.on_live,
        ],
    )
