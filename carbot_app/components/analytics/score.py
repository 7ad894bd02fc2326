"""The performance score: a ring, a sentence, three steps with their worth, and how it is weighed."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import bar, button, card, form_error, icon, icon_button, link, seen
from carbot_app.components.ui import dialog as open_over
from carbot_app.components.ui.overlays import open_dialog
from carbot_app.state.outlook import DIALOG, OutlookState

_OUTLOOK: Any = OutlookState
_ROUND = 2 * 3.14159265 * 21
"""Length of the ring in its own units."""


def score_card() -> rx.Component:
    """Right of the story on wide screens, below it on narrow ones."""
    return card(
        seen(OutlookState.reach_score),
        rx.cond(_OUTLOOK.status == "loading", _bones(), rx.fragment(_head(), _missing(), _steps())),
        score_dialog(),
        class_name="cb-score-card",
        data_card="score",
    )


def score_dialog() -> rx.Component:
    """What each part measured, its points, and how much it counts."""
    return open_over(
        t("outlook.weights.title"),
        rx.el.p(t("outlook.weights.text"), class_name="cb-muted"),
        rx.el.form(
            form_error(_OUTLOOK.problem),
            rx.el.ul(rx.foreach(_OUTLOOK.parts, _part), class_name="grid"),
            rx.cond(
                _OUTLOOK.may_weigh,
                button(t("outlook.weights.save"), kind="primary", submit=True, block=True),
                rx.el.p(t("outlook.weights.only_owner"), class_name="cb-muted cb-dense"),
            ),
            on_submit=OutlookState.weigh,
            class_name="grid gap-3 mt-3",
        ),
        id=DIALOG,
    )


def _head() -> rx.Component:
    return rx.el.div(
        _ring(),
        rx.el.div(
            rx.el.div(
                rx.el.h2(t("outlook.score.title"), class_name="cb-heading mr-auto"),
                icon_button(
                    "sliders-horizontal",
                    t("outlook.weights.title"),
                    size="sm",
                    on_click=open_dialog(DIALOG),
                    data_weigh="true",
                ),
                class_name="flex items-center gap-2",
            ),
            rx.el.p(_OUTLOOK.score.sentence, class_name="cb-muted"),
            class_name="grid gap-0.5 min-w-0 flex-1",
        ),
        class_name="flex items-start gap-4",
    )


def _ring() -> rx.Component:
    """A circle filled from the top; the figure in it is also said in words."""
    filled = _OUTLOOK.score.points * (_ROUND / 100)
    circle: dict[str, Any] = {"cx": "26", "cy": "26", "r": "21", "fill": "none", "stroke_width": "5"}
    return rx.el.div(
        rx.el.svg(
            rx.el.circle(**circle, class_name="stroke-base-300"),
            rx.cond(
                _OUTLOOK.score.points > 0,
                rx.el.circle(
                    **circle,
                    class_name="stroke-primary",
                    stroke_linecap="round",
                    stroke_dasharray=filled.to(str) + f" {_ROUND:.2f}",
                    transform="rotate(-90 26 26)",
                ),
            ),
            view_box="0 0 52 52",
            width="56",
            height="56",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.span(_OUTLOOK.score.figure, class_name="cb-num cb-score-figure", aria_hidden="true"),
        rx.el.span(_OUTLOOK.score.label, class_name="cb-sr"),
        class_name="cb-score-ring",
        data_points=_OUTLOOK.score.points,
    )


def _missing() -> rx.Component:
    return rx.cond(
        _OUTLOOK.score.missing != "",
        rx.el.p(_OUTLOOK.score.missing, class_name="cb-muted cb-dense mt-2"),
    )


def _steps() -> rx.Component:
    return rx.el.ol(rx.foreach(_OUTLOOK.steps, _step), class_name="cb-score-steps")


def _step(step: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(icon(step.icon, 17), class_name="cb-score-glyph"),
            rx.el.span(
                rx.el.span(
                    rx.el.span(step.title, class_name="min-w-0"),
                    rx.el.span(
                        step.worth,
                        rx.el.span(t("outlook.score.worth_means"), class_name="cb-sr"),
                        class_name="cb-num cb-score-worth",
                    ),
                    class_name="flex justify-between gap-3",
                ),
                rx.el.span(step.why, class_name="cb-muted cb-dense"),
                class_name="grid min-w-0 flex-1",
            ),
            href=step.href,
            class_name="cb-score-step",
        ),
        key=step.code,
    )


def _part(part: Any) -> rx.Component:
    name = t_choice("outlook.part", part.code)
    weight = rx.cond(
        _OUTLOOK.may_weigh,
        rx.el.input(
            type="number",
            name=part.code,
            aria_label=t("outlook.weights.weight_of", part=name),
            class_name="cb-input cb-num text-right",
            input_mode="numeric",
            default_value=part.weight,
            min="0",
            max="100",
            step="1",
            required=True,
        ),
        rx.el.span(part.weight, class_name="cb-num"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(name, class_name="font-[600]"),
                rx.el.span(part.figure, class_name="cb-num font-[620]"),
                class_name="flex justify-between gap-3",
            ),
            bar(part.points, label=t("outlook.weights.points", points=part.figure)),
            rx.el.span(
                part.measured,
                " · ",
                t_choice("outlook.part_text", part.code),
                class_name="cb-muted cb-dense",
            ),
            class_name="grid gap-1 min-w-0 flex-1",
        ),
        rx.el.div(weight, class_name="w-[76px] flex-none"),
        class_name="flex items-center gap-4 py-2.5 border-t border-base-300 first:border-t-0",
        key=part.code,
    )


def _bones() -> rx.Component:
    return rx.el.div(
        rx.el.span(t("ui.loading"), class_name="cb-sr"),
        rx.el.div(
            rx.el.span(class_name="cb-bone !w-14 !h-14 !rounded-full flex-none"),
            rx.el.span(class_name="cb-bone cb-bone-strong !h-4 w-full"),
            class_name="flex items-center gap-4 mb-6",
        ),
        *(rx.el.span(class_name="cb-bone !h-8 mb-4") for _ in range(3)),
        class_name="cb-skeleton min-h-[262px]",
    )
