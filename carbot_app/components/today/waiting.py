"""Who waits: the hottest lead as a card with its one-thumb actions, the others as rows."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.channels import channel_name
from carbot_app.components.ui import (
    button,
    button_link,
    carbot_mark,
    card,
    empty_state,
    icon,
    icon_button,
    link,
    plate_chip,
    rows,
    score_meter,
    section_head,
)
from carbot_app.state.today import TodayState

_TODAY: Any = TodayState

_HOT = _TODAY.hottest
_THREAD = "/posteingang/?c="
SECTION = "grid gap-2.5 content-start min-w-0 max-md:[&_h2]:text-[1.125rem]"


def waiting_section() -> rx.Component:
    """ "Wartet auf Sie"."""
    return rx.el.section(
        section_head(
            t("today.waiting.title"),
            trailing=rx.cond(_TODAY.waiting > 0, t("today.waiting.count", count=_TODAY.waiting), ""),
        ),
        rx.cond(
            _TODAY.waiting > 0,
            rx.el.div(
                _hottest(),
                rx.cond(
                    _TODAY.others.length() > 0,
                    card(rows(rx.foreach(_TODAY.others, _row)), pad=False),
                ),
                rx.cond(
                    _TODAY.waiting > _TODAY.others.length() + 1,
                    link(
                        t("today.waiting.all"),
                        href="/posteingang/",
                        class_name="cb-link justify-self-start py-2",
                    ),
                ),
                class_name="grid gap-3",
            ),
            card(empty_state("inbox", t("today.waiting.none_title"), t("today.waiting.none_text"))),
        ),
        class_name=SECTION,
    )


def _hottest() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.span(
                score_meter(_HOT.heat, _HOT.score),
                rx.el.span(
                    " · ",
                    t("today.waiting.ago", ago=_HOT.ago),
                    " · ",
                    channel_name(_HOT.channel),
                    class_name="cb-muted cb-dense",
                ),
                class_name="flex items-baseline gap-1.5 min-w-0 flex-wrap",
            ),
            rx.cond(
                _HOT.value != "", rx.el.span(_HOT.value, class_name="cb-num font-[640] whitespace-nowrap")
            ),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.div(
            rx.cond(
                _HOT.plate.city != "",
                plate_chip(_HOT.plate.city, _HOT.plate.rest, country=_HOT.plate.country, size=24),
            ),
            rx.el.h3(
                rx.cond(_HOT.name != "", _HOT.name, t("inbox.unknown")),
                class_name="cb-heading max-md:!text-[1.0625rem] min-w-0 break-words",
            ),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.blockquote(
            rx.el.p(t("today.waiting.quote", text=_HOT.quote), class_name="line-clamp-4 break-words"),
        ),
        rx.cond(_HOT.visit.kind != "", _proposal()),
        _actions(),
        class_name="grid gap-3",
    )


def _proposal() -> rx.Component:
    visit = _HOT.visit
    return rx.el.div(
        carbot_mark(20),
        rx.el.p(
            rx.el.strong(
                rx.cond(visit.kind == "appointment", t("today.waiting.proposal"), t("today.waiting.wish"))
            ),
            " ",
            rx.cond(visit.when != "", visit.when + ". ", ""),
            rx.el.span(visit.work, rx.cond(visit.meta != "", ". " + visit.meta, ""), class_name="cb-muted"),
            class_name="min-w-0 break-words",
        ),
        class_name="flex gap-2.5 px-3 py-2.5 rounded-[10px] bg-soft",
    )


def _actions() -> rx.Component:
    thread = _THREAD + _HOT.id
    confirmable = _HOT.visit.can_confirm & _TODAY.can_confirm
    return rx.el.div(
        rx.cond(
            confirmable,
            button(
                t("today.waiting.confirm"),
                kind="primary",
                size="lg",
                icon="check",
                busy=_TODAY.busy,
                on_click=TodayState.confirm,
                class_name="flex-1 min-w-0",
            ),
            button_link(
                t("today.waiting.answer"),
                kind="primary",
                size="lg",
                icon="message-square",
                href=thread,
                class_name="flex-1 min-w-0",
            ),
        ),
        rx.cond(
            confirmable,
            link(
                icon("message-square", 21),
                href=thread,
                class_name="cb-btn cb-btn-outline cb-btn-lg cb-btn-square",
                aria_label=t("today.waiting.answer"),
            ),
        ),
        _call(),
        class_name="flex gap-2.5 mt-0.5",
    )


def _call() -> rx.Component:
    return rx.cond(
        _HOT.phone_href != "",
        icon_button(
            "phone",
            t("inbox.thread.call", name=_HOT.name),
            kind="outline",
            size="lg",
            tip=False,
            href=_HOT.phone_href,
        ),
    )


def _row(lead: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(
                    rx.el.span(
                        rx.cond(lead.name != "", lead.name, t("inbox.unknown")),
                        class_name="cb-truncate font-[620]",
                    ),
                    rx.cond(
                        lead.alarm,
                        rx.el.span(
                            icon("st-overdue", 15, label=t("today.waiting.alarm")),
                            class_name="text-err-ink flex-none",
                        ),
                    ),
                    class_name="flex items-center gap-2 min-w-0",
                ),
                rx.el.span(lead.quote, class_name="block cb-truncate cb-muted"),
                rx.el.span(
                    rx.cond(
                        lead.plate.city != "",
                        plate_chip(lead.plate.city, lead.plate.rest, country=lead.plate.country),
                    ),
                    score_meter(lead.heat, lead.score),
                    rx.el.span(lead.ago, class_name="cb-faint cb-dense cb-num ml-auto"),
                    class_name="flex items-center gap-2.5 mt-1.5",
                ),
                class_name="block min-w-0 flex-1",
            ),
            icon("chevron-right", 18, class_name="cb-faint"),
            href=_THREAD + lead.id,
            class_name="cb-row",
        ),
        key=lead.id,
    )
