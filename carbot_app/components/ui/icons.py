"""Icons from one file, ``assets/icons.svg``: inlined when the name is known, referenced when it is a Var."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.vars.base import Var
from reflex_components_core.el.elements.media import Use

SPRITE = Path(__file__).resolve().parents[3] / "assets" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>')


@cache
def icon_markup() -> dict[str, str]:
    """Markup of every icon by name, drawn in a 24 x 24 box."""
    return dict(_SYMBOL.findall(SPRITE.read_text("utf-8")))


def icon(name: str | Var, size: int = 18, *, class_name: Any = "", label: Any = None) -> rx.Component:
    """An icon in the colour of the text around it; decorative unless ``label`` names it.

    Raises:
        KeyError: a literal name that ``assets/icons.svg`` does not hold.
    """
    if isinstance(name, Var):
        inside: dict[str, Any] = {}
        children = [Use.create(href=rx.Var.create(f"/icons.svg#{name}"))]
    else:
        inside = {"dangerouslySetInnerHTML": {"__html": icon_markup()[name]}}
        children = []
    named = {"role": "img", "aria-label": label} if label is not None else {"aria-hidden": "true"}
    return rx.el.svg(
        *children,
        width=str(size),
        height=str(size),
        view_box="0 0 24 24",
        class_name=rx.cond(class_name, f"cb-icon {class_name}", "cb-icon")
        if isinstance(class_name, Var)
        else f"cb-icon {class_name}".strip(),
        custom_attrs={**inside, **named},
    )


def carbot_mark(size: int = 24, *, label: Any = None) -> rx.Component:
    """CarBot's own mark: the car on a rounded square in the accent colour."""
    return rx.el.span(
        icon("carbot", round(size * 0.66)),
        class_name="cb-mark",
        style={"width": f"{size}px", "height": f"{size}px"},
        custom_attrs={"role": "img", "aria-label": label} if label is not None else {"aria-hidden": "true"},
    )
