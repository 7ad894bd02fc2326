"""The words a workshop makes for its desk: labels and canned replies."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.canned import VARIABLES, unknown_variables
from carbot_app.domains.conversations.desk_models import CannedReply, Label
from carbot_app.domains.conversations.desk_schemas import TONES, CannedReplyView, LabelView
from carbot_app.domains.conversations.service import MESSAGE_LIMIT
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.text import several_lines, single_line

MOST_LABELS = 60
MOST_REPLIES = 300


class DeskWords:
    """Use cases of labels and canned replies: made with the settings, used by whoever reads the inbox."""

    def __init__(self, *, db: Database) -> None:
        self._db = db

    def list_labels(self, actor: Actor) -> tuple[LabelView, ...]:
        """By category and name."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(Label).order_by(col(Label.category), col(Label.name))).all()
        return tuple(_label(row) for row in rows)

    def save_label(
        self, actor: Actor, label_id: UUID | None, *, name: str, category: str = "", tone: str = "neutral"
    ) -> LabelView:
        """Make a label, or change the one with this id.

        Raises:
            Invalid: ``missing``, ``too_long``, ``label_tone_unknown`` or ``too_many_labels``.
            Conflict: ``label_taken``.
            NotFound: ``label_unknown``.
        """
        actor.require("settings.manage")
        name = single_line(name, field="name", limit=30, required=True)
        category = single_line(category, field="category", limit=30)
        if tone not in TONES:
            raise Invalid("label_tone_unknown", field="tone")
        try:
            with self._db.writing(actor.workshop_id) as session:
                if label_id is None:
                    if len(session.exec(select(Label.id)).all()) >= MOST_LABELS:
                        raise Invalid("too_many_labels", limit=MOST_LABELS)
                    row = Label(workshop_id=actor.workshop_id, name=name)
                else:
                    found = session.exec(select(Label).where(Label.id == label_id)).first()
                    if found is None:
                        raise NotFound("label_unknown")
                    row = found
                row.name, row.category, row.tone = name, category, tone
                session.add(row)
        except IntegrityError:
            raise Conflict("label_taken", field="name") from None
        return _label(row)

    def delete_label(self, actor: Actor, label_id: UUID) -> None:
        """Remove a label, also from every thread; removing twice is fine."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            for row in session.exec(select(Label).where(Label.id == label_id)):
                session.delete(row)

    def list_replies(self, actor: Actor) -> tuple[CannedReplyView, ...]:
        """By category and title."""
        actor.require("inbox.read")
        query = select(CannedReply).order_by(col(CannedReply.category), col(CannedReply.title))
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query).all()
        return tuple(_reply(row) for row in rows)

    def save_reply(
        self, actor: Actor, reply_id: UUID | None, *, title: str, text: str, category: str = ""
    ) -> CannedReplyView:
        """Make a canned reply, or change the one with this id.

        Raises:
            Invalid: ``missing``, ``too_long``, ``variable_unknown`` or ``too_many_replies``.
            Conflict: ``reply_taken``.
            NotFound: ``reply_unknown``.
        """
        actor.require("settings.manage")
        title = single_line(title, field="title", limit=60, required=True)
        category = single_line(category, field="category", limit=30)
        text = several_lines(text, field="text", limit=MESSAGE_LIMIT)
        if not text:
            raise Invalid("missing", field="text")
        if unknown := unknown_variables(text):
            raise Invalid("variable_unknown", field="text", name=unknown[0], known=", ".join(VARIABLES))
        try:
            with self._db.writing(actor.workshop_id) as session:
                if reply_id is None:
                    if len(session.exec(select(CannedReply.id)).all()) >= MOST_REPLIES:
                        raise Invalid("too_many_replies", limit=MOST_REPLIES)
                    row = CannedReply(workshop_id=actor.workshop_id, title=title)
                else:
                    found = session.exec(select(CannedReply).where(CannedReply.id == reply_id)).first()
                    if found is None:
                        raise NotFound("reply_unknown")
                    row = found
                row.title, row.category, row.text = title, category, text
                session.add(row)
        except IntegrityError:
            raise Conflict("reply_taken", field="title") from None
        return _reply(row)

    def delete_reply(self, actor: Actor, reply_id: UUID) -> None:
        """Remove a canned reply; removing twice is fine."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            for row in session.exec(select(CannedReply).where(CannedReply.id == reply_id)):
                session.delete(row)


def _label(row: Label) -> LabelView:
    return LabelView(row.id, row.name, row.category, row.tone)


def _reply(row: CannedReply) -> CannedReplyView:
    return CannedReplyView(row.id, row.title, row.category, row.text)
