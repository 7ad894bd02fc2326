"""How leads are scored: by what was learned or by rules, and how well the figures hold."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import badge, button
from carbot_app.state.settings_scoring import ScoringState

_SCORING: Any = ScoringState


def scoring_section() -> rx.Component:
    """What is used, how good it is, and whether percentages keep their promise."""
    return loaded(
        _SCORING.status,
        stack(_in_use(), rx.cond(_SCORING.brier != "", rx.fragment(_quality(), _calibration()))),
        on_retry=ScoringState.load,
    )


def _in_use() -> rx.Component:
    return part(
        t("settings.scoring.title"),
        rx.el.div(
            rx.match(
                _SCORING.decision,
                ("used", badge("done", t("settings.scoring.used"))),
                ("not_better", badge("open", t("settings.scoring.rules"))),
                badge("draft", t("settings.scoring.rules")),
            ),
            rx.cond(
                _SCORING.version > 0,
                rx.el.span(
                    t("settings.scoring.version", version=_SCORING.version, when=_SCORING.trained),
                    class_name="cb-muted cb-num",
                ),
            ),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        rx.match(
            _SCORING.decision,
            ("used", rx.el.p(t("settings.scoring.used_text", count=_SCORING.sample_size))),
            ("not_better", rx.el.p(t("settings.scoring.not_better_text", count=_SCORING.sample_size))),
            rx.el.p(_SCORING.missing),
        ),
        rx.el.div(
            button(
                t("settings.scoring.retrain"),
                icon="refresh-cw",
                on_click=ScoringState.retrain,
                busy=_SCORING.busy,
            ),
            class_name="flex justify-end max-md:grid max-md:justify-stretch",
        ),
        text=t("settings.scoring.text"),
    )


def _quality() -> rx.Component:
    def line(word: Any, value: Any, *, strong: bool = False) -> rx.Component:
        return rx.el.div(
            rx.el.dt(word, class_name="min-w-0" if strong else "min-w-0 cb-muted"),
            rx.el.dd(value, class_name="cb-num font-[620]" if strong else "cb-num cb-muted"),
            class_name="flex justify-between gap-3",
        )

    return part(
        t("settings.scoring.quality"),
        rx.el.dl(
            line(t("settings.scoring.brier_model"), _SCORING.brier, strong=True),
            line(t("settings.scoring.brier_rules"), _SCORING.rules_brier),
            line(t("settings.scoring.brier_base"), _SCORING.base_brier),
            class_name="grid gap-2",
        ),
        text=t("settings.scoring.quality_text", count=_SCORING.held_back),
    )


def _calibration() -> rx.Component:
    return part(
        t("settings.scoring.calibration"),
        rx.el.ul(
            rx.foreach(
                _SCORING.lines,
                lambda line: rx.el.li(
                    rx.el.div(
                        rx.el.p(
                            t("settings.scoring.said", percent=line.expected), class_name="font-[600] cb-num"
                        ),
                        rx.el.p(line.said, class_name="cb-muted cb-dense"),
                        class_name="min-w-0",
                    ),
                    rx.el.div(
                        rx.el.span(line.actual, class_name="cb-num font-[620]"),
                        rx.cond(
                            line.close,
                            badge("done", t("settings.scoring.holds")),
                            badge("waiting", t("settings.scoring.off")),
                        ),
                        class_name="flex items-center gap-3 flex-none",
                    ),
                    class_name="flex items-center justify-between gap-3 py-2.5 border-base-300",
                    key=line.expected,
                ),
            ),
            class_name="grid [&>li+li]:border-t",
        ),
        text=t("settings.scoring.calibration_text"),
    )
