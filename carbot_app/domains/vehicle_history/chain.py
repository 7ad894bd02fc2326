"""Adding to the history of a car, inside a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.billing.audit_chain import START, append
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.vehicle_history.entries import (
    VEHICLE,
    VIN,
    Happening,
    commitment,
    content_of,
    signed_bytes,
)
from carbot_app.domains.vehicle_history.keys import Keys
from carbot_app.domains.vehicle_history.mileage import ORDER, Reading, current, judge
from carbot_app.domains.vehicle_history.models import HistoryEntry, HistoryText, VehicleChain
from carbot_app.kit.ids import new_id, new_secret


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its words, as far as they are still there."""

    row: HistoryEntry
    texts: Mapping[str, HistoryText]

    @property
    def content(self) -> Mapping[str, Any]:
        """See entries.content_of."""
        return self.row.content

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it tells."""
        return self.row.content["facts"]


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes entries; two at once wait for each other until the transaction ends."""

    session: Session
    keys: Keys
    vehicle: Vehicle
    now: datetime
    today: date
    """The workshop's own."""

    def write(self, happening: Happening, *, customer_id: UUID | None) -> bool:
        """Tell of something, once: what was told before is only told again when it has changed.

        ``customer_id``: whose words these are. Says whether something was written.
        """
        wait_for_turn(self.session, f"history:{self.vehicle.id}")
        chain_id = self._chain_id()
        links = read_links(self.session, chain_id)
        told = [link for link in links if _is_about(link, happening.source)]
        if told and _tells(told[-1], happening):
            return False
        car = _car(self.vehicle, len(links) + 1, self.today)
        if not _knows(links, car):
            links = [*links, self._add(chain_id, links, car, None)]
        if told:
            happening = replace(
                happening,
                source=f"{happening.source}#{len(told) + 1}",
                facts={**happening.facts, "corrects": told[-1].row.seq},
            )
        self._add(chain_id, links, happening, customer_id)
        return True

    def _chain_id(self) -> UUID:
        query = select(VehicleChain).where(VehicleChain.vehicle_id == self.vehicle.id)
        row = self.session.exec(query).first()
        if row is None:
            row = VehicleChain(workshop_id=self.vehicle.workshop_id, vehicle_id=self.vehicle.id)
            self.session.add(row)
            self.session.flush()
        return row.id

    def _add(self, chain_id: UUID, links: list[Link], happening: Happening, customer_id: UUID | None) -> Link:
        key = self.keys.ready(self.session, self.vehicle.workshop_id, self.now)
        last, entry_id = links[-1].row if links else None, new_id()
        texts = {
            name: self._text(entry_id, name, value, customer_id) for name, value in happening.words.items()
        }
        seq = last.seq + 1 if last else 1
        content = content_of(
            replace(happening, facts=_with_doubt(happening, links)),
            chain=str(chain_id),
            workshop=str(self.vehicle.workshop_id),
            seq=seq,
            at=self.now,
            key=key.fingerprint,
            ties={name: commitment(name, text.salt, text.value) for name, text in texts.items()},
        )
        chained = append(last.hash if last else START, str(entry_id), content)
        row = HistoryEntry(
            id=entry_id,
            workshop_id=self.vehicle.workshop_id,
            chain_id=chain_id,
            seq=seq,
            source=happening.source,
            content=content,
            hash=chained.hash,
            signature=self.keys.sign(key, signed_bytes(chained.hash)),
        )
        self.session.add_all([row, *texts.values()])
        self.session.flush()
        return Link(row, texts)

    def _text(self, entry_id: UUID, name: str, value: Any, customer_id: UUID | None) -> HistoryText:
        return HistoryText(
            workshop_id=self.vehicle.workshop_id,
            entry_id=entry_id,
            name=name,
            salt=new_secret(),
            value=value,
            customer_id=customer_id,
            vehicle_id=None if customer_id else self.vehicle.id,
        )


def read_links(session: Session, chain_id: UUID) -> list[Link]:
    """All entries of a chain, the oldest first."""
    query = select(HistoryEntry).where(HistoryEntry.chain_id == chain_id).order_by(col(HistoryEntry.seq))
    rows = session.exec(query).all()
    of_chain = select(HistoryEntry.id).where(HistoryEntry.chain_id == chain_id)
    texts: dict[UUID, dict[str, HistoryText]] = {}
    for text in session.exec(select(HistoryText).where(col(HistoryText.entry_id).in_(of_chain))):
        texts.setdefault(text.entry_id, {})[text.name] = text
    return [Link(row, texts.get(row.id, {})) for row in rows]


def readings_of(links: Sequence[Link]) -> list[Reading]:
    """What the odometer said; of entries that were corrected only the last."""
    corrected = {link.facts.get("corrects") for link in links}
    return [
        Reading(
            link.row.seq,
            datetime.fromisoformat(link.content["on"]).date(),
            link.facts["km"],
            link.facts.get("km_from", ORDER),
        )
        for link in links
        if link.facts.get("km") is not None and link.row.seq not in corrected
    ]


def _with_doubt(happening: Happening, links: list[Link]) -> dict[str, Any]:
    """Facts, and what was believed before when the odometer says less: signed, so it stays said."""
    facts, km = dict(happening.facts), happening.facts.get("km")
    believed = current(judge(readings_of(links)))
    if km is not None and believed is not None and km < believed.km and happening.on >= believed.on:
        facts["below_km"] = believed.km
    return facts


def _is_about(link: Link, source: str) -> bool:
    return link.row.source.partition("#")[0] == source


def _tells(link: Link, happening: Happening) -> bool:
    """Whether an entry says the same; words that are gone said the same."""
    said = {name: value for name, value in link.facts.items() if name not in {"corrects", "below_km"}}
    same_words = link.content["commitments"].keys() == happening.words.keys() and all(
        text.value == happening.words[name] for name, text in link.texts.items()
    )
    return said == happening.facts and same_words


def _knows(links: list[Link], car: Happening) -> bool:
    """Whether the chain says which car this is; a VIN that was taken out again is not asked after."""
    last = next((link for link in reversed(links) if link.content["kind"] == VEHICLE), None)
    if last is None:
        return False
    told = last.texts.get(VIN)
    same_vin = VIN not in car.words or (told is not None and told.value == car.words[VIN])
    return last.facts == car.facts and same_vin


def _car(vehicle: Vehicle, place: int, today: date) -> Happening:
    return Happening(
        VEHICLE,
        f"vehicle:{place}",
        today,
        {"make": vehicle.make, "model": vehicle.model, "year": vehicle.year},
        {VIN: vehicle.vin} if vehicle.vin else {},
    )
