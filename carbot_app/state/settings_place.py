"""Which section of the settings is open, and which ones this person may open."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Forbidden
from carbot_app.state.settings_agents import AgentsState
from carbot_app.state.settings_billing import BillingTermsState
from carbot_app.state.settings_calendars import CalendarsState
from carbot_app.state.settings_days import DaysState
from carbot_app.state.settings_devices import DevicesState
from carbot_app.state.settings_keys import KeysState
from carbot_app.state.settings_knowledge import KnowledgeState
from carbot_app.state.settings_labels import LabelsState
from carbot_app.state.settings_locations import LocationsState
from carbot_app.state.settings_mailbox import MailboxState
from carbot_app.state.settings_notices import NoticesState
from carbot_app.state.settings_online import OnlineBookingState
from carbot_app.state.settings_outbox import OutboxState
from carbot_app.state.settings_payments import PaymentsPaneState
from carbot_app.state.settings_places import PlacesState
from carbot_app.state.settings_privacy import PrivacySettingsState
from carbot_app.state.settings_profile import ProfileState
from carbot_app.state.settings_reminders import RemindersState
from carbot_app.state.settings_replies import RepliesState
from carbot_app.state.settings_scoring import ScoringState
from carbot_app.state.settings_seller import SellerState
from carbot_app.state.settings_team import TeamState
from carbot_app.state.settings_terms import TermsState
from carbot_app.state.settings_wall import WallState
from carbot_app.state.settings_workshop import WorkshopFormState
from carbot_app.state.steps import staff_step

SECTIONS = {
    "werkstatt": "settings.manage",
    "zeiten": "settings.manage",
    "plaetze": "bookings.read",
    "standorte": "team.owners",
    "team": "team.manage",
    "geraete": "",
    "hinweise": "inbox.read",
    "vorlagen": "settings.manage",
    "kalender": "settings.manage",
    "postfach": "settings.manage",
    "wissen": "settings.manage",
    "chat": "settings.manage",
    "anfragen": "settings.manage",
    "diagnose": "settings.manage",
    "rechnungen": "billing.settings",
    "zahlungen": "billing.settings",
    "api": "api_keys.manage",
    "ausgang": "messages.read",
    "datenschutz": "privacy.manage",
}
"""Section of the address → the permission it needs; the profile is everybody's."""

_LOADERS = {
    "werkstatt": [WorkshopFormState.load],
    "zeiten": [DaysState.load, OnlineBookingState.load, TermsState.load],
    "plaetze": [PlacesState.load],
    "standorte": [LocationsState.load],
    "team": [TeamState.load],
    "geraete": [ProfileState.load, DevicesState.load],
    "hinweise": [NoticesState.load],
    "vorlagen": [LabelsState.load, RepliesState.load],
    "kalender": [CalendarsState.load, WallState.load],
    "postfach": [MailboxState.load],
    "wissen": [KnowledgeState.load],
    "chat": [],
    "anfragen": [ScoringState.load],
    "diagnose": [AgentsState.load],
    "rechnungen": [SellerState.load, BillingTermsState.load],
    "zahlungen": [PaymentsPaneState.load],
    "api": [KeysState.load],
    "ausgang": [OutboxState.load, RemindersState.load],
    "datenschutz": [PrivacySettingsState.load],
}


class SettingsState(rx.State):
    """The section in the address (?bereich=team)."""

    section: str = ""
    """As in the address; empty: a phone shows the list of sections, a desk the first one."""
    shown: str = ""
    """The section whose content is there."""
    sections: list[str] = []
    public_url: str = ""

    @rx.event
    async def load(self):
        """Open the section of the address and fetch its content."""
        asked = self.router.url.query_parameters.get("bereich", "")
        async with staff_step(self) as step:
            actor = await step.actor()
            self.sections = [name for name in SECTIONS if _may_open(actor, name)]
            self.section = asked if asked in self.sections else ""
            self.shown = self.section or self.sections[0]
            self.public_url = get_services().settings.effective_public_url
            if asked in SECTIONS and not self.section:
                raise Forbidden(permission=SECTIONS[asked])
        if step.error and not self.shown:
            return step.outcome
        return [*_LOADERS[self.shown], *([step.outcome] if step.outcome else [])]


def _may_open(actor: Actor, section: str) -> bool:
    return not SECTIONS[section] or actor.can(SECTIONS[section])
