"""The pane of a plan: which report, how often, to whom."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.report_fields import column_field, form_field, template_field
from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    check_card,
    field,
    form_error,
    pane,
    segmented,
    select,
    textarea,
)
from carbot_app.state.report_plan import NEW, ReportPlanState

_PLAN: Any = ReportPlanState
_FORM = "report-plan-form"


def plan_pane() -> rx.Component:
    """Nothing is kept before it is saved."""
    return pane(
        rx.cond(_PLAN.opened == NEW, t("reports.schedule.create_title"), t("reports.schedule.edit")),
        rx.el.form(
            template_field(
                _PLAN.templates, _PLAN.template, ReportPlanState.choose, _PLAN.problems.get("template", "")
            ),
            _when(),
            _recipients(),
            form_field("plan-form", _PLAN.form, ReportPlanState.set_form),
            column_field(_PLAN.columns, ReportPlanState.toggle, _PLAN.problems.get("columns", "")),
            id=_FORM,
            key=_PLAN.opened,
            on_submit=ReportPlanState.save,
            no_validate=True,
            class_name="grid grid-cols-1 gap-5",
        ),
        id="report-plan",
        open=_PLAN.opened != "",
        on_close=ReportPlanState.close,
        actions=[
            button(t("reports.schedule.cancel"), on_click=ReportPlanState.close),
            button(
                t("reports.schedule.save"),
                kind="primary",
                icon="check",
                submit=True,
                form=_FORM,
                busy=_PLAN.busy,
            ),
        ],
    )


def _when() -> rx.Component:
    weekly = _PLAN.rhythm == "weekly"
    return rx.el.fieldset(
        rx.el.legend(t("reports.field.rhythm"), class_name="cb-label mb-1.5"),
        segmented(
            t("reports.field.rhythm"),
            "rhythm",
            [(kind, t(f"reports.rhythm.{kind}")) for kind in ("weekly", "monthly")],
            value=_PLAN.rhythm,
            on_change=ReportPlanState.set_rhythm,
            fill=True,
        ),
        rx.el.p(
            rx.cond(weekly, t("reports.rhythm_text.weekly"), t("reports.rhythm_text.monthly")),
            class_name="cb-help mt-1",
        ),
        rx.el.div(
            select(
                rx.cond(weekly, t("reports.field.weekday"), t("reports.field.month_day")),
                "day",
                _PLAN.days,
                default_value=_PLAN.day,
                error=_PLAN.problems.get("day", ""),
                key=_PLAN.rhythm,
            ),
            field(
                t("reports.field.at"),
                "at",
                type="time",
                default_value=_PLAN.at,
                error=_PLAN.problems.get("at", ""),
            ),
            class_name="grid grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] gap-3 mt-3",
        ),
        rx.el.p(
            t("reports.field.at_help", zone=_PLAN.zone),
            rx.cond(weekly, "", rx.fragment(" ", t("reports.field.month_day_help"))),
            class_name="cb-help mt-1",
        ),
    )


def _recipients() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t("reports.field.recipients"), class_name="cb-label mb-1.5"),
        rx.foreach(
            _PLAN.people,
            lambda one: check_card(
                one.name,
                "person",
                one.id,
                checked=one.chosen,
                on_change=lambda _: ReportPlanState.pick_person(one.id),
            ),
        ),
        textarea(
            t("reports.field.addresses"),
            "addresses",
            help=t("reports.field.addresses_help"),
            default_value=_PLAN.addresses,
            rows=2,
            auto_complete="off",
            spell_check=False,
            input_mode="email",
            optional=True,
        ),
        form_error(_PLAN.problems.get("recipients", "")),
        class_name="grid grid-cols-1 gap-2",
    )
