"""/w/<slug>/datenschutz: what the workshop does with customers' details (Art. 13 GDPR)."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.legal import contact_lines, legal_text, text_section
from carbot_app.components.public_facts import each, public_fact, public_list
from carbot_app.components.workshop_frame import workshop_shell


def privacy_page() -> rx.Component:
    """Honest about what is stored, why and for how long."""
    workshop = public_fact("workshop")
    engine = rx.el.ul(
        rx.foreach(
            public_list("assistant", "text"),
            lambda row: rx.el.li(row["text"], custom_attrs=each("assistant")),
        )
    )
    return workshop_shell(
        legal_text(
            t("legal.privacy.title"),
            t("legal.privacy.lead", workshop=workshop),
            [
                (
                    t("legal.privacy.who.title"),
                    t(
                        "legal.privacy.who.text",
                        legal_name=public_fact("legal_name"),
                        address=public_fact("address"),
                    ),
                ),
                (t("legal.privacy.booking.title"), t("legal.privacy.booking.text")),
                (t("legal.privacy.chat.title"), t("legal.privacy.chat.text")),
            ],
            text_section(t("legal.privacy.ai.title"), t("legal.privacy.ai.text"), engine),
            text_section(t("legal.privacy.receivers.title"), t("legal.privacy.receivers.text")),
            text_section(t("legal.privacy.device.title"), t("legal.privacy.device.text")),
            text_section(t("legal.privacy.how_long.title"), t("legal.privacy.how_long.text")),
            text_section(t("legal.privacy.rights.title"), t("legal.privacy.rights.text")),
            text_section(t("legal.privacy.duty.title"), t("legal.privacy.duty.text")),
            text_section(t("legal.privacy.contact"), contact_lines()),
        )
    )
