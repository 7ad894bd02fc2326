"""Use cases around what a workshop wrote down for its customers."""

from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.knowledge.models import BargainingTerms, KnowledgeArticle, KnowledgeGap
from carbot_app.domains.knowledge.ranking import best_answer, question_key
from carbot_app.domains.knowledge.schemas import ArticleDraft, ArticleView, GapView, Terms
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.languages import LANGUAGES

MANAGE = "settings.manage"
TITLE_LIMIT, BODY_LIMIT, TAG_LIMIT, TAGS_LIMIT = 120, 1200, 40, 20
ARTICLES_LIMIT = 500
GAPS_LIMIT = 500
"""Different questions kept per workshop; a flood of nonsense cannot fill the database."""
GAPS_SHOWN = 50
PERCENT_LIMIT, AMOUNT_LIMIT = 30, 100_000_00


class KnowledgeService:
    """Editing needs ``settings.manage``, asking ``public.chat``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def list_articles(self, actor: Actor) -> list[ArticleView]:
        """All articles, by language and title."""
        actor.require(MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            return [_view(row) for row in _articles(session, actor)]

    def save_article(
        self, actor: Actor, draft: ArticleDraft, *, article_id: UUID | None = None, gap_id: UUID | None = None
    ) -> ArticleView:
        """Store a new article or change one; ``gap_id`` is the question it answers from now on.

        Raises Invalid title_missing, body_missing, body_too_long, tags_too_many or language_unknown,
        Conflict article_known or articles_limit, NotFound article_unknown or gap_unknown.
        """
        actor.require(MANAGE)
        draft = _clean(draft)
        with self._db.writing(actor.workshop_id) as session:
            known = _articles(session, actor)
            row = _find(known, article_id) if article_id else None
            same = (draft.title.casefold(), draft.language)
            if any((one.title.casefold(), one.language) == same and one is not row for one in known):
                raise Conflict("article_known", field="title")
            if row is None:
                if len(known) >= ARTICLES_LIMIT:
                    raise Conflict("articles_limit", limit=ARTICLES_LIMIT)
                row = KnowledgeArticle(
                    workshop_id=actor.workshop_id,
                    title="",
                    body="",
                    language=draft.language,
                    updated_at=self._clock(),
                )
            row.title, row.body, row.language = draft.title, draft.body, draft.language
            row.tags, row.active, row.updated_at = list(draft.tags), draft.active, self._clock()
            session.add(row)
            session.flush()
            if gap_id is not None:
                _gap(session, actor, gap_id).article_id = row.id
            return _view(row)

    def remove_article(self, actor: Actor, article_id: UUID) -> None:
        """The assistant no longer knows it. Raises NotFound article_unknown."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_find(_articles(session, actor), article_id))

    def list_gaps(self, actor: Actor) -> list[GapView]:
        """Questions nothing answers yet, the most frequent first."""
        actor.require(MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            query = (
                select(KnowledgeGap)
                .where(KnowledgeGap.workshop_id == actor.workshop_id, col(KnowledgeGap.article_id).is_(None))
                .order_by(col(KnowledgeGap.count).desc(), col(KnowledgeGap.last_asked_at).desc())
                .limit(GAPS_SHOWN)
            )
            return [
                GapView(row.id, row.question, row.language, row.count, row.last_asked_at)
                for row in session.exec(query)
            ]

    def remove_gap(self, actor: Actor, gap_id: UUID) -> None:
        """Not worth an answer; asked again, it comes back. Raises NotFound gap_unknown."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_gap(session, actor, gap_id))

    def find_answer(self, actor: Actor, question: str, *, language: str) -> ArticleView | None:
        """The active article that answers a customer's question."""
        actor.require("public.chat")
        with self._db.reading(actor.workshop_id) as session:
            active = [_view(row) for row in _articles(session, actor) if row.active]
        return best_answer(question, active, language)

    def note_gap(self, actor: Actor, question: str, *, language: str) -> None:
        """Count a question nothing answered. The caller keeps personal data out of it."""
        actor.require("public.chat")
        key = question_key(question)
        if not key:
            return
        with self._db.writing(actor.workshop_id) as session:
            here = KnowledgeGap.workshop_id == actor.workshop_id
            row = session.exec(select(KnowledgeGap).where(here, KnowledgeGap.key == key)).first()
            if row is None:
                if len(session.exec(select(KnowledgeGap.id).where(here)).all()) >= GAPS_LIMIT:
                    return
                row = KnowledgeGap(
                    workshop_id=actor.workshop_id,
                    key=key,
                    question="",
                    language=language,
                    count=0,
                    last_asked_at=self._clock(),
                )
            row.question, row.language = question[:300], language
            row.count, row.last_asked_at = row.count + 1, self._clock()
            session.add(row)

    def get_terms(self, actor: Actor) -> Terms:
        """How far prices may go down."""
        actor.require_any(MANAGE, "public.chat")
        with self._db.reading(actor.workshop_id) as session:
            row = _terms(session, actor)
            return Terms(row.percent, row.from_cents, row.upsell) if row else Terms()

    def set_terms(self, actor: Actor, terms: Terms) -> Terms:
        """Store them; they count from the next message on.

        Raises Invalid discount_percent_invalid or discount_amount_invalid.
        """
        actor.require(MANAGE)
        if not 0 <= terms.percent <= PERCENT_LIMIT:
            raise Invalid("discount_percent_invalid", field="percent", limit=PERCENT_LIMIT)
        if not 0 <= terms.from_cents <= AMOUNT_LIMIT:
            raise Invalid("discount_amount_invalid", field="from_amount")
        with self._db.writing(actor.workshop_id) as session:
            row = _terms(session, actor) or BargainingTerms(workshop_id=actor.workshop_id)
            row.percent, row.from_cents, row.upsell = terms.percent, terms.from_cents, terms.upsell
            session.add(row)
        return terms


def _articles(session: Session, actor: Actor) -> list[KnowledgeArticle]:
    query = (
        select(KnowledgeArticle)
        .where(KnowledgeArticle.workshop_id == actor.workshop_id)
        .order_by(KnowledgeArticle.language, KnowledgeArticle.title)
    )
    return list(session.exec(query))


def _find(known: list[KnowledgeArticle], article_id: UUID) -> KnowledgeArticle:
    row = next((one for one in known if one.id == article_id), None)
    if row is None:
        raise NotFound("article_unknown")
    return row


def _gap(session: Session, actor: Actor, gap_id: UUID) -> KnowledgeGap:
    query = select(KnowledgeGap).where(
        KnowledgeGap.workshop_id == actor.workshop_id, KnowledgeGap.id == gap_id
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound("gap_unknown")
    return row


def _terms(session: Session, actor: Actor) -> BargainingTerms | None:
    query = select(BargainingTerms).where(BargainingTerms.workshop_id == actor.workshop_id)
    return session.exec(query).first()


def _clean(draft: ArticleDraft) -> ArticleDraft:
    title = " ".join(draft.title.replace("\x00", "").split())[:TITLE_LIMIT]
    body = " ".join(draft.body.replace("\x00", "").split())
    tags = tuple(dict.fromkeys(" ".join(tag.split())[:TAG_LIMIT] for tag in draft.tags if tag.strip()))
    if not title:
        raise Invalid("article_title_missing", field="title")
    if not body:
        raise Invalid("article_body_missing", field="body")
    if len(body) > BODY_LIMIT:
        raise Invalid("article_body_too_long", field="body", limit=BODY_LIMIT)
    if len(tags) > TAGS_LIMIT:
        raise Invalid("article_tags_limit", field="tags", limit=TAGS_LIMIT)
    if draft.language not in LANGUAGES:
        raise Invalid("article_language_unknown", field="language")
    return ArticleDraft(title, body, draft.language, tags, draft.active)


def _view(row: KnowledgeArticle) -> ArticleView:
    return ArticleView(row.id, row.title, row.body, row.language, tuple(row.tags), row.active, row.updated_at)
