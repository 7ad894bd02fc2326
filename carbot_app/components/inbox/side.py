"""The side pane: appointment or wish, vehicle, why it is hot, customer, what happened."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.outcome import lead_outcome
from carbot_app.components.inbox.same_person import same_person
from carbot_app.components.orders.new import estimate_button
from carbot_app.components.today.tasks import thread_tasks
from carbot_app.components.ui import (
    badge,
    button,
    button_link,
    icon,
    icon_button,
    link,
    plate_chip,
    timeline,
    timeline_entry,
)
from carbot_app.state.tasks import TasksState
from carbot_app.state.thread import ThreadState

_TASKS: Any = TasksState
_THREAD_VARS: Any = ThreadState

_SIDE = _THREAD_VARS.side


def side_content() -> rx.Component:
    """Everything beside the thread; used as a pane on wide screens and as a dialog on others."""
    return rx.el.div(
        rx.cond(_SIDE.visit.kind != "", rx.el.div(_visit(), class_name="px-4 pt-4 pb-1 md:px-3.5 md:pt-3.5")),
        rx.cond(_SIDE.vehicle + _SIDE.plate.city != "", _part(t("inbox.side.vehicle"), _vehicle())),
        rx.cond(_SIDE.reasons.length() > 0, _part(_why(), _reasons())),
        rx.cond(_SIDE.lead_id != "", lead_outcome()),
        rx.cond(_TASKS.of_thread.length() > 0, _part(t("automations.tasks.title"), thread_tasks())),
        _part(t("inbox.side.customer"), _customer(), _file_link(), _estimate(), same_person()),
        _part(
            t("inbox.side.timeline"),
            timeline(rx.foreach(_SIDE.timeline, _happened)),
        ),
        class_name="[&>section+section]:border-t [&>section]:border-base-300",
    )


def _part(title: Any, *content: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="cb-dense cb-muted font-[600] mb-2.5"), *content, class_name="px-4 py-4"
    )


def _visit() -> rx.Component:
    visit = _SIDE.visit
    is_appointment = visit.kind == "appointment"
    return rx.el.section(
        rx.el.div(
            rx.el.h3(
                rx.cond(
                    is_appointment,
                    t("inbox.side.appointment"),
                    rx.cond(visit.when != "", t("inbox.side.wish_appointment"), t("inbox.side.wish")),
                ),
                class_name="font-[620]",
            ),
            rx.cond(is_appointment, badge(visit.badge)),
            class_name="flex items-center justify-between gap-2 min-h-[22px]",
        ),
        rx.cond(
            visit.when != "", rx.el.p(visit.when, class_name="cb-section !font-[680] cb-num text-balance")
        ),
        rx.el.p(visit.work, class_name="break-words"),
        rx.cond(visit.meta != "", rx.el.p(visit.meta, class_name="cb-muted")),
        rx.cond(visit.price != "", rx.el.p(visit.price, class_name="cb-num font-[620]")),
        rx.cond(
            is_appointment & _THREAD_VARS.can_reply,
            rx.el.div(
                rx.cond(
                    visit.can_confirm,
                    button(
                        t("inbox.side.confirm"),
                        kind="primary",
                        icon="check",
                        on_click=ThreadState.confirm_visit,
                        class_name="flex-1",
                    ),
                ),
                button_link(t("inbox.side.change"), href="/kalender/?on=" + visit.on + "&termin=" + visit.id),
                class_name="flex gap-2 mt-2",
            ),
        ),
        class_name="cb-card p-3.5 grid gap-1",
    )


def _vehicle() -> rx.Component:
    return rx.el.div(
        rx.cond(
            _SIDE.plate.city != "",
            plate_chip(_SIDE.plate.city, _SIDE.plate.rest, country=_SIDE.plate.country, size=24),
        ),
        rx.el.div(
            rx.el.p(_SIDE.vehicle, class_name="font-[600] break-words"),
            rx.cond(_SIDE.vehicle_meta != "", rx.el.p(_SIDE.vehicle_meta, class_name="cb-muted cb-num")),
            class_name="min-w-0",
        ),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
    )


def _why() -> Any:
    return rx.match(
        _SIDE.heat,
        ("hot", t("inbox.side.why_hot")),
        ("warm", t("inbox.side.why_warm")),
        t("inbox.side.why_cool"),
    )


def _reasons() -> rx.Component:
    def line(reason: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(reason.text, class_name="min-w-0 break-words"),
            rx.el.dd(reason.points, class_name="cb-muted cb-num"),
            class_name="flex justify-between gap-3",
        )

    return rx.fragment(
        rx.el.dl(rx.foreach(_SIDE.reasons, line), class_name="grid gap-2"),
        rx.el.p(_SIDE.scored_by, class_name="cb-meta mt-2.5"),
    )


def _customer() -> rx.Component:
    def way(glyph: str, text: Any, href: Any) -> rx.Component:
        return rx.el.a(
            icon(glyph, 16, class_name="cb-faint"),
            rx.el.span(text, class_name="cb-truncate"),
            href=href,
            class_name="flex items-center gap-2.5 min-h-8 max-md:min-h-11 hover:underline cb-num",
        )

    return rx.cond(
        _SIDE.phone + _SIDE.email != "",
        rx.fragment(
            rx.el.p(
                rx.cond(_THREAD_VARS.head.name != "", _THREAD_VARS.head.name, t("inbox.unknown")),
                class_name="font-[600] mb-1 break-words",
            ),
            rx.cond(_SIDE.phone != "", way("phone", _SIDE.phone, _SIDE.phone_href)),
            rx.cond(_SIDE.email != "", way("mail", _SIDE.email, "mailto:" + _SIDE.email)),
        ),
        rx.el.p(t("inbox.side.no_contact"), class_name="cb-muted"),
    )


def _file_link() -> rx.Component:
    return rx.cond(
        _SIDE.customer_id != "",
        link(
            t("customers.open_file"),
            href="/kunden/akte/?kunde=" + _SIDE.customer_id,
            class_name="cb-link inline-flex items-center min-h-8 max-md:min-h-11",
        ),
    )


def _estimate() -> rx.Component:
    return rx.cond(
        _THREAD_VARS.conversation_id != "",
        rx.el.div(estimate_button("thread", _THREAD_VARS.conversation_id), class_name="mt-2"),
    )


def _happened(line: Any) -> rx.Component:
    title = rx.el.p(line.title, class_name="cb-timeline-title break-words")
    return timeline_entry(line.icon, title, line.meta, tone=line.tone)


def call_button(*, size: Any = "md") -> rx.Component:
    """Dials on phones, opens the telephone program elsewhere; only where a number is known."""
    return rx.cond(
        _THREAD_VARS.head.phone_href != "",
        icon_button(
            "phone",
            t("inbox.thread.call", name=_THREAD_VARS.head.name),
            href=_THREAD_VARS.head.phone_href,
            size=size,
            data_tip_side="bottom",
        ),
    )
