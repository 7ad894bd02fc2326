"""A report with everything that is printed around it, and the message that brings it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlmodel import Session, select

from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics.models import DiagnosticReport
from carbot_app.domains.diagnostics.report_schemas import ReportContent, ReportSheet
from carbot_app.domains.messaging.channels import MAIL, SMS
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.sms_text import gsm_text
from carbot_app.domains.orders.approval_messages import channel_for
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.colour import AccentRefused, accent
from carbot_app.kit.i18n import translate

KIND = "diagnostic_report"
NOT_SENT = "none"
"""Instead of a channel: staff hands the link over."""


def day_words(at: datetime, workshop: Workshop, language: str) -> str:
    """``26. November 2026`` on the workshop's calendar."""
    return format_date(at.astimezone(ZoneInfo(workshop.timezone)).date(), "long", locale=language)


def link_of(public_url: str, token: str) -> str:
    """Where the customer reads it; the page speaks the language of the report by itself."""
    return f"{public_url}/bericht/{token}"


def sheet_of(
    session: Session, row: DiagnosticReport, content: ReportContent, link: str, store: FileStore
) -> ReportSheet:
    """What is printed, with the workshop's logo and accent."""
    workshop = session.get_one(Workshop, row.workshop_id)
    terms = session.exec(select(BillingTerms)).first()
    logo_file = terms.logo_file if terms else ""
    try:
        colour = accent(workshop.accent_hue, workshop.accent_chroma).primary
    except AccentRefused:
        colour = ReportSheet.accent
    return ReportSheet(
        content=content,
        title=translate(content.language, "report.title"),
        issued=day_words(row.issued_at, workshop, content.language),
        valid_until=day_words(row.expires_at, workshop, content.language),
        workshop=workshop.name,
        address=", ".join(filter(None, (workshop.street, f"{workshop.postal_code} {workshop.city}".strip()))),
        phone=workshop.phone,
        link=link,
        accent=colour,
        logo=store.get(row.workshop_id, logo_file) if logo_file else b"",
        logo_format=logo_file.rpartition(".")[2] or "svg",
    )


def send_report(
    session: Session,
    messaging: MessagingService,
    row: DiagnosticReport,
    content: ReportContent,
    link: str,
    wish: str,
) -> str:
    """Queue it inside the caller's transaction; returns the channel, empty when nobody can be reached.

    Raises:
        Conflict: ``approval_channel`` when the customer cannot be reached on the channel that was chosen.
    """
    customer = session.get(Customer, row.customer_id) if row.customer_id else None
    channel = "" if wish == NOT_SENT else channel_for(session, messaging, customer, wish)
    if customer is None or not channel:
        return ""
    workshop = session.get_one(Workshop, row.workshop_id)
    vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
    said = {
        "name": customer.name,
        "car": " ".join(filter(None, (content.car, content.plate))) or (vehicle.plate if vehicle else ""),
        "workshop": workshop.name,
        "phone": workshop.phone,
        "link": link,
        "stop": content.stop,
    }
    form = "text" if channel == MAIL else "short"
    urgent = "_stop" if content.stop else ""
    text = translate(content.language, f"report.message.{form}{urgent}", **said)
    messaging.queue(
        session,
        row.workshop_id,
        NewMessage(
            kind=KIND,
            channel=channel,
            to_address=customer.email if channel == MAIL else customer.phone,
            subject=translate(content.language, "report.message.subject", **said),
            text=gsm_text(text) if channel == SMS else text,
            dedupe_key=f"report:{row.id}",
            language=content.language,
            parameters=(workshop.name, said["car"], link),
        ),
    )
    return channel
