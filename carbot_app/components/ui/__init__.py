"""The design system. Import from here: ``from carbot_app.components.ui import button, badge``."""

from carbot_app.components.ui.buttons import button, button_link, icon_button, kbd, text_button
from carbot_app.components.ui.icons import carbot_mark, icon
from carbot_app.components.ui.markup import classes, link, when
from carbot_app.components.ui.people import avatar, initial_tile, tint_of
from carbot_app.components.ui.plate import plate_chip, plate_input
from carbot_app.components.ui.signs import badge, dot, live_sign, score_meter, severity, tag
from carbot_app.components.ui.theme import stylesheets

__all__ = [
    "avatar",
    "badge",
    "button",
    "button_link",
    "carbot_mark",
    "classes",
    "dot",
    "icon",
    "icon_button",
    "initial_tile",
    "kbd",
    "link",
    "live_sign",
    "plate_chip",
    "plate_input",
    "score_meter",
    "severity",
    "stylesheets",
    "tag",
    "text_button",
    "tint_of",
    "when",
]
