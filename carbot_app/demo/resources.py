"""Technicians, bays, loaners, absences and tyre seasons of the demo workshop."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.demo.cast import ABSENCES, BAYS, LOANERS, TECHNICIANS, TYRE_SEASONS
from carbot_app.domains.booking.models import Absence, BookingTerms, Resource
from carbot_app.domains.booking.resource_rules import absence_span
from carbot_app.domains.booking.resource_schemas import AbsenceDraft
from carbot_app.domains.team.models import Workshop


def add_resources(session: Session, workshop: Workshop, technician_id: UUID) -> list[Resource]:
    """Everybody and everything of the cast; ``technician_id`` is the first one's sign-in."""
    resources = [
        Resource(
            workshop_id=workshop.id,
            kind="technician",
            name=name,
            remark=remark,
            abilities=list(skills),
            hours=hours,
        )
        for name, remark, skills, hours in TECHNICIANS
    ]
    resources[0].person_id = technician_id
    bays = [
        Resource(workshop_id=workshop.id, kind="bay", name=name, lift=lift, abilities=list(types))
        for name, lift, types in BAYS
    ]
    loaners = [
        Resource(workshop_id=workshop.id, kind="loaner", name=name, plate=plate) for name, plate in LOANERS
    ]
    session.add_all([*resources, *bays, *loaners])
    tyres = next(bay for bay in bays if bay.abilities[0] == "tyre")
    session.add(
        BookingTerms(
            workshop_id=workshop.id,
            seasons=[
                {"from": first, "to": last, "bay": "tyre", "resources": [str(tyres.id)]}
                for first, last in TYRE_SEASONS
            ],
        )
    )
    session.flush()
    return [*resources, *bays, *loaners]


def planned_absences(resources: list[Resource], today: date, zone: ZoneInfo) -> list[Absence]:
    """The absences of the cast, counted from today."""
    absences = []
    for name, first, last, reason, note in ABSENCES:
        resource = next(one for one in resources if one.name == name)
        draft = AbsenceDraft(today + timedelta(days=first), today + timedelta(days=last))
        starts_at, ends_at = absence_span(draft, zone)
        absences.append(
            Absence(
                workshop_id=resource.workshop_id,
                resource_id=resource.id,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=reason,
                note=note,
            )
        )
    return absences
