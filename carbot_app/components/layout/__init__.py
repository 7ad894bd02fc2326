"""Frames around pages: staff, public, sign-in."""

from carbot_app.components.layout.auth import auth_shell
from carbot_app.components.layout.public import PublicFrame, language_menu, public_shell
from carbot_app.components.layout.staff import staff_shell
from carbot_app.components.layout.staff_frame import StaffFrame

__all__ = ["PublicFrame", "StaffFrame", "auth_shell", "language_menu", "public_shell", "staff_shell"]
