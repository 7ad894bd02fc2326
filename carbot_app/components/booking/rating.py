"""Stars for a visit that is done, and what follows from them: a public review, or a call."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.parts import problem
from carbot_app.components.i18n import page_words, t, t_choice
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import button, button_link, icon, text_button, textarea
from carbot_app.domains.ratings.rules import COMMENT_LIMIT, STARS
from carbot_app.state.visit_rating import VisitRatingState

_RATING: Any = VisitRatingState


def visit_rating() -> rx.Component:
    """Not to be seen while there is nothing to rate; which part is shown is said by the attributes."""
    return rx.el.section(
        page_words("ratings"),
        rx.el.div(_form(), class_name="cb-rating-ask cb-card cb-card-pad"),
        rx.el.div(
            _given(),
            _glad(),
            _sorry(),
            _change(),
            class_name="cb-rating-given cb-card cb-card-pad",
            aria_live="polite",
        ),
        class_name="cb-rating",
        custom_attrs={
            "data-rating": _now("visit_rating", _RATING.view),
            "data-review": _now("visit_review", rx.cond(_RATING.review != "", "yes", "no")),
            "data-callback": _now("visit_callback", _RATING.callback),
        },
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.h2(t("ratings.title"), class_name="cb-section"),
            rx.el.p(t("ratings.text"), class_name="cb-muted"),
        ),
        rx.el.fieldset(
            rx.el.legend(t("ratings.stars"), class_name="sr-only"),
            rx.el.div(*(_star(number) for number in STARS), class_name="cb-stars"),
            custom_attrs={"aria-describedby": "rating-problem"},
        ),
        rx.el.div(
            problem(_RATING.problem == "missing", t("ratings.missing")),
            problem(_RATING.problem == "over", t("ratings.over")),
            id="rating-problem",
        ),
        textarea(
            t("ratings.comment"),
            "comment",
            optional=True,
            rows=3,
            max_length=COMMENT_LIMIT,
            default_value=_RATING.comment,
            error=rx.cond(_RATING.problem == "too_long", t("ratings.too_long"), ""),
        ),
        button(
            rx.cond(_RATING.view == "edit", t("ratings.change"), t("ratings.send")),
            kind="primary",
            size="lg",
            submit=True,
            busy=_RATING.busy,
            class_name="justify-self-start max-sm:w-full",
        ),
        # What was given is known only once somebody changes it
        key=_RATING.view,
        on_submit=VisitRatingState.send,
        no_validate=True,
        class_name="grid grid-cols-1 gap-4",
    )


def _star(number: int) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="stars",
            value=str(number),
            default_checked=_RATING.stars == number,
            class_name="sr-only",
            aria_label=t("ratings.star", count=number),
        ),
        icon("star", 40),
        rx.el.span(t(f"ratings.word.{number}"), class_name="cb-star-word", aria_hidden="true"),
        class_name="cb-star",
    )


def _given() -> rx.Component:
    word = rx.cond(
        _RATING.view == "",
        public_fact("visit_stars_word"),
        t_choice("ratings.word", _RATING.stars.to_string()),
    )
    return rx.el.div(
        rx.el.h2(
            rx.cond(_RATING.view == "given", t("ratings.thanks"), t("ratings.given")), class_name="cb-section"
        ),
        rx.el.p(
            rx.el.span(
                *(icon("star", 24) for _ in STARS),
                class_name="cb-stars-shown",
                aria_hidden="true",
                custom_attrs={"data-stars": _now("visit_stars", _RATING.stars.to_string())},
            ),
            rx.el.strong(word),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        rx.el.p(
            rx.cond(_RATING.view == "", public_fact("visit_comment"), _RATING.comment),
            class_name="cb-muted whitespace-pre-line break-words empty:hidden",
        ),
        class_name="grid gap-3 justify-items-start",
    )


def _change() -> rx.Component:
    return rx.el.div(
        text_button(t("ratings.change"), on_click=VisitRatingState.edit, class_name="cb-tap"),
        rx.el.p(t("ratings.changeable"), class_name="cb-muted cb-dense"),
        class_name="cb-rating-change",
    )


def _glad() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("ratings.glad")),
        button_link(
            t("ratings.review"),
            href=_now("visit_review_href", _RATING.review),
            kind="primary",
            size="lg",
            icon="external-link",
            external=True,
            target="_blank",
            rel="noopener noreferrer",
        ),
        class_name="cb-rating-glad",
    )


def _sorry() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(t("ratings.sorry")),
            button(
                t("ratings.call"),
                kind="primary",
                size="lg",
                icon="phone",
                on_click=VisitRatingState.wish_call,
            ),
            class_name="cb-rating-sorry",
        ),
        rx.el.p(
            icon("st-done", 20, class_name="text-ok-ink"), t("ratings.called"), class_name="cb-rating-called"
        ),
    )


def _now(fact: str, value: Any) -> Any:
    return rx.cond(_RATING.view == "", public_fact(fact), value)
