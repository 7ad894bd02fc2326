"""The page of reports: templates and plans beside the archive."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.report_button import run_badge
from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    bar,
    button,
    button_link,
    card,
    dialog,
    empty_state,
    glyph_tile,
    icon_button,
    load_more,
    rows,
    section_head,
    text_button,
    toggle,
)
from carbot_app.state.report_plan import ReportPlanState
from carbot_app.state.report_wish import ReportWishState
from carbot_app.state.reports import ReportsState

_PAGE: Any = ReportsState
_TOUCH = "max-md:!min-h-11"
_SECTION = "grid grid-cols-1 gap-3 content-start min-w-0"
_GLYPHS = {
    "owner_week": "chart-no-axes-column",
    "front_desk": "message-square",
    "tax_month": "receipt-text",
    "booking": "calendar-days",
    "services": "wrench",
}


def reports_board() -> rx.Component:
    """Left what can be had, right what there is."""
    return rx.el.div(
        rx.el.div(
            _templates(),
            rx.cond(_PAGE.may_plan, _plans()),
            class_name="grid grid-cols-1 gap-6 content-start min-w-0",
        ),
        _archive(),
        class_name="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]",
    )


def removal_dialog() -> rx.Component:
    """A plan cannot be brought back."""
    return dialog(
        t("reports.schedule.remove_title"),
        rx.el.p(_PAGE.asking.title, ", ", _PAGE.asking.when, class_name="font-[600]"),
        rx.el.p(t("reports.schedule.remove_text")),
        id="report-plan-remove",
        open=_PAGE.asking.id != "",
        on_close=ReportsState.ask(""),
        actions=[
            button(t("reports.schedule.keep"), on_click=ReportsState.ask("")),
            button(
                t("reports.schedule.remove"),
                kind="destructive",
                icon="trash-2",
                on_click=ReportsState.remove,
            ),
        ],
    )


def _templates() -> rx.Component:
    return rx.el.section(
        section_head(t("reports.page.templates")),
        card(rows(rx.foreach(_PAGE.templates, _template)), pad=False),
        class_name=_SECTION,
    )


def _template(row: Any) -> rx.Component:
    return rx.el.li(
        rx.match(
            row.code,
            *((code, glyph_tile(glyph, tone="accent")) for code, glyph in _GLYPHS.items()),
            glyph_tile("file-text", tone="accent"),
        ),
        rx.el.div(
            rx.el.p(row.title, class_name="font-[600] break-words"),
            rx.el.p(row.text, class_name="cb-muted cb-dense break-words"),
            class_name="min-w-0 flex-[1_1_14rem]",
        ),
        rx.el.div(
            rx.cond(
                _PAGE.may_plan,
                button(
                    t("reports.page.plan"),
                    size="sm",
                    class_name=_TOUCH,
                    icon="clock",
                    kind="ghost",
                    aria_label=t("reports.page.plan") + ": " + row.title,
                    on_click=ReportPlanState.plan(row.code),
                ),
            ),
            button(
                t("reports.page.create_short"),
                size="sm",
                class_name=_TOUCH,
                aria_label=t("reports.page.create") + ": " + row.title,
                on_click=ReportWishState.open_for(row.code),
            ),
            class_name="flex gap-1.5 flex-none max-sm:pl-11",
        ),
        key=row.code,
        data_report_template=row.code,
        class_name="cb-row flex-wrap",
    )


def _plans() -> rx.Component:
    return rx.el.section(
        section_head(t("reports.page.schedules")),
        card(
            rx.cond(
                _PAGE.schedules.length() > 0,
                rows(rx.foreach(_PAGE.schedules, _plan)),
                empty_state(
                    "clock",
                    t("reports.page.schedules_empty"),
                    t("reports.page.schedules_empty_text"),
                ),
            ),
            pad=False,
        ),
        class_name=_SECTION,
    )


def _plan(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(row.title, class_name="font-[600] break-words"),
                rx.el.p(row.when, class_name="cb-dense cb-num break-words"),
                rx.el.p(row.next, class_name="cb-muted cb-dense cb-num"),
                class_name="min-w-0 flex-1",
            ),
            rx.el.label(
                toggle(
                    t("reports.schedule.on", title=row.title),
                    "plan-on",
                    hidden_label=True,
                    checked=row.enabled,
                    on_change=lambda on: ReportsState.switch(row.id, on),
                ),
                class_name="grid place-items-center min-w-11 min-h-11 -mr-2 cursor-pointer",
            ),
            class_name="flex items-start gap-3",
        ),
        rx.el.ul(
            rx.foreach(
                row.recipients,
                lambda one: rx.el.li(
                    rx.el.span(one.text, class_name="break-all"),
                    rx.cond(
                        one.email != "",
                        text_button(
                            t("reports.recipient.ask_again"), on_click=ReportsState.ask_again(one.email)
                        ),
                    ),
                    class_name="flex flex-wrap items-baseline gap-x-2",
                ),
            ),
            aria_label=t("reports.field.recipients"),
            class_name="cb-dense grid gap-0.5",
        ),
        rx.el.div(
            button(
                t("reports.schedule.send_now"),
                size="sm",
                class_name=_TOUCH,
                icon="send",
                aria_label=t("reports.schedule.send_now_named", title=row.title),
                on_click=ReportsState.send_now(row.id),
            ),
            icon_button(
                "pencil",
                t("reports.schedule.edit_named", title=row.title),
                size="sm",
                class_name=_TOUCH,
                on_click=ReportPlanState.edit(row.id),
                aria_haspopup="dialog",
            ),
            icon_button(
                "trash-2",
                t("reports.schedule.remove") + ": " + row.title,
                size="sm",
                class_name=_TOUCH,
                on_click=ReportsState.ask(row.id),
                aria_haspopup="dialog",
            ),
            class_name="flex items-center gap-1.5",
        ),
        key=row.id,
        data_report_plan=row.id,
        class_name="grid grid-cols-1 gap-2 px-4 py-3",
    )


def _archive() -> rx.Component:
    return rx.el.section(
        section_head(t("reports.page.archive")),
        card(
            rx.cond(
                _PAGE.runs.length() > 0,
                rows(rx.foreach(_PAGE.runs, _run)),
                empty_state(
                    "file-text",
                    t("reports.page.archive_empty"),
                    t("reports.page.archive_empty_text"),
                ),
            ),
            load_more(has_more=_PAGE.has_more, on_click=ReportsState.more),
            pad=False,
        ),
        class_name=_SECTION,
        data_report_archive="true",
    )


def _run(run: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.el.span(run.title, class_name="font-[600]"),
                    rx.el.span(run.form, class_name="cb-meta uppercase ml-2"),
                    class_name="break-words",
                ),
                rx.el.p(run.days, class_name="cb-dense cb-num"),
                rx.cond(run.narrowed != "", rx.el.p(run.narrowed, class_name="cb-dense break-words")),
                rx.el.p(run.meta, class_name="cb-muted cb-dense cb-num break-words"),
                class_name="min-w-0 flex-1",
            ),
            run_badge(run),
            class_name="flex items-start gap-3",
        ),
        rx.cond(run.problem != "", rx.el.p(run.problem, class_name="cb-dense text-err-ink")),
        rx.cond(
            run.mails.length() > 0,
            rx.el.ul(
                rx.foreach(
                    run.mails,
                    lambda mail: rx.el.li(
                        mail.text,
                        class_name=rx.cond(mail.troubled, "break-all text-err-ink", "break-all cb-muted"),
                    ),
                ),
                aria_label=t("reports.field.recipients"),
                class_name="cb-dense grid gap-0.5",
            ),
        ),
        rx.match(
            run.state,
            ("ready", _done(run)),
            ("failed", _again(run)),
            ("cancelled", _again(run)),
            rx.el.div(
                rx.el.div(bar(run.percent, label=run.progress), class_name="grid flex-1"),
                button(
                    t("reports.run.cancel"),
                    size="sm",
                    class_name=_TOUCH,
                    kind="ghost",
                    aria_label=t("reports.run.cancel_named", title=run.title),
                    on_click=ReportsState.cancel(run.id),
                ),
                class_name="flex items-center gap-3",
            ),
        ),
        key=run.id,
        data_report_run=run.state,
        class_name="grid grid-cols-1 gap-2 px-4 py-3",
    )


def _done(run: Any) -> rx.Component:
    return rx.el.div(
        button_link(
            t("reports.run.download"),
            href=run.href,
            icon="download",
            size="sm",
            class_name=_TOUCH,
            external=True,
            download=True,
            aria_label=t("reports.run.download_named", title=run.title) + ", " + run.days,
        ),
        rx.cond(
            run.can_send & _PAGE.may_plan,
            button(
                t("reports.run.resend"),
                size="sm",
                class_name=_TOUCH,
                kind="ghost",
                icon="send",
                aria_label=t("reports.run.resend_named", title=run.title),
                on_click=ReportsState.resend(run.id),
            ),
        ),
        class_name="flex flex-wrap gap-1.5",
    )


def _again(run: Any) -> rx.Component:
    return button(
        t("reports.run.retry"),
        size="sm",
        icon="rotate-ccw",
        aria_label=t("reports.run.retry_named", title=run.title),
        on_click=ReportsState.retry(run.id),
        class_name=f"justify-self-start {_TOUCH}",
    )
