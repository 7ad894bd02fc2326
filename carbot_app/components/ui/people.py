"""People and workshops as discs and tiles."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.ui.icons import icon
from carbot_app.components.ui.markup import classes

_TINTS = (25, 150, 300, 55, 195, 115, 255)


def avatar(
    initials: Any, *, size: int = 32, tint: int | Var = 0, channel: Any = None, own: bool = False
) -> rx.Component:
    """Initials on a quiet tint; ``tint_of(name)`` keeps it the same everywhere. ``channel``: icon name."""
    return rx.el.span(
        initials,
        *([rx.el.span(icon(channel, 12), class_name="cb-avatar-badge")] if channel is not None else []),
        class_name=classes("cb-avatar", "cb-avatar-self" if own else ""),
        style={"--as": f"{size}px", "--ah": tint},
        aria_hidden="true",
    )


def initial_tile(initial: Any, *, size: int = 36) -> rx.Component:
    """The workshop's initial on its accent colour."""
    return rx.el.span(initial, class_name="cb-tile", style={"--ts": f"{size}px"}, aria_hidden="true")


def tint_of(name: str) -> int:
    """Hue of a person's disc, the same on every screen and every day."""
    return _TINTS[sum(name.encode()) % len(_TINTS)]


def reach(name: Any, phone: Any, href: Any) -> rx.Component:
    """Who it is and, when there is a number, a line that calls it; ``href`` is empty or ``tel:…``."""
    return rx.el.div(
        rx.el.p(name, class_name="font-[600] break-words"),
        rx.cond(
            href != "",
            rx.el.a(
                icon("phone", 16, class_name="cb-faint"),
                phone,
                href=href,
                class_name="flex items-center gap-2.5 min-h-8 max-md:min-h-11 cb-num hover:underline",
            ),
        ),
    )
