"""/w/<slug>/: the workshop's small front page."""

import reflex as rx

from carbot_app.components.booking.callback import callback_card
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.public_facts import each, public_fact, public_list
from carbot_app.components.ui import icon
from carbot_app.components.workshop_frame import workshop_href, workshop_shell


def workshop_page() -> rx.Component:
    """What to do first, then where and when."""
    return workshop_shell(
        rx.el.h1(public_fact("workshop"), class_name="cb-hero"),
        rx.el.p(t("public.start.lead"), class_name="cb-muted mt-1"),
        rx.el.div(
            _way("calendar-check", "book", "termin", look="cb-way cb-way-primary"),
            _way("message-square", "chat", "chat"),
            class_name="cb-ways",
        ),
        rx.el.div(
            rx.el.section(
                rx.el.h2(t("public.start.hours"), class_name="cb-section"),
                rx.el.ul(
                    rx.foreach(
                        public_list("hours", "day", "time"),
                        lambda row: rx.el.li(
                            rx.el.span(row["day"], class_name="cb-muted"),
                            rx.el.span(row["time"], class_name="cb-num"),
                            custom_attrs=each("hours"),
                        ),
                    ),
                    class_name="cb-hours",
                ),
                class_name="cb-card cb-card-pad grid gap-3 content-start",
            ),
            rx.el.section(
                rx.el.h2(t("public.start.way"), class_name="cb-section"),
                rx.el.address(
                    rx.el.span(icon("map-pin", 19), rx.el.span(public_fact("address"))),
                    rx.el.a(
                        icon("phone", 19),
                        rx.el.span(public_fact("phone"), class_name="cb-num"),
                        href=public_fact("phone_href"),
                        class_name="cb-if-href cb-link",
                    ),
                    rx.el.a(
                        icon("mail", 19),
                        rx.el.span(public_fact("email")),
                        href=public_fact("mail_href"),
                        class_name="cb-if-href cb-link",
                    ),
                    class_name="cb-place",
                ),
                class_name="cb-card cb-card-pad grid gap-3 content-start",
            ),
            class_name="grid gap-4 sm:grid-cols-2 mt-6",
        ),
        callback_card(),
    )


def _way(glyph: str, topic: str, page: str, *, look: str = "cb-way") -> rx.Component:
    return rx.el.a(
        rx.el.span(icon(glyph, 24), class_name="cb-way-sign"),
        rx.el.span(
            rx.el.span(t_choice("public.start", topic), class_name="block cb-section"),
            rx.el.span(t_choice("public.start", f"{topic}_text"), class_name="block cb-way-text"),
            class_name="flex-1 min-w-0",
        ),
        icon("arrow-right", 20),
        href=workshop_href(page),
        class_name=look,
    )
