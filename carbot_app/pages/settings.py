"""/einstellungen/: the sections of ?bereich=, a list on phones and a side list on a desk."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.settings.agents import agents_section
from carbot_app.components.settings.billing import billing_section
from carbot_app.components.settings.calendars import calendars_section
from carbot_app.components.settings.days import days_section
from carbot_app.components.settings.desk_words import desk_words_section
from carbot_app.components.settings.devices import devices_section
from carbot_app.components.settings.embed import embed_section
from carbot_app.components.settings.frame import back_link, section_list, section_title, side_list, stack
from carbot_app.components.settings.keys import keys_section
from carbot_app.components.settings.knowledge import knowledge_section
from carbot_app.components.settings.locations import locations_section
from carbot_app.components.settings.mailbox import mailbox_section
from carbot_app.components.settings.notices import notices_section
from carbot_app.components.settings.outbox import outbox_section
from carbot_app.components.settings.payments import payments_section
from carbot_app.components.settings.places import places_section
from carbot_app.components.settings.privacy import privacy_section
from carbot_app.components.settings.scoring import scoring_section
from carbot_app.components.settings.team import team_section
from carbot_app.components.settings.wall import wall_part
from carbot_app.components.settings.workshop import workshop_section
from carbot_app.components.ui import skeleton
from carbot_app.state.settings_place import SettingsState
from carbot_app.state.settings_places import PlacesState

_SETTINGS: Any = SettingsState


def settings_page() -> rx.Component:
    """Without a section in the address phones show the list, a desk the first section."""
    listed = _SETTINGS.section == ""
    return signed_in_page(
        rx.cond(listed, rx.el.div(section_list(), class_name="md:hidden"), back_link()),
        rx.el.div(
            side_list(),
            rx.el.div(
                rx.match(
                    _SETTINGS.shown,
                    ("werkstatt", workshop_section()),
                    ("zeiten", days_section()),
                    ("plaetze", places_section()),
                    ("standorte", locations_section()),
                    ("team", team_section()),
                    ("geraete", devices_section()),
                    ("hinweise", notices_section()),
                    ("vorlagen", desk_words_section()),
                    ("kalender", stack(calendars_section(), wall_part())),
                    ("postfach", mailbox_section()),
                    ("wissen", knowledge_section()),
                    ("chat", embed_section()),
                    ("anfragen", scoring_section()),
                    ("diagnose", agents_section()),
                    ("rechnungen", billing_section()),
                    ("zahlungen", payments_section()),
                    ("api", keys_section()),
                    ("ausgang", outbox_section()),
                    ("datenschutz", privacy_section()),
                    skeleton("rows", 5),
                ),
                class_name=rx.cond(
                    listed, "flex-1 min-w-0 max-w-[760px] max-md:hidden", "flex-1 min-w-0 max-w-[760px]"
                ),
            ),
            class_name="flex items-start gap-6",
        ),
        title=rx.fragment(
            rx.el.span(section_title(_SETTINGS.section), class_name="md:hidden"),
            rx.el.span(t("settings.title"), class_name="max-md:hidden"),
        ),
        active="settings",
        on_live=[PlacesState.on_live],
    )
