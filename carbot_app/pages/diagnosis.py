"""/diagnose/auto/?id=<session>: one car, values left, meaning right."""

from typing import Any

import reflex as rx

from carbot_app.components.diagnostics.board import session_actions, values_side
from carbot_app.components.diagnostics.codes import meaning_side
from carbot_app.components.diagnostics.due import due_side
from carbot_app.components.diagnostics.report import report_side
from carbot_app.components.diagnostics.summary import summary_side
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button_link, empty_state, error_state, skeleton
from carbot_app.state.diagnosis import DiagnosisState
from carbot_app.state.diagnosis_codes import DiagnosisCodesState
from carbot_app.state.diagnosis_due import DiagnosisDueState
from carbot_app.state.diagnosis_report import DiagnosisReportState
from carbot_app.state.diagnosis_summary import DiagnosisSummaryState

_STATE: Any = DiagnosisState


def diagnosis_page() -> rx.Component:
    """Values and codes beside each other; below each other on phones."""
    return signed_in_page(
        rx.match(
            _STATE.status,
            ("failed", error_state(on_retry=DiagnosisState.load)),
            ("loading", rx.el.div(skeleton("cards", 4), class_name="p-4")),
            (
                "missing",
                empty_state(
                    "activity",
                    t("diagnosis.missing.title"),
                    t("diagnosis.missing.text"),
                    button_link(t("diagnosis.list.recordings"), href="/diagnose/"),
                ),
            ),
            rx.el.div(
                values_side(), meaning_side(summary_side(), report_side(), due_side()), class_name="cb-diag"
            ),
        ),
        title=t("diagnosis.title"),
        actions=session_actions(),
        active="diagnostics",
        pad=False,
        on_live=[
            DiagnosisState.on_live,
            DiagnosisCodesState.on_live,
            DiagnosisSummaryState.on_live,
            DiagnosisReportState.on_live,
            DiagnosisDueState.on_live,
        ],
    )
