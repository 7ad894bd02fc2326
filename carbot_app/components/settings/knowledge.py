"""What the assistant answers from, what it was asked in vain, and how far prices may go down."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    button,
    checkbox,
    empty_state,
    field,
    icon_button,
    list_row,
    pane,
    rows,
    select,
    tag,
    textarea,
    two_lines,
)
from carbot_app.kit.languages import LANGUAGE_NAMES
from carbot_app.state.settings_knowledge import KnowledgeState

_KNOWN: Any = KnowledgeState
_LANGUAGES = list(LANGUAGE_NAMES.items())
"""Every language in its own name."""


def knowledge_section() -> rx.Component:
    """Open questions first: they are what is left to do."""
    return rx.fragment(
        loaded(
            _KNOWN.status, stack(_gaps(), _articles(), _discount(), _drafts()), on_retry=KnowledgeState.load
        ),
        _pane(),
    )


def _gaps() -> rx.Component:
    return part(
        t("knowledge.gaps.title"),
        rx.cond(
            _KNOWN.gaps.length() > 0,
            rows(rx.foreach(_KNOWN.gaps, _gap), class_name="-mx-1"),
            empty_state("circle-check", t("knowledge.gaps.empty"), t("knowledge.gaps.empty_text")),
        ),
        text=t("knowledge.gaps.text"),
    )


def _gap(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.question, class_name="block font-[550]"),
            rx.el.span(
                t("knowledge.gaps.asked", count=line.count, when=line.asked),
                class_name="block cb-muted cb-dense",
            ),
            class_name="flex-1 max-md:basis-full min-w-0 break-words",
        ),
        button(
            t("knowledge.gaps.answer"),
            icon="pencil",
            aria_label=t("knowledge.gaps.answer_named", question=line.question),
            on_click=KnowledgeState.answer(line.id),
        ),
        icon_button(
            "x",
            t("knowledge.gaps.dismiss", question=line.question),
            tip=False,
            on_click=KnowledgeState.dismiss(line.id),
        ),
        class_name="flex items-center gap-2 py-2 px-1 max-md:flex-wrap",
    )


def _articles() -> rx.Component:
    return part(
        t("knowledge.articles.title"),
        rx.cond(
            _KNOWN.articles.length() > 0,
            rows(rx.foreach(_KNOWN.articles, _article), class_name="-mx-3"),
            empty_state("book-open", t("knowledge.articles.empty"), t("knowledge.articles.empty_text")),
        ),
        text=t("knowledge.articles.text"),
        action=button(
            t("knowledge.articles.add"),
            icon="plus",
            aria_label=t("knowledge.articles.add_label"),
            on_click=KnowledgeState.ask_add,
        ),
    )


def _article(line: Any) -> rx.Component:
    return list_row(
        two_lines(line.title, line.start),
        rx.cond(line.active, rx.fragment(), tag(t("knowledge.articles.off"), icon_name="eye-off")),
        tag(rx.el.span(line.language, class_name="uppercase")),
        on_click=KnowledgeState.edit(line.id),
    )


def _drafts() -> rx.Component:
    use = _KNOWN.drafts
    counted = rx.el.dl(
        *(
            rx.el.div(
                rx.el.dt(t(f"knowledge.drafts.{name}"), class_name="cb-muted flex-1"),
                rx.el.dd(use[name], class_name="font-semibold tabular-nums"),
                class_name="flex gap-4",
            )
            for name in ("sent", "edited", "discarded")
        ),
        class_name="grid gap-2",
    )
    return part(
        t("knowledge.drafts.title"),
        rx.cond(use["any"], counted, rx.el.p(t("knowledge.drafts.none"), class_name="cb-muted")),
        rx.cond(
            use["any"],
            rx.el.p(t("knowledge.drafts.share", percent=use["percent"]), class_name="font-semibold"),
        ),
        text=t("knowledge.drafts.text"),
    )


def _discount() -> rx.Component:
    return rx.el.form(
        part(
            t("knowledge.discount.title"),
            rx.el.div(
                field(
                    t("knowledge.discount.percent"),
                    "percent",
                    unit="%",
                    input_mode="numeric",
                    help=t("knowledge.discount.percent_help"),
                    error=_KNOWN.problems["percent"],
                    default_value=_KNOWN.percent,
                ),
                field(
                    t("knowledge.discount.from"),
                    "from_amount",
                    unit="€",
                    input_mode="numeric",
                    error=_KNOWN.problems["from_amount"],
                    default_value=_KNOWN.from_amount,
                ),
                class_name="grid gap-4 md:grid-cols-2 items-start",
                key=f"{_KNOWN.version}",
            ),
            rx.el.div(
                checkbox(t("knowledge.discount.upsell"), "upsell", default_checked=_KNOWN.upsell),
                key=f"upsell-{_KNOWN.version}",
            ),
            rx.el.div(
                button(t("settings.save"), kind="primary", icon="check", submit=True),
                class_name="flex justify-end max-md:grid max-md:justify-stretch",
            ),
            text=t("knowledge.discount.text"),
        ),
        on_submit=KnowledgeState.save_terms,
        no_validate=True,
    )


def _pane() -> rx.Component:
    return pane(
        rx.cond(_KNOWN.form.id == "", t("knowledge.articles.add_label"), t("knowledge.articles.edit")),
        _form(),
        id="knowledge-article",
        open=_KNOWN.open,
        on_close=KnowledgeState.close,
        actions=[
            rx.cond(
                _KNOWN.form.id != "",
                button(t("knowledge.articles.remove"), icon="trash-2", on_click=KnowledgeState.remove),
                rx.fragment(),
            ),
            button(t("settings.save"), kind="primary", icon="check", submit=True, form="knowledge-form"),
        ],
    )


def _form() -> rx.Component:
    form = _KNOWN.form
    return rx.el.form(
        rx.cond(
            form.question != "",
            rx.el.p(t("knowledge.form.asked", question=form.question), class_name="cb-muted"),
        ),
        field(
            t("knowledge.form.title"),
            "title",
            error=_KNOWN.problems["title"],
            default_value=form.title,
            auto_complete="off",
            max_length=120,
        ),
        textarea(
            t("knowledge.form.body"),
            "body",
            help=t("knowledge.form.body_help"),
            error=_KNOWN.problems["body"],
            default_value=form.body,
            max_length=1200,
            rows=6,
        ),
        field(
            t("knowledge.form.tags"),
            "tags",
            optional=True,
            help=t("knowledge.form.tags_help"),
            error=_KNOWN.problems["tags"],
            default_value=form.tags,
            auto_complete="off",
        ),
        select(
            t("knowledge.form.language"),
            "language",
            _LANGUAGES,
            error=_KNOWN.problems["language"],
            default_value=form.language,
        ),
        checkbox(t("knowledge.form.active"), "active", default_checked=form.active),
        id="knowledge-form",
        key=f"{_KNOWN.version}",
        on_submit=KnowledgeState.save,
        no_validate=True,
        class_name="grid gap-4",
    )
