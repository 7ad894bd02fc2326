"""The cards of the widget contract, built from tool results (pure)."""

from collections.abc import Sequence

from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.conversations.answers import Part
from carbot_app.domains.conversations.dialogue import BookedVisit
from carbot_app.domains.conversations.tool_ports import AskedDeposit
from carbot_app.domains.conversations.tools import Offer
from carbot_app.kit.i18n import translate

PERSON = "person"
YES, NO = "yes", "no"
ADD = "add:"
"""Prefix of a reply's value that puts a service beside the wished ones."""
SERVICE = "service:"
"""Prefix of a reply's value that chooses a service."""


def slots_card(offer: Offer, language: str) -> Part:
    """Free times as buttons."""
    return {
        "type": "slots",
        "title": translate(language, "assistant.slots.title"),
        "slots": [
            {"id": slot.id, "label": slot.label, "recommended": slot.id == offer.recommended_id}
            for slot in offer.slots
        ],
        "more_label": translate(language, "assistant.slots.more"),
    }


def contact_card() -> Part:
    """Fields for name, phone and e-mail."""
    return {"type": "contact", "fields": ["name", "phone", "email"]}


def booking_card(visit: BookedVisit, language: str, *, moved: bool = False) -> Part:
    """The confirmed visit with its calendar file and the link to change it."""
    return {
        "type": "booking",
        "title": translate(language, "assistant.booked.moved_title" if moved else "assistant.booked.title"),
        "when": visit.when,
        "price": visit.price,
        "address": visit.address,
        "ics_url": f"/t/{visit.manage_token}/termin.ics",
        "manage_url": f"/t/{visit.manage_token}",
    }


def deposit_card(deposit: AskedDeposit, language: str) -> Part:
    """The link to the page where it is paid."""
    label = translate(language, "assistant.booked.deposit_label", amount=deposit.amount)
    return {"type": "link", "label": label, "url": deposit.path}


def manage_card(visit: BookedVisit, language: str) -> Part:
    """The link to move or cancel."""
    label = translate(language, "assistant.booked.manage_label")
    return {"type": "link", "label": label, "url": f"/t/{visit.manage_token}"}


def service_replies(services: Sequence[ServiceView], language: str) -> Part:
    """Services to choose from, and a way out."""
    options = [{"label": service.name, "value": f"{SERVICE}{service.code}"} for service in services]
    return {"type": "replies", "options": [*options, person_option(language)]}


def add_reply(code: str, name: str, language: str) -> Part:
    """One more service for the same visit."""
    label = translate(language, "assistant.chip.add", service=name)
    return {"type": "replies", "options": [{"label": label, "value": f"{ADD}{code}"}]}


def yes_no(language: str) -> Part:
    """Two buttons for a question that changes something."""
    options = [
        {"label": translate(language, f"assistant.chip.{value}"), "value": value} for value in (YES, NO)
    ]
    return {"type": "replies", "options": options}


def person_replies(language: str) -> Part:
    """Only the way to a person."""
    return {"type": "replies", "options": [person_option(language)]}


def person_option(language: str) -> dict[str, str]:
    """The button that asks for a person."""
    return {"label": translate(language, "assistant.chip.person"), "value": PERSON}
