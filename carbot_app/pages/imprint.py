"""/w/<slug>/impressum: who offers this page (§ 5 DDG)."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.legal import contact_lines, legal_text, text_section
from carbot_app.components.public_facts import each, public_list
from carbot_app.components.workshop_frame import workshop_shell


def imprint_page() -> rx.Component:
    """The workshop's own facts; what it has not given is left out."""
    facts = rx.el.ul(
        rx.foreach(
            public_list("imprint", "label", "value"),
            lambda row: rx.el.li(
                rx.el.span(row["label"], class_name="cb-muted"),
                rx.el.span(row["value"]),
                custom_attrs=each("imprint"),
            ),
        ),
        class_name="cb-imprint",
    )
    return workshop_shell(
        legal_text(
            t("legal.imprint.title"),
            t("legal.imprint.lead"),
            [],
            text_section(t("legal.imprint.provider"), contact_lines()),
            facts,
            rx.el.p(t("legal.imprint.software"), class_name="cb-muted mt-8"),
        )
    )
