"""Figures and progress: KPI tile, price, bar, steps, timeline."""

from typing import Any, Literal

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui.icons import icon as draw_icon
from carbot_app.components.ui.markup import classes, link, when

Direction = Literal["up", "down", "flat"]
Verdict = Literal["good", "bad", "neutral"]


def kpi_tile(
    label: Any,
    figure: Any,
    *,
    unit: Any = "",
    delta: Any = "",
    direction: Direction | Var = "up",
    verdict: Verdict | Var = "neutral",
    spark: Any = "",
    href: Any = None,
) -> rx.Component:
    """A figure with its change and a sparkline (SVG text made by ``kit.sparkline``).

    The arrow shows the direction, its colour whether that is good or bad. With ``href`` the tile is a link.
    """
    content = [
        rx.el.span(label, class_name="cb-kpi-label"),
        rx.el.span(
            figure,
            when(unit != "", rx.el.span(unit, class_name="cb-kpi-unit")),
            class_name="cb-kpi-figure",
        ),
        when(delta != "", delta_sign(delta, direction=direction, verdict=verdict)),
        when(spark != "", rx.html(spark, class_name="cb-spark", custom_attrs={"aria-hidden": "true"})),
    ]
    if href is None:
        return rx.el.div(*content, class_name="cb-kpi")
    return link(*content, href=href, class_name="cb-kpi")


def delta_sign(
    text: Any, *, direction: Direction | Var = "up", verdict: Verdict | Var = "neutral"
) -> rx.Component:
    """ "↑ 18 %" with the direction spoken."""
    going_up = direction == "up"
    return rx.el.span(
        when(direction != "flat", when(going_up, draw_icon("arrow-up", 13), draw_icon("arrow-down", 13))),
        when(
            direction != "flat",
            rx.el.span(when(going_up, t("ui.delta.up"), t("ui.delta.down")), class_name="cb-sr"),
        ),
        text,
        class_name="cb-delta",
        data_good=verdict,
    )


def bar(percent: Any, *, label: Any) -> rx.Component:
    """A share of 100 as a bar; ``label`` says it in words ("Auslastung 86 %")."""
    width = percent.to(str) + "%" if isinstance(percent, Var) else f"{percent}%"
    return rx.el.span(
        rx.el.span(style={"width": width}),
        class_name="cb-bar",
        role="img",
        aria_label=label,
    )


def price(amount: Any, *, total: bool = False, struck: bool = False, note: Any = None) -> rx.Component:
    """A finished price text ("ab 159,00 €"); ``struck`` means replaced or declined, never a discount."""
    look = classes("cb-price", "cb-price-total" if total else "")
    shown = (
        rx.el.s(amount, class_name="cb-price cb-price-old") if struck else rx.el.span(amount, class_name=look)
    )
    if note is None:
        return shown
    return rx.el.span(
        shown, rx.el.span(note, class_name="block cb-dense cb-muted"), class_name="block min-w-0"
    )


def steps(labels: list[Any], current: int | Var) -> rx.Component:
    """Where the reader is in a short sequence; ``current`` counts from 1. Three bars on phones."""
    return rx.el.ol(
        *(_step(label, position, current) for position, label in enumerate(labels, 1)),
        class_name="cb-steps",
        aria_label=t("ui.steps.label"),
    )


_DISC_TONES = ("neutral", "info", "accent", "ok", "warn", "err", "heat")


def timeline(*entries: Any) -> rx.Component:
    """Newest first; children are ``timeline_entry`` or a foreach of them."""
    return rx.el.ol(*entries, class_name="cb-timeline")


def timeline_entry(
    icon: Any, title: Any, detail: Any, *, tone: str | Var = "neutral", **props: Any
) -> rx.Component:
    """What happened; ``detail`` is time and actor, ``title`` words or a component that shows them."""
    discs = [(name, f"cb-timeline-disc cb-tone-{name}") for name in _DISC_TONES]
    disc = rx.match(tone, *discs, discs[0][1])
    words = title if isinstance(title, rx.Component) else rx.el.p(title, class_name="cb-timeline-title")
    return rx.el.li(
        rx.el.span(draw_icon(icon, 14), class_name=disc),
        rx.el.div(words, rx.el.p(detail, class_name="cb-meta"), class_name="min-w-0"),
        **props,
    )


def _step(label: Any, position: int, current: Any) -> rx.Component:
    done, now = current > position, current == position
    state: Any = rx.cond(done, "done", "open") if isinstance(current, Var) else ("done" if done else "open")
    marked: dict[str, Any] = {"data_state": state}
    if isinstance(current, Var):
        marked["aria_current"] = rx.cond(now, "step", "false")
    elif now:
        marked["aria_current"] = "step"
    return rx.el.li(
        rx.el.span(when(done, draw_icon("check", 13), str(position))),
        rx.el.span(label),
        class_name="cb-step",
        **marked,
    )
