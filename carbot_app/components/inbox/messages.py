"""Bubbles and lines of a thread, as staff sees them."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.channels import message_files
from carbot_app.components.ui import bubble, classes, icon, system_line


def entry_view(entry: Any) -> rx.Component:
    """A bubble, a day or a system line."""
    return rx.el.div(
        rx.match(
            entry.kind,
            ("day", system_line(entry.runs[0])),
            (
                "line",
                rx.el.div(
                    rx.el.span(
                        icon(entry.icon, 16),
                        rx.el.strong(entry.runs[0]),
                        entry.rest,
                    ),
                    class_name="cb-sysline",
                ),
            ),
            ("customer", _customer(entry)),
            ("staff", _staff(entry)),
            ("note", _note(entry)),
            _assistant(entry),
        ),
        key=entry.id,
        class_name=classes("flex flex-col rounded-xl", rx.cond(entry.fresh, "cb-changed", "")),
    )


def _customer(entry: Any) -> rx.Component:
    return bubble(
        "customer",
        rx.cond(entry.lamp.symbol != "", _lamp(entry.lamp)),
        rx.el.span(entry.runs[0], class_name="whitespace-pre-line"),
        message_files(entry),
        _booking_card(entry),
        foot=entry.foot,
        initials=entry.initials,
        tint=entry.tint,
    )


def _lamp(lamp: Any) -> rx.Component:
    """A warning lamp the customer chose, by symbol and in the reader's words."""
    return rx.el.span(
        rx.el.span(
            icon(lamp.symbol, 26),
            class_name=rx.cond(lamp.stop, "cb-lamp cb-lamp-red", "cb-lamp"),
            aria_hidden="true",
        ),
        rx.el.strong(lamp.name),
        class_name="flex items-center gap-2.5 mb-1.5",
    )


def _staff(entry: Any) -> rx.Component:
    return bubble("staff", entry.runs[0], foot=entry.foot, initials=entry.initials, tint=entry.tint)


def _note(entry: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(entry.runs[0]),
        rx.el.span(
            icon("lock", 13, class_name="flex-none"),
            entry.foot,
            class_name="flex items-center gap-1.5 cb-meta !text-warn-ink",
        ),
        class_name="cb-team-note",
    )


def _assistant(entry: Any) -> rx.Component:
    return bubble(
        "assistant",
        rx.cond(
            entry.writing,
            rx.el.span(
                *(rx.el.span() for _ in range(3)),
                class_name="cb-typing",
                role="img",
                aria_label=t("inbox.message.writing"),
            ),
            rx.foreach(
                entry.runs, lambda text, place: rx.cond(place % 2 == 1, rx.el.strong(text), rx.el.span(text))
            ),
        ),
        rx.cond(entry.danger != "", _danger(entry)),
        rx.cond(entry.slots.length() > 0, _offered(entry)),
        rx.cond(entry.options.length() > 0, _options(entry)),
        _booking_card(entry),
        rx.cond(entry.sources.length() > 0, _sources(entry)),
        foot=entry.foot,
    )


def _danger(entry: Any) -> rx.Component:
    return rx.el.span(
        icon("sv-critical", 17),
        rx.el.span(entry.danger),
        class_name="flex items-start gap-2 mt-2 px-3 py-2 rounded-lg font-[600] bg-err-soft text-err-ink",
    )


def _offered(entry: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(entry.slots, _slot),
        class_name="flex flex-wrap gap-2 mt-2.5",
        aria_label=t("inbox.message.offered"),
    )


def _slot(slot: Any) -> rx.Component:
    plain = "inline-flex items-center gap-1.5 min-h-9 px-3 rounded-lg border bg-base-100 cb-num"
    return rx.el.li(
        rx.cond(slot.chosen, icon("check", 16)),
        slot.label,
        class_name=rx.cond(
            slot.chosen,
            f"{plain} border-primary text-primary font-[640]",
            f"{plain} border-base-300 font-[550]",
        ),
    )


def _options(entry: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            entry.options,
            lambda text: rx.el.li(text, class_name="cb-badge cb-badge-plain !bg-base-100 !h-7"),
        ),
        class_name="flex flex-wrap gap-1.5 mt-2.5",
    )


def _booking_card(entry: Any) -> rx.Component:
    return rx.cond(
        entry.booking.length() > 0,
        rx.el.span(
            rx.el.span(icon("calendar-check", 17), class_name="text-primary flex-none pt-px"),
            rx.el.span(
                rx.foreach(
                    entry.booking,
                    lambda text, place: rx.el.span(
                        text, class_name=rx.cond(place == 0, "block font-[640]", "block cb-muted cb-num")
                    ),
                ),
                class_name="min-w-0",
            ),
            class_name="flex gap-2.5 mt-2.5 px-3 py-2.5 rounded-lg border border-base-300 bg-base-100",
        ),
    )


def _sources(entry: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(t("inbox.message.sources"), ": "),
        rx.foreach(entry.sources, lambda text, place: rx.el.span(rx.cond(place > 0, " · ", ""), text)),
        class_name="block mt-2 cb-meta !text-muted",
    )
