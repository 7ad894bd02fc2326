"""/w/<slug>/widerrufsbelehrung: the right of withdrawal with model form (Art. 246a EGBGB, annexes 1, 2)."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import language, t
from carbot_app.components.legal import legal_text, text_section
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui.markup import when
from carbot_app.components.workshop_frame import workshop_href, workshop_shell


def withdrawal_info_page() -> rx.Component:
    """The statutory texts with the workshop's facts; German is authoritative."""
    seller: dict[str, Any] = {name: public_fact(name) for name in ("legal_name", "address", "phone", "email")}
    form = workshop_href("widerruf")
    return workshop_shell(
        legal_text(
            t("withdrawal.info.title"),
            t("withdrawal.info.lead", workshop=public_fact("workshop")),
            [],
            when(language() != "de", rx.el.p(t("withdrawal.info.authoritative"), class_name="cb-muted mt-2")),
            text_section(
                t("withdrawal.info.right_title"),
                t("withdrawal.info.right"),
                t("withdrawal.info.how", **seller),
                t("withdrawal.info.online", link=form),
                rx.el.p(rx.el.a(t("withdrawal.form.title"), href=form, class_name="cb-link cb-tap")),
                t("withdrawal.info.in_time"),
            ),
            text_section(
                t("withdrawal.info.effects_title"),
                t("withdrawal.info.effects"),
                t("withdrawal.info.early"),
            ),
            text_section(t("withdrawal.info.end_title"), t("withdrawal.info.end")),
            text_section(t("withdrawal.info.model_title"), t("withdrawal.info.model_lead"), _model(seller)),
            words=("withdrawal",),
        )
    )


def _model(seller: dict[str, Any]) -> rx.Component:
    blanks = ("model_ordered", "model_name", "model_address", "model_sign", "model_date")
    return rx.el.div(
        rx.el.p(
            t(
                "withdrawal.info.model_to",
                legal_name=seller["legal_name"],
                address=seller["address"],
                email=seller["email"],
            )
        ),
        rx.el.p(t("withdrawal.info.model_declare")),
        *(rx.el.p(t(f"withdrawal.info.{name}")) for name in blanks),
        rx.el.p(t("withdrawal.info.model_note"), class_name="cb-dense cb-muted"),
        class_name="cb-card cb-card-pad grid gap-4",
    )
