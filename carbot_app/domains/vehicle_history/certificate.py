"""What stands on the certificate of a history, in the words of its reader (pure)."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from carbot_app.domains.team.models import Workshop
from carbot_app.domains.vehicle_history.entries import INSPECTION, REPORT, VEHICLE, VISIT, grouped
from carbot_app.domains.vehicle_history.mileage import Judged
from carbot_app.domains.vehicle_history.schemas import Certificate, CertificateRow, EntryView, HistoryView
from carbot_app.kit.i18n import translate


def certificate_of(
    view: HistoryView, workshop: Workshop, *, language: str, keys_url: str, now: datetime
) -> Certificate:
    """The certificate of a history that holds."""
    words = partial(translate, language)
    today = now.astimezone(ZoneInfo(workshop.timezone)).date()
    car = next(one for one in reversed(view.entries) if one.kind == VEHICLE)
    current = view.current
    facts = [
        ("vin", car.vin),
        ("km", f"{_km(current.km, language)}, {_day(current.on, language)}" if current else ""),
        ("entries", str(len(view.entries))),
        ("as_of", _day(today, language)),
    ]
    return Certificate(
        language=language,
        title=words("history.paper.title"),
        workshop=workshop.legal_form or workshop.name,
        address=f"{workshop.street}, {workshop.postal_code} {workshop.city}",
        car=car.car or words("history.paper.some_car"),
        facts=tuple((words(f"history.paper.{name}"), text) for name, text in facts if text),
        seal=words("history.paper.seal"),
        doubt=words("history.paper.doubt") if view.is_contradictory else "",
        columns=(words("history.paper.day"), words("history.paper.what"), words("history.paper.km")),
        rows=tuple(_row(entry, language) for entry in view.entries if entry.kind != VEHICLE),
        prints=(
            (words("history.paper.head"), grouped(view.head)),
            (words("history.paper.key"), grouped(view.key)),
        ),
        how=words("history.paper.how", url=keys_url),
        scan=words("history.paper.scan"),
        code=f"{keys_url}#{view.head}",
    )


def told(entry: EntryView, language: str) -> tuple[str, ...]:
    """What an entry says, a line each."""
    words = partial(translate, language)
    if entry.kind == VISIT:
        named = entry.works or tuple(_name(names, language) for names in entry.services)
        untold = max(entry.jobs - len(named), 0)
        return (*named, *((words("history.untold", count=untold),) if untold else ()))
    if entry.kind == INSPECTION and entry.inspection_due:
        return (words("history.next_due", month=f"{entry.inspection_due:%m/%Y}"),)
    if entry.kind == REPORT:
        return tuple(filter(None, (entry.summary,)))
    if entry.kind == VEHICLE:
        return tuple(filter(None, (entry.car, entry.vin)))
    return ()


def doubt(judged: Judged | None, language: str) -> str:
    """Why a reading is not believed; empty: it is."""
    if judged is None or judged.against is None:
        return ""
    against = judged.against
    km, on = _km(against.km, language), _day(against.on, language)
    return translate(language, f"history.doubt.{judged.doubt}", km=km, on=on)


def _row(entry: EntryView, language: str) -> CertificateRow:
    kind = translate(language, f"history.kind.{entry.kind}")
    corrects = (translate(language, "history.corrects", seq=entry.corrects),) if entry.corrects else ()
    return CertificateRow(
        on=_day(entry.on, language),
        kind=kind,
        km=_km(entry.km, language) if entry.km is not None else "",
        told=(*told(entry, language), *corrects),
        doubt=doubt(entry.reading, language),
    )


def _name(names: Mapping[str, str], language: str) -> str:
    return (
        names.get(language) or names.get("en" if language != "de" else "de") or next(iter(names.values()), "")
    )


def _km(km: int, language: str) -> str:
    return f"{format_decimal(km, locale=language)} km"


def _day(day: date, language: str) -> str:
    return format_date(day, "medium", locale=language)
