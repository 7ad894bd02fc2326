"""/barrierefreiheit: the accessibility statement (BFSG, EN 301 549)."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.public import language_menu
from carbot_app.components.legal import legal_text
from carbot_app.components.ui import carbot_mark


def accessibility_page() -> rx.Component:
    """The same for every workshop, because the pages are."""
    return rx.el.div(
        rx.el.header(
            rx.el.div(
                rx.el.span(
                    carbot_mark(36),
                    rx.el.span("CarBot", class_name="font-[640]"),
                    class_name="flex items-center gap-3 flex-1",
                ),
                language_menu(),
                class_name="cb-wide",
            ),
            class_name="cb-pub-head",
        ),
        rx.el.main(
            rx.el.div(
                legal_text(
                    t("legal.accessibility.title"),
                    t("legal.accessibility.lead"),
                    [
                        (t("legal.accessibility.standard.title"), t("legal.accessibility.standard.text")),
                        (t("legal.accessibility.state.title"), t("legal.accessibility.state.text")),
                        (t("legal.accessibility.limits.title"), t("legal.accessibility.limits.text")),
                        (t("legal.accessibility.service.title"), t("legal.accessibility.service.text")),
                        (t("legal.accessibility.barrier.title"), t("legal.accessibility.barrier.text")),
                        (t("legal.accessibility.authority.title"), t("legal.accessibility.authority.text")),
                    ],
                ),
                class_name="cb-wide",
            ),
            id="main",
            class_name="cb-pub-main",
        ),
        class_name="cb-pub cb-public",
    )
