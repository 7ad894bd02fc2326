"""What the demo workshop's desk is furnished with: labels, canned replies, a note and an assignment."""

from dataclasses import replace

from sqlmodel import col, select

from carbot_app.bootstrap import Services
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.team.models import Workshop

LABELS = (
    ("Gewährleistung", "Anliegen", "err"),
    ("Rückfrage Teile", "Anliegen", "warn"),
    ("Flotte", "Kunde", "info"),
    ("Stammkunde", "Kunde", "ok"),
)
REPLIES = (
    (
        "Fahrzeug ist fertig",
        "Abholung",
        "Guten Tag {{name}},\nIhr {{vehicle}} ({{plate}}) ist fertig. Wir haben bis 17:30 Uhr geöffnet."
        "\n\nViele Grüße\n{{me}}, {{workshop}}",
    ),
    (
        "Teile bestellt",
        "Werkstatt",
        "Guten Tag {{name}},\ndie Teile für {{plate}} sind bestellt. Wir melden uns, sobald sie da sind."
        "\n\n{{me}}",
    ),
    (
        "Bitte um Foto",
        "Rückfrage",
        "Könnten Sie uns bitte ein Foto der Stelle schicken? Dann sagen wir genauer, was zu tun ist.",
    ),
    (
        "Rückruf angeboten",
        "Rückfrage",
        "Gern besprechen wir das am Telefon. Sie erreichen uns unter {{workshop_phone}}.",
    ),
)
NOTE = "Stammkunde, war im Oktober wegen der Bremsen da. @Jana bitte Kulanz prüfen."


def furnish_desk(services: Services, workshop: Workshop) -> None:
    """Also puts two of the latest threads in order."""
    actor = services.team.system_actor(workshop.id)
    labels = [
        services.desk_words.save_label(actor, None, name=name, category=category, tone=tone)
        for name, category, tone in LABELS
    ]
    for title, category, text in REPLIES:
        services.desk_words.save_reply(actor, None, title=title, category=category, text=text)
    query = select(Conversation.id).where(Conversation.state == "open", Conversation.channel == "chat")
    unanswered = select(Conversation).where(
        Conversation.state == "open", Conversation.channel == "chat", Conversation.last_author == "customer"
    )
    with services.db.writing(workshop.id) as session:
        latest = session.exec(query.order_by(col(Conversation.last_message_at).desc()).limit(3)).all()
        for waiting in session.exec(unanswered):
            waiting.waiting_since = waiting.last_message_at
    for thread, label in zip(latest[1:], labels, strict=False):
        services.desk.label(actor, [thread], label.id)
    if latest:
        owner = replace(actor, name="Stefan Müller")
        services.notes.write_note(owner, latest[-1], NOTE)
