"""Ratings: given behind the link of a visit, read by figures and the customer's file."""

from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.automations.models import Automation
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.calls.schemas import CallbackRequest
from carbot_app.domains.calls.service import CallbackService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.ratings.rules import (
    CLOSED,
    COMMENT_LIMIT,
    FINAL,
    GLAD_FROM,
    STARS,
    rating_state,
)
from carbot_app.domains.ratings.schemas import RatingView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Gone, Invalid, NotFound
from carbot_app.kit.i18n import supported, translate
from carbot_app.kit.ids import is_secret
from carbot_app.kit.text import several_lines

_NOTE_LIMIT = 500


class RatingService:
    """Nobody is signed in here: the secret link of a visit stands for its customer."""

    def __init__(self, *, db: Database, clock: Clock, calls: CallbackService) -> None:
        self._db = db
        self._clock = clock
        self._calls = calls

    def get_by_link(self, token: str) -> RatingView:
        """Whether the visit can be rated, and how it was. Raises NotFound ``link_unknown``."""
        workshop_id, visit_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            return self._view(session, session.get_one(Appointment, visit_id), _rating(session, visit_id))

    def rate_by_link(self, token: str, stars: int, comment: str = "", *, language: str = "") -> RatingView:
        """Give 1 to 5 stars, or change what was given; the same again changes nothing.

        Raises:
            NotFound: ``link_unknown``.
            Invalid: ``stars_missing``, or ``too_long`` for a comment over 1,000 characters.
            Gone: ``rating_over`` before the visit is done, long after it, and a week after the first answer.
        """
        if stars not in STARS:
            raise Invalid("stars_missing", field="stars")
        comment = several_lines(comment, field="comment", limit=COMMENT_LIMIT)
        workshop_id, visit_id = self._by_token(token)
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"rating:{visit_id}")  # two tabs are one customer
            visit, row = session.get_one(Appointment, visit_id), _rating(session, visit_id)
            if self._state(visit, row) in (CLOSED, FINAL):
                raise Gone("rating_over")
            if row is None:
                row = VisitRating(
                    workshop_id=workshop_id,
                    appointment_id=visit_id,
                    stars=0,
                    language=supported(language or visit.language),
                    rated_at=self._clock(),
                )
                session.add(row)
            if (row.stars, row.comment) != (stars, comment):
                row.stars, row.comment = stars, comment
                emit(
                    session,
                    workshop_id,
                    "visit.rated",
                    rating_id=row.id,
                    appointment_id=visit_id,
                    conversation_id=visit.conversation_id,
                )
            session.flush()
            return self._view(session, visit, row)

    def wish_call_by_link(self, token: str) -> RatingView:
        """Somebody of the workshop shall call a customer who was not glad; asking twice is one call.

        Raises:
            NotFound: ``link_unknown``. Gone: ``rating_over``, no call is offered here.
            TooMany: ``too_many_callbacks``.
        """
        workshop_id, visit_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            visit, row = session.get_one(Appointment, visit_id), _rating(session, visit_id)
            view = self._view(session, visit, row)
            customer = session.get_one(Customer, visit.customer_id)
        if view.callback == "asked":
            return view
        if row is None or not view.callback:
            raise Gone("rating_over")
        said = translate("de", "ratings.call_note", stars=row.stars, comment=row.comment)
        wish = CallbackRequest(
            customer.name, customer.phone, note=said.strip()[:_NOTE_LIMIT], language=row.language
        )
        self._calls.request(_visitor(workshop_id, row.language), wish)
        with self._db.writing(workshop_id) as session:
            row = session.get_one(VisitRating, row.id)
            row.call_wished_at = self._clock()
            return self._view(session, visit, row)

    def _by_token(self, token: str) -> tuple[UUID, UUID]:
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            found = session.exec(
                select(Appointment.workshop_id, Appointment.id).where(Appointment.manage_token == token)
            ).first()
        if found is None:
            raise NotFound("link_unknown")
        return found

    def _state(self, visit: Appointment, row: VisitRating | None) -> str:
        return rating_state(visit.state, visit.ends_at, row.rated_at if row else None, self._clock())

    def _view(self, session: Session, visit: Appointment, row: VisitRating | None) -> RatingView:
        state = self._state(visit, row)
        if row is None:
            return RatingView(state)
        if row.stars >= GLAD_FROM:
            return RatingView(state, row.stars, row.comment, review_link=_review_link(session))
        reachable = session.get_one(Customer, visit.customer_id).phone != ""
        callback = "asked" if row.call_wished_at else "offer" if reachable else ""
        return RatingView(state, row.stars, row.comment, callback=callback)


def _rating(session: Session, visit_id: UUID) -> VisitRating | None:
    return session.exec(select(VisitRating).where(VisitRating.appointment_id == visit_id)).first()


def _review_link(session: Session) -> str:
    """Where the workshop's own automation sends customers for a review; empty: it has none."""
    rows = session.exec(select(Automation).order_by(col(Automation.enabled).desc(), col(Automation.id)))
    links = (
        action.get("url") for row in rows for action in row.actions if action.get("template") == "review"
    )
    return next((link for link in links if link), "")


def _visitor(workshop_id: UUID, language: str) -> Actor:
    return Actor("customer", workshop_id, language=language, permissions=frozenset({"public.book"}))
