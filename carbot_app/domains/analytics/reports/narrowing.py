"""What a report is narrowed to: as a row keeps it, and in words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from babel import Locale
from sqlmodel import Session, select

from carbot_app.domains.analytics.reports.models import ReportRun
from carbot_app.domains.analytics.reports.planning import before, require_span
from carbot_app.domains.analytics.reports.schemas import Wish
from carbot_app.domains.analytics.reports.templates import TEMPLATES
from carbot_app.domains.analytics.schemas import Filters, Question, Span
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.catalog.catalogue import in_language
from carbot_app.domains.catalog.models import Service
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import list_words, translate


def question_of_wish(wish: Wish) -> Question:
    """What is asked of the figures.

    Raises:
        Invalid: ``report_span_reversed``, ``report_span_long``, ``figures_filter_invalid``.

    """
    span, filters = require_span(wish.first, wish.last), wish.filters
    if filters.weekday not in (None, *range(7)) or filters.hour not in (None, *range(24)):
        raise Invalid("figures_filter_invalid")
    compare = require_span(wish.compare.first, wish.compare.last) if wish.compare else before(span)
    return Question(span, compare if wish.compares else None, filters)


def question_of_run(row: ReportRun) -> Question:
    """The same of a report that was asked for; who said nothing of a comparison gets the days before."""
    span = Span(row.first, row.last)
    compare: Span | None = before(span)
    if row.compare_first is not None and row.compare_last is not None:
        compare = Span(row.compare_first, row.compare_last)
    return Question(span, compare if row.compares else None, _filters(row.filters))


def filters_as_kept(filters: Filters) -> dict[str, Any]:
    """As JSON, without what does not narrow."""
    told: dict[str, Any] = {
        "channel": filters.channel,
        "service_code": filters.service_code,
        "technician_id": str(filters.technician_id or ""),
        "weekday": filters.weekday,
        "hour": filters.hour,
    }
    return {name: value for name, value in told.items() if value not in ("", None)}


def is_narrowed(filters: Filters) -> bool:
    """Whether anything narrows."""
    return filters != Filters()


def words_of_run(session: Session, row: ReportRun) -> str:
    """What a report of the archive is narrowed to, in its language; empty: everything, or it cannot be."""
    if not row.filters or not TEMPLATES[row.template].narrows:
        return ""
    return filter_words(session, _filters(row.filters), row.language)


def filter_words(session: Session, filters: Filters, language: str) -> str:
    """``Chat, Ölwechsel, Emre Yıldız, Montag, 9 Uhr``."""
    found = []
    if filters.channel:
        found.append(list_words(language, "inbox").get(f"channel.{filters.channel}", filters.channel))
    if filters.service_code:
        names = session.exec(select(Service.names).where(Service.code == filters.service_code)).first()
        found.append(in_language(names, language) if names else filters.service_code)
    if filters.technician_id is not None:
        name = session.exec(select(Resource.name).where(Resource.id == filters.technician_id)).first()
        found.append(name or translate(language, "reports.recipient.former"))
    if filters.weekday is not None:
        found.append(Locale.parse(language).days["stand-alone"]["wide"][filters.weekday])
    if filters.hour is not None:
        found.append(translate(language, "dashboard.filter.hour", hour=filters.hour))
    return ", ".join(found)


def _filters(kept: Mapping[str, Any]) -> Filters:
    who = kept.get("technician_id")
    return Filters(**{**kept, "technician_id": UUID(who) if who else None})
