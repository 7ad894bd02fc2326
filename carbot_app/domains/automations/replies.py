"""What a reply says, to whom and on which channel; advertising only where a consent holds."""

from dataclasses import dataclass, replace
from functools import partial

from sqlmodel import Session, col, select

from carbot_app.domains.automations.facts import Scene
from carbot_app.domains.automations.schemas import Action
from carbot_app.domains.automations.vocabulary import OWN, REPLIES
from carbot_app.domains.customers.models import Consent
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.messaging.channels import MAIL, SMS, choose_channel
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.sms_text import gsm_text
from carbot_app.kit.i18n import translate

NO_CUSTOMER, NO_CONTACT, NO_CONSENT = "no_customer", "no_contact", "no_consent"
KIND = "automation"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a reply goes, or in ``obstacle`` why it goes nowhere."""

    channel: str = ""
    address: str = ""
    obstacle: str = ""


def find_way(session: Session, scene: Scene, action: Action, messaging: MessagingService) -> Way:
    """The channel a reply would take. WhatsApp takes no free text without an approved template."""
    if scene.customer is None:
        return Way(obstacle=NO_CUSTOMER)
    contact = replace(reachable(session, scene.customer), wants_whatsapp=False)
    if needed := advertising_of(action):
        if needed not in scene.consents:
            return Way(obstacle=NO_CONSENT)
        may_mail = contact.email and MAIL not in contact.stopped
        return Way(MAIL, contact.email) if may_mail else Way(obstacle=NO_CONTACT)
    channel = choose_channel(contact, messaging.channels)
    if channel is None:
        return Way(obstacle=NO_CONTACT)
    return Way(channel, contact.phone if channel == SMS else contact.email)


def advertising_of(action: Action) -> str:
    """The consent a reply needs; empty: none."""
    return action.advertising if action.template == OWN else REPLIES[action.template]


def compose(
    session: Session, scene: Scene, action: Action, way: Way, *, public_url: str, dedupe_key: str
) -> NewMessage:
    """The message to queue, in the customer's language; own words as the owner wrote them."""
    assert scene.customer is not None, "find_way found one"
    language = scene.language
    words = partial(
        translate,
        language,
        name=scene.customer.name or translate(language, "automations.reply.nobody"),
        workshop=scene.workshop.name,
        phone=scene.workshop.phone,
        car=car_words(scene.vehicle) or translate(language, "automations.reply.car"),
        link=action.url or f"{public_url}/w/{scene.workshop.slug}/",
    )
    if action.template == OWN:
        text = fill(action.text, scene, link=action.url)
        subject = words("automations.reply.own_subject")
    else:
        text = words(f"automations.reply.{action.template}_text")
        subject = words(f"automations.reply.{action.template}_subject")
    if kind := advertising_of(action):
        text += "\n\n" + words(
            "automations.reply.unsubscribe", link=_unsubscribe(session, scene, kind, public_url)
        )
    return NewMessage(
        kind=KIND,
        channel=way.channel,
        to_address=way.address,
        subject=subject,
        text=gsm_text(text) if way.channel == SMS else text,
        dedupe_key=dedupe_key,
        language=language,
    )


def fill(text: str, scene: Scene, *, link: str = "") -> str:
    """Own words with ``{{name}}``, ``{{car}}``, ``{{workshop}}``, ``{{phone}}`` and ``{{link}}`` put in."""
    known = {
        "name": scene.customer.name if scene.customer else "",
        "car": car_words(scene.vehicle),
        "workshop": scene.workshop.name,
        "phone": scene.workshop.phone,
        "link": link,
    }
    for name, value in known.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def _unsubscribe(session: Session, scene: Scene, kind: str, public_url: str) -> str:
    assert scene.customer is not None, "find_way found one"
    query = select(Consent.token).where(
        Consent.customer_id == scene.customer.id, Consent.kind == kind, col(Consent.withdrawn_at).is_(None)
    )
    return f"{public_url}/abmelden/{session.exec(query).one()}"
