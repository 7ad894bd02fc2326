"""The contract behind a visit that was ordered on the booking page."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import icon


def contract_box(lines: Any, withdrawn: Any) -> rx.Component:
    """Nothing for a free request."""
    return rx.cond(
        lines.length() > 0,
        rx.el.div(
            rx.el.h3(t("contracts.visit.title"), class_name="cb-dense cb-muted font-[600]"),
            rx.cond(
                withdrawn != "",
                rx.el.p(
                    icon("undo-2", 17),
                    rx.el.span(withdrawn),
                    class_name="flex items-center gap-2 font-[600] text-[var(--cb-err-ink)]",
                ),
            ),
            rx.el.ul(
                rx.foreach(lines, lambda line: rx.el.li(line, key=line)), class_name="cb-num grid gap-0.5"
            ),
            class_name="grid gap-1.5 pt-4 border-t border-base-300",
        ),
    )
