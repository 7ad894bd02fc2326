"""The two pages of the tyre hotel."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import tab_links

SETS, SEASON = "/reifenhotel/", "/reifenhotel/saison/"


def tyre_tabs(active: str) -> rx.Component:
    """Sets and season; ``active`` is the address of the page that is open."""
    options = [(SETS, t("season.tab.sets")), (SEASON, t("season.tab.season"))]
    return rx.el.div(tab_links(t("tyres.title"), options, active=active), class_name="pb-4")
