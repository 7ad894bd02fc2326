"""Use cases of vehicle histories: reading, handing out, publishing and replacing keys."""

from base64 import b64decode
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.vehicle_history.certificate import certificate_of
from carbot_app.domains.vehicle_history.chain import Link, read_links
from carbot_app.domains.vehicle_history.entries import head_bytes
from carbot_app.domains.vehicle_history.keys import Keys, all_keys
from carbot_app.domains.vehicle_history.models import HistoryEntry, HistoryKey, VehicleChain
from carbot_app.domains.vehicle_history.ports import CertificatePrinter, Signer, Vault
from carbot_app.domains.vehicle_history.reading import (
    Shown,
    entries_of,
    everything,
    file_of,
    told_to_owner,
    view_of,
    written,
)
from carbot_app.domains.vehicle_history.schemas import (
    HistoryFile,
    HistoryView,
    PublicKeyView,
    PublishedKeys,
)
from carbot_app.domains.vehicle_history.verification import Break, check_entries
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, NotFound

KEYS_PATH = "/.well-known/carbot/vehicle-history/{}"
"""Where the public keys of a workshop (its id) are, for ever: certificates on paper name it."""


class VehicleHistories:
    """Reads need ``bookings.read``, what is handed out ``bookings.manage``, keys ``settings.manage``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        signer: Signer,
        vault: Vault,
        printer: CertificatePrinter,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._signer = signer
        self._keys = Keys(signer, vault)
        self._printer = printer
        self._public_url = public_url

    def get_history(self, actor: Actor, vehicle_id: UUID) -> HistoryView:
        """Everything that was written about a car, checked anew; empty while nothing was.

        Raises:
            NotFound: unknown, or another workshop's.
        """
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            vehicle = _vehicle(session, vehicle_id)
            chain_id = _find_chain(session, vehicle.id)
            links = read_links(session, chain_id) if chain_id else []
            if chain_id is None or not links:
                return HistoryView(vehicle_id)
            return self._view(session, vehicle, chain_id, links, everything)

    def export_file(self, actor: Actor, vehicle_id: UUID) -> HistoryFile:
        """For the present owner of the car: everything to check it by, and no words about owners before.

        Raises:
            NotFound: unknown car, or ``history_empty``.
        """
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            vehicle = _vehicle(session, vehicle_id)
            chain_id, links = _filled_chain(session, vehicle)
            key = self._keys.ready(session, actor.workshop_id, self._clock())
            history = file_of(
                links,
                all_keys(session),
                session.get_one(Workshop, actor.workshop_id),
                chain_id,
                shown=told_to_owner(vehicle.customer_id),
                now=self._clock(),
                key=key,
                keys_url=self._keys_url(actor.workshop_id),
            )
            history["head"]["signature"] = self._keys.sign(key, head_bytes(history["head"]))
        return HistoryFile(f"{_file_name(vehicle)}.json", written(history))

    def print_certificate(self, actor: Actor, vehicle_id: UUID, *, language: str = "") -> HistoryFile:
        """The same on paper; in the language of the car's owner unless another is asked for.

        Raises:
            NotFound: unknown car, or ``history_empty``. Conflict: ``history_broken``.
        """
        actor.require("bookings.manage")
        with self._db.reading(actor.workshop_id) as session:
            vehicle = _vehicle(session, vehicle_id)
            chain_id, links = _filled_chain(session, vehicle)
            workshop = session.get_one(Workshop, actor.workshop_id)
            owner = session.get(Customer, vehicle.customer_id) if vehicle.customer_id else None
            view = self._view(session, vehicle, chain_id, links, told_to_owner(vehicle.customer_id))
        if view.broken:
            # Nobody gets it on paper that a history holds which does not
            raise Conflict("history_broken", seq=view.broken.seq)
        certificate = certificate_of(
            view,
            workshop,
            language=language or (owner.language if owner else workshop.language),
            keys_url=self._keys_url(workshop.id),
            now=self._clock(),
        )
        return HistoryFile(f"{_file_name(vehicle)}.pdf", self._printer.print_certificate(certificate))

    def publish_keys(self, workshop_id: UUID) -> PublishedKeys:
        """Public: the keys of a workshop, retired ones too. NotFound: no workshop or no key."""
        with self._db.reading(SYSTEM) as session:
            workshop = session.get(Workshop, workshop_id)
        if workshop is None:
            raise NotFound
        with self._db.reading(workshop_id) as session:
            keys = all_keys(session)
        if not keys:
            raise NotFound
        return PublishedKeys(workshop_id, workshop.name, tuple(_describe(key) for key in keys))

    def replace_key(self, actor: Actor) -> PublicKeyView:
        """A new key signs from now on; the old one stays published, and its private half is destroyed."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            return _describe(self._keys.replace(session, actor.workshop_id, self._clock()))

    def verify_everywhere(self) -> dict[str, Break]:
        """For the operator: ``slug: chain`` → the first entry that does not hold; empty when all do."""
        with self._db.reading(SYSTEM) as session:
            workshops = dict(session.exec(select(Workshop.id, Workshop.slug)).all())
        broken: dict[str, Break] = {}
        for workshop_id, slug in workshops.items():
            with self._db.reading(workshop_id) as session:
                # Also of cars that are forgotten: their chains stay
                for chain_id in session.exec(select(HistoryEntry.chain_id).distinct()).all():
                    links = read_links(session, chain_id)
                    if found := self._find_break(session, workshop_id, chain_id, links):
                        broken[f"{slug}: {chain_id}"] = found
        return broken

    def _view(
        self, session: Session, vehicle: Vehicle, chain_id: UUID, links: list[Link], shown: Shown
    ) -> HistoryView:
        broken = self._find_break(session, vehicle.workshop_id, chain_id, links)
        return view_of(vehicle.id, links, shown=shown, broken=broken)

    def _find_break(
        self, session: Session, workshop_id: UUID, chain_id: UUID, links: list[Link]
    ) -> Break | None:
        keys = {key.fingerprint: b64decode(key.public_key) for key in all_keys(session)}
        owner = (str(chain_id), str(workshop_id))
        checked = check_entries(entries_of(links, everything), owner, keys, self._signer.holds)
        return next((one.broken for one in checked if one.broken), None)

    def _keys_url(self, workshop_id: UUID) -> str:
        return f"{self._public_url}{KEYS_PATH.format(workshop_id)}"


def _vehicle(session: Session, vehicle_id: UUID) -> Vehicle:
    vehicle = session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
    if vehicle is None:
        raise NotFound
    return vehicle


def _find_chain(session: Session, vehicle_id: UUID) -> UUID | None:
    return session.exec(select(VehicleChain.id).where(VehicleChain.vehicle_id == vehicle_id)).first()


def _filled_chain(session: Session, vehicle: Vehicle) -> tuple[UUID, list[Link]]:
    chain_id = _find_chain(session, vehicle.id)
    links = read_links(session, chain_id) if chain_id else []
    if chain_id is None or not links:
        raise NotFound("history_empty")
    return chain_id, links


def _describe(key: HistoryKey) -> PublicKeyView:
    return PublicKeyView(key.fingerprint, key.public_key, key.created_at, key.retired_at)


def _file_name(vehicle: Vehicle) -> str:
    return f"fahrzeughistorie-{'-'.join(vehicle.plate.split()) or vehicle.id}".lower()
