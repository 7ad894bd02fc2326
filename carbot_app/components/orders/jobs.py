"""Jobs of an order, each with its finding and positions."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.photos import job_photos
from carbot_app.components.ui import (
    button,
    card,
    checkbox,
    empty_state,
    icon,
    icon_button,
    section_head,
    severity,
    tag,
)
from carbot_app.state.order import OrderState
from carbot_app.state.order_edit import OrderEditState

_STATE: Any = OrderState
_ORDER = _STATE.order
_MAY_CHANGE = _STATE.may_manage & _ORDER.editable
_MAY_WORK = _STATE.may_work & _ORDER.editable


def job_list() -> rx.Component:
    """All jobs; a new one below."""
    return rx.el.section(
        section_head(t("orders.jobs")),
        rx.cond(
            _ORDER.jobs.length() > 0,
            rx.foreach(_ORDER.jobs, _job),
            card(empty_state("wrench", t("orders.no_jobs.title"), t("orders.no_jobs.text"))),
        ),
        rx.cond(
            _MAY_WORK,
            button(
                t("orders.edit.new_job"),
                icon="plus",
                on_click=OrderEditState.ask("new_job", "", ""),
                aria_haspopup="dialog",
                class_name="justify-self-start",
            ),
        ),
        class_name="grid gap-3",
    )


def _job(job: Any) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.h3(
                job.title,
                class_name=rx.cond(
                    job.decision == "declined",
                    "font-[620] min-w-0 break-words line-through cb-muted",
                    "font-[620] min-w-0 break-words",
                ),
            ),
            rx.el.span(job.total, class_name="cb-num font-[620] ml-auto flex-none"),
            class_name="flex items-start gap-3",
        ),
        rx.el.div(
            rx.cond(job.urgency_sign != "", severity(job.urgency_sign, job.urgency_word)),
            rx.match(
                job.decision,
                ("approved", tag(t("orders.decision.approved"), tone="ok", icon_name="check")),
                ("declined", tag(t("orders.decision.declined"), icon_name="x")),
                rx.fragment(),
            ),
            rx.cond(job.technician != "", tag(job.technician)),
            class_name="flex flex-wrap gap-2 empty:hidden",
        ),
        rx.cond(
            job.finding != "",
            rx.el.p(
                icon("search", 15),
                rx.el.span(job.finding, class_name="min-w-0 break-words"),
                class_name="flex gap-2",
            ),
        ),
        rx.cond(
            job.lines.length() > 0,
            rx.el.ul(
                rx.foreach(job.lines, lambda line: _line(job, line)),
                class_name="cb-rows border-t border-base-300",
            ),
        ),
        job_photos(job.id, job.title),
        _job_actions(job),
        class_name="grid gap-3",
        key=job.id,
    )


def _line(job: Any, line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(line.text, class_name="block break-words"),
                rx.el.span(line.kind_word, " · ", line.detail, class_name="block cb-dense cb-muted cb-num"),
                class_name="min-w-0 flex-1",
            ),
            rx.el.span(line.amount, class_name="cb-num flex-none"),
            rx.cond(
                _MAY_CHANGE,
                icon_button(
                    "pencil",
                    t("orders.edit.line", name=line.text),
                    tip=False,
                    on_click=OrderEditState.ask("line", job.id, line.id),
                    aria_haspopup="dialog",
                ),
            ),
            class_name="flex items-center gap-3 py-2.5",
        ),
        key=line.id,
    )


def _job_actions(job: Any) -> rx.Component:
    return rx.cond(
        _MAY_WORK & (job.decision != "declined"),
        rx.el.div(
            checkbox(
                t("orders.done", name=job.title),
                "done",
                checked=job.done,
                on_change=lambda done: OrderState.mark_done(job.id, done),
            ),
            rx.el.div(
                rx.cond(
                    _MAY_CHANGE,
                    rx.fragment(
                        button(
                            t("orders.edit.add_line"),
                            size="sm",
                            icon="plus",
                            on_click=OrderEditState.ask("line", job.id, ""),
                            aria_haspopup="dialog",
                        ),
                        button(
                            t("orders.edit.job"),
                            size="sm",
                            icon="pencil",
                            on_click=OrderEditState.ask("job", job.id, ""),
                            aria_haspopup="dialog",
                        ),
                    ),
                    button(
                        t("orders.edit.finding"),
                        size="sm",
                        icon="pencil",
                        on_click=OrderEditState.ask("finding", job.id, ""),
                        aria_haspopup="dialog",
                    ),
                ),
                class_name="flex flex-wrap gap-2",
            ),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
    )
