"""Fields that asking for a report and planning one share."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import chip, form_error, radio_card, select

FORMS = ("pdf", "xlsx", "csv")


def template_field(choices: Any, value: Any, on_change: Any, error: Any) -> rx.Component:
    """Which report."""
    return select(
        t("reports.field.template"),
        "template",
        choices,
        value=value,
        on_change=on_change,
        error=error,
    )


def column_field(columns: Any, on_toggle: Any, error: Any) -> rx.Component:
    """Chips in the template's order; a chosen one says its place in the table."""
    return rx.el.fieldset(
        rx.el.legend(t("reports.field.columns"), class_name="cb-label"),
        rx.el.div(
            rx.foreach(
                columns,
                lambda row: chip(
                    rx.fragment(
                        rx.cond(row.place > 0, rx.el.span(row.place, class_name="cb-num font-[680]")),
                        row.title,
                    ),
                    pressed=rx.cond(row.place > 0, "true", "false"),
                    on_click=on_toggle(row.key),
                    key=row.key,
                ),
            ),
            class_name="flex flex-wrap gap-1.5 mt-1.5",
        ),
        rx.el.p(t("reports.field.columns_help"), class_name="cb-help"),
        form_error(error),
        class_name="grid grid-cols-1 gap-1",
    )


def form_field(name: str, value: Any, on_change: Any) -> rx.Component:
    """PDF, workbook or CSV."""
    return rx.el.fieldset(
        rx.el.legend(t("reports.field.form"), class_name="cb-label mb-1.5"),
        *(
            radio_card(
                t(f"reports.form.{form}"),
                name,
                form,
                detail=t(f"reports.form_text.{form}"),
                checked=value == form,
                on_change=lambda _, form=form: on_change(form),
            )
            for form in FORMS
        ),
        class_name="grid gap-2",
    )
