"""The living style guide: every component of the kit in its states. Not linked from anywhere."""

import reflex as rx

from carbot_app.components.ui import badge, button, plate_chip, score_meter, severity


def styleguide_page() -> rx.Component:
    """All components on one page."""
    return rx.el.main(
        rx.el.h1("CarBot", class_name="cb-hero"),
        rx.el.div(
            button("Abbrechen", kind="ghost"),
            button("Ändern", icon="pencil"),
            button("Speichern", kind="primary", icon="check"),
            class_name="flex gap-2",
        ),
        rx.el.div(
            badge("draft"),
            badge("open"),
            severity("critical"),
            score_meter("hot", 92),
            class_name="flex gap-2 text-muted",
        ),
        plate_chip("DO", "AB 123", size=38),
    )
