"""What the assistant answers from: own articles, open questions, the rule for discounts."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.knowledge.schemas import ArticleDraft, ArticleView, Terms
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import parse_id, staff_step


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article as a row."""

    id: str
    title: str
    start: str
    """The first words of the answer."""
    language: str
    active: bool


@dataclass(frozen=True, slots=True)
class GapLine:
    """An open question as a row."""

    id: str
    question: str
    asked: str
    count: int


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """What stands in the pane when it opens."""

    id: str = ""
    gap_id: str = ""
    question: str = ""
    title: str = ""
    body: str = ""
    language: str = "de"
    tags: str = ""
    """With commas, as they are typed."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class DraftUse:
    """What became of the drafts prepared for staff."""

    sent: int = 0
    edited: int = 0
    discarded: int = 0
    percent: int = 0
    any: bool = False


class KnowledgeState(rx.State):
    """Two lists, one pane, one small form."""

    status: str = "loading"
    """loading, ready or failed."""
    articles: list[ArticleLine] = []
    gaps: list[GapLine] = []
    form: ArticleForm = ArticleForm()
    open: bool = False
    busy: bool = False
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    percent: str = ""
    from_amount: str = ""
    upsell: bool = True
    drafts: DraftUse = DraftUse()
    version: int = 0

    @rx.event
    async def load(self):
        """Fetch everything."""
        async with staff_step(self) as step:
            await self._fetch(step)
            terms = await step.call(get_services().knowledge.get_terms, await step.actor())
            self._show_terms(terms)
            use = await step.call(get_services().suggestions.count_use, await step.actor())
            decided = bool(use.sent + use.edited + use.discarded)
            self.drafts = DraftUse(use.sent, use.edited, use.discarded, use.accepted_percent, decided)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask_add(self):
        """Open the pane for a new article."""
        async with staff_step(self) as step:
            self._open(ArticleForm(language=(await step.actor()).language))
        return step.outcome

    @rx.event
    async def edit(self, article_id: str):
        """Open the pane with an article."""
        async with staff_step(self) as step:
            found = await step.call(get_services().knowledge.list_articles, await step.actor())
            self._open(next((_form(one) for one in found if str(one.id) == article_id), ArticleForm()))
        return step.outcome

    @rx.event
    async def answer(self, gap_id: str):
        """Open the pane for the answer to an open question."""
        async with staff_step(self) as step:
            found = await step.call(get_services().knowledge.list_gaps, await step.actor())
            gap = next((one for one in found if str(one.id) == gap_id), None)
            if gap is not None:
                self._open(
                    ArticleForm(
                        gap_id=gap_id, question=gap.question, tags=gap.question, language=gap.language
                    )
                )
        return step.outcome

    @rx.event
    def close(self):
        """Nothing is stored."""
        self.open, self.problems = False, {}

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store the article; the assistant knows it at once."""
        self.problems = {}
        async with staff_step(self) as step:
            draft = ArticleDraft(
                title=str(form.get("title", "")),
                body=str(form.get("body", "")),
                language=str(form.get("language", "")),
                tags=tuple(str(form.get("tags", "")).split(",")),
                active=bool(form.get("active")),
            )
            await step.call(
                get_services().knowledge.save_article,
                await step.actor(),
                draft,
                article_id=parse_id(self.form.id) if self.form.id else None,
                gap_id=parse_id(self.form.gap_id) if self.form.gap_id else None,
            )
            await self._fetch(step)
            self.open = False
            step.outcome = toast("ok", step.text("knowledge.saved"))
        return self._after(step)

    @rx.event
    async def remove(self):
        """Delete the open article."""
        async with staff_step(self) as step:
            await step.call(
                get_services().knowledge.remove_article, await step.actor(), parse_id(self.form.id)
            )
            await self._fetch(step)
            self.open = False
            step.outcome = toast("ok", step.text("knowledge.removed"))
        return step.outcome

    @rx.event
    async def dismiss(self, gap_id: str):
        """A question that needs no answer."""
        async with staff_step(self) as step:
            await step.call(get_services().knowledge.remove_gap, await step.actor(), parse_id(gap_id))
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def save_terms(self, form: dict[str, Any]):
        """Store how far prices may go down."""
        self.problems = {}
        async with staff_step(self) as step:
            terms = Terms(
                _whole(form, "percent", "discount_percent_invalid"),
                _whole(form, "from_amount", "discount_amount_invalid") * 100,
                bool(form.get("upsell")),
            )
            self._show_terms(await step.call(get_services().knowledge.set_terms, await step.actor(), terms))
            step.outcome = toast("ok", step.text("knowledge.discount.saved"))
        return self._after(step)

    async def _fetch(self, step: Any) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        knowledge = get_services().knowledge
        self.articles = [
            ArticleLine(str(one.id), one.title, one.body[:200], one.language, one.active)
            for one in await step.call(knowledge.list_articles, actor)
        ]
        self.gaps = [
            GapLine(str(one.id), one.question, reader.day(one.last_asked_at), one.count)
            for one in await step.call(knowledge.list_gaps, actor)
        ]

    def _open(self, form: ArticleForm) -> None:
        self.form, self.open, self.problems = form, True, {}
        self.version += 1

    def _show_terms(self, terms: Terms) -> None:
        self.percent, self.from_amount = str(terms.percent), str(terms.from_cents // 100)
        self.upsell = terms.upsell
        self.version += 1

    def _after(self, step: Any) -> Any:
        error = step.error
        if error and error.field:
            self.problems = {error.field: step.text(error.message_key, **error.params)}
            return None
        return step.outcome


def _form(article: ArticleView) -> ArticleForm:
    return ArticleForm(
        id=str(article.id),
        title=article.title,
        body=article.body,
        language=article.language,
        tags=", ".join(article.tags),
        active=article.active,
    )


def _whole(form: dict[str, Any], name: str, code: str) -> int:
    typed = str(form.get(name, "")).strip() or "0"
    if not typed.isdecimal() or len(typed) > 6:
        raise Invalid(code, field=name, limit=30)
    return int(typed)
