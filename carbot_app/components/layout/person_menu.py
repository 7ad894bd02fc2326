"""What somebody chooses for themselves in the frame: colours, leaving."""

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode

from carbot_app.components.i18n import t
from carbot_app.components.layout.staff_frame import StaffFrame
from carbot_app.components.ui.overlays import menu_item, menu_line


def person_items(frame: StaffFrame) -> list[rx.Component]:
    """``menu_item``s, for the menu at a desk and for "Mehr" on phones."""
    modes: tuple[tuple[LiteralColorMode, str, rx.Var[str]], ...] = (
        ("light", "sun", t("staff.person.theme_light")),
        ("dark", "moon", t("staff.person.theme_dark")),
        ("system", "monitor", t("staff.person.theme_system")),
    )
    items = [
        menu_item(word, icon=glyph, checked=color_mode == mode, on_click=set_color_mode(mode))
        for mode, glyph, word in modes
    ]
    if frame.on_sign_out is not None:
        items += [
            menu_line(),
            menu_item(t("staff.person.sign_out"), icon="log-out", on_click=frame.on_sign_out),
        ]
    return items
