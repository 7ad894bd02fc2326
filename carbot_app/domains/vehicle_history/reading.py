"""A history as staff sees it and as it is handed out, from what is stored (rows in, plain facts out)."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from carbot_app.domains.billing.audit_chain import START
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.vehicle_history.chain import Link, readings_of
from carbot_app.domains.vehicle_history.entries import SUMMARY, VIN, WORKS
from carbot_app.domains.vehicle_history.mileage import current, judge
from carbot_app.domains.vehicle_history.models import HistoryKey, HistoryText
from carbot_app.domains.vehicle_history.schemas import EntryView, HistoryView
from carbot_app.domains.vehicle_history.verification import FORMAT, VERSION, Break

Shown = Callable[[HistoryText], bool]
"""Whether a text is told."""


def everything(text: HistoryText) -> bool:
    """What staff sees."""
    return True


def told_to_owner(owner_id: UUID | None) -> Shown:
    """What the present owner is told: of the car, and of their own orders; not of those before them."""
    return lambda text: text.customer_id is None or text.customer_id == owner_id


def file_of(
    links: Sequence[Link],
    keys: Sequence[HistoryKey],
    workshop: Workshop,
    chain_id: UUID,
    *,
    shown: Shown,
    now: datetime,
    key: HistoryKey,
    keys_url: str,
) -> dict[str, Any]:
    """The file, its head not signed yet."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "head": {
            "chain": str(chain_id),
            "workshop": {"id": str(workshop.id), "name": workshop.name},
            "seq": len(links),
            "hash": links[-1].row.hash if links else START,
            "exported_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "key": key.fingerprint,
            "keys_url": keys_url,
        },
        "keys": [
            {
                "fingerprint": one.fingerprint,
                "public_key": one.public_key,
                "since": one.created_at.astimezone(UTC).isoformat(timespec="seconds"),
                "until": one.retired_at.astimezone(UTC).isoformat(timespec="seconds")
                if one.retired_at
                else None,
            }
            for one in keys
        ],
        "entries": entries_of(links, shown),
    }


def written(history: Mapping[str, Any]) -> bytes:
    """The file as it is handed out."""
    return (json.dumps(history, ensure_ascii=False, indent=1) + "\n").encode()


def view_of(vehicle_id: UUID, links: Sequence[Link], *, shown: Shown, broken: Break | None) -> HistoryView:
    """The history as it is shown."""
    judged = judge(readings_of(links))
    of_entry = {one.reading.seq: one for one in judged}
    return HistoryView(
        vehicle_id=vehicle_id,
        entries=tuple(_view(link, of_entry, shown) for link in links),
        readings=judged,
        current=current(judged),
        broken=broken,
        head=links[-1].row.hash if links else "",
        key=links[-1].content["key"] if links else "",
    )


def entries_of(links: Sequence[Link], shown: Shown) -> list[dict[str, Any]]:
    """Entries as they stand in a file."""
    entries, previous = [], START
    for link in links:
        entries.append(
            {
                "id": str(link.row.id),
                "previous": previous,
                "content": link.content,
                "disclosed": {
                    name: {"salt": text.salt, "value": text.value}
                    for name, text in link.texts.items()
                    if shown(text)
                },
                "hash": link.row.hash,
                "signature": link.row.signature,
            }
        )
        previous = link.row.hash
    return entries


def _view(link: Link, judged: Mapping[int, Any], shown: Shown) -> EntryView:
    content, facts = link.content, link.facts
    told = {name: text.value for name, text in link.texts.items() if shown(text)}
    return EntryView(
        seq=link.row.seq,
        at=datetime.fromisoformat(content["at"]),
        on=date.fromisoformat(content["on"]),
        kind=content["kind"],
        reading=judged.get(link.row.seq),
        services=tuple(one["names"] for one in facts.get("services", ())),
        works=tuple(told.get(WORKS, ())),
        jobs=facts.get("jobs", 0),
        summary=told.get(SUMMARY, ""),
        report_sha256=facts.get("sha256", ""),
        inspected_on=_day(facts.get("inspected_on")),
        inspection_due=_day(facts.get("due")),
        car=" ".join(str(facts[name]) for name in ("make", "model", "year") if facts.get(name)),
        vin=told.get(VIN, ""),
        is_withheld=bool(content["commitments"].keys() - told.keys()),
        corrects=facts.get("corrects"),
        hash=link.row.hash,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
