"""Pages of plain text: headings with one paragraph each."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from carbot_app.components.i18n import page_words, t
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import icon

Section = tuple[Any, Any]
"""Heading and paragraph."""


def legal_text(
    title: Any, lead: Any, sections: Sequence[Section], *more: Any, words: Sequence[str] = ()
) -> rx.Component:
    """A page of sections in a readable width, dated; ``words``: namespaces its texts come from besides."""
    return rx.el.article(
        page_words("legal", *words),
        rx.el.h1(title, class_name="cb-hero"),
        rx.el.p(lead, class_name="cb-muted mt-1"),
        *(text_section(heading, paragraph) for heading, paragraph in sections),
        *more,
        rx.el.p(t("legal.updated"), class_name="cb-meta mt-8"),
        class_name="cb-text",
    )


def text_section(heading: Any, *content: Any) -> rx.Component:
    """One heading with what belongs to it."""
    paragraphs = [rx.el.p(part) if not isinstance(part, rx.Component) else part for part in content]
    return rx.el.section(rx.el.h2(heading, class_name="cb-section"), *paragraphs)


def contact_lines() -> rx.Component:
    """Address, telephone and mail of the workshop; what it has not given is left out."""
    return rx.el.address(
        rx.el.span(public_fact("legal_name"), class_name="font-[600]"),
        rx.el.span(public_fact("address")),
        _way("phone", public_fact("phone"), public_fact("phone_href")),
        _way("mail", public_fact("email"), public_fact("mail_href")),
        class_name="cb-contact",
    )


def _way(glyph: str, text: Any, href: Any) -> rx.Component:
    return rx.el.a(icon(glyph, 18), rx.el.span(text), href=href, class_name="cb-link cb-if-href cb-tap gap-2")
