"""Signs of state: badge, severity, score. Shape, word and colour together; any one alone would do."""

from typing import Any, Literal, cast, get_args

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui.icons import icon
from carbot_app.components.ui.markup import classes

Tone = Literal["neutral", "info", "accent", "ok", "warn", "err", "heat"]
State = Literal[
    "draft", "open", "new", "arrived", "progress", "part_paid", "planned", "expected", "requested",
    "waiting", "paused", "done", "paid", "confirmed", "won", "overdue", "urgent", "complaint",
    "cancelled", "lost", "no_show", "unplanned",
]  # fmt: skip
Severity = Literal["critical", "high", "medium", "low", "fine"]

# state -> (glyph in assets/icons.svg, tone)
STATE_SIGNS: dict[str, tuple[str, Tone]] = {
    "draft": ("st-draft", "neutral"),
    "open": ("st-open", "info"),
    "new": ("st-open", "info"),
    "arrived": ("st-open", "info"),
    "progress": ("st-progress", "accent"),
    "part_paid": ("st-progress", "warn"),
    "requested": ("st-progress", "warn"),
    "planned": ("st-planned", "neutral"),
    "expected": ("st-planned", "neutral"),
    "waiting": ("st-waiting", "warn"),
    "paused": ("st-waiting", "warn"),
    "unplanned": ("st-waiting", "warn"),
    "done": ("st-done", "ok"),
    "paid": ("st-done", "ok"),
    "confirmed": ("st-done", "ok"),
    "won": ("st-done", "ok"),
    "overdue": ("st-overdue", "err"),
    "urgent": ("st-overdue", "err"),
    "complaint": ("st-overdue", "err"),
    "cancelled": ("st-cancelled", "neutral"),
    "lost": ("st-cancelled", "neutral"),
    "no_show": ("st-cancelled", "neutral"),
}
SEVERITY_SIGNS: dict[str, tuple[str, Tone]] = {
    "critical": ("sv-critical", "err"),
    "high": ("st-overdue", "err"),
    "medium": ("sv-medium", "warn"),
    "low": ("st-open", "info"),
    "fine": ("st-done", "ok"),
}


def badge(state: State | Var, label: Any = None) -> rx.Component:
    """State of a thing. The word comes from ``staff.state.<state>`` unless ``label`` replaces it."""
    return _sign(state, STATE_SIGNS, t_choice("staff.state", state) if label is None else label)


def severity(level: Severity | Var, label: Any = None) -> rx.Component:
    """How bad a finding is; a critical one belongs beside its instruction ("Nicht weiterfahren")."""
    return _sign(level, SEVERITY_SIGNS, t_choice("staff.severity", level) if label is None else label)


def tag(label: Any, *, tone: Tone = "neutral", icon_name: str | None = None) -> rx.Component:
    """A small label that is no state: channel, language, "Häufig gefragt"."""
    if icon_name is None:
        return rx.el.span(label, class_name=f"cb-badge cb-badge-plain cb-tone-{tone}")
    return rx.el.span(icon(icon_name, 13), label, class_name=f"cb-badge cb-tone-{tone}")


def score_meter(level: Literal["hot", "warm", "cool"] | Var, value: Any = None) -> rx.Component:
    """Worth of a lead: hot from 75, warm from 45, else cool; three bars, the word and the number."""
    bars = [
        rx.el.svg.rect(x=str(x), y=str(11 - height), width="4", height=str(height), rx="1.2")
        for x, height in ((0, 4), (5, 7.5), (10, 11))
    ]
    return rx.el.span(
        rx.el.svg(*bars, view_box="0 0 14 11", aria_hidden="true"),
        rx.el.span(t_choice("staff.score", level)),
        *([rx.el.span(value)] if value is not None else []),
        class_name="cb-score",
        data_level=level,
    )


def dot(tone: Literal["accent", "ok", "err"] = "accent", *, label: Any = None) -> rx.Component:
    """A dot: unread, live, recording. ``label`` is read to people who cannot see it."""
    named: dict[str, Any] = (
        {"role": "img", "aria_label": label} if label is not None else {"aria_hidden": "true"}
    )
    return rx.el.span(class_name=classes("cb-dot", "" if tone == "accent" else f"cb-dot-{tone}"), **named)


def live_sign() -> rx.Component:
    """ "live" beside a title whose numbers move by themselves."""
    return rx.el.span(
        dot("ok"), t("staff.live"), class_name="cb-dense cb-muted inline-flex items-center gap-2"
    )


def _sign(name: Any, signs: dict[str, tuple[str, Tone]], label: Any) -> rx.Component:
    if isinstance(name, Var):
        tones = [(key, f"cb-badge cb-tone-{tone}") for key, (_, tone) in signs.items()]
        glyphs = [(key, glyph) for key, (glyph, _) in signs.items()]
        look: Any = rx.match(name, *tones, "cb-badge cb-tone-neutral")
        glyph = icon(cast("Var", rx.match(name, *glyphs, "st-draft")), 13)
    else:
        look, glyph = f"cb-badge cb-tone-{signs[name][1]}", icon(signs[name][0], 13)
    return rx.el.span(glyph, label, class_name=look)


assert set(get_args(State)) == set(STATE_SIGNS)
