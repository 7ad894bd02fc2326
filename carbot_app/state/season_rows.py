"""What the page of season campaigns shows, ready to read."""

from collections import Counter
from dataclasses import dataclass

from carbot_app.domains.tyres.season_schemas import CampaignPlan, CampaignView, CampaignWish, InvitationView
from carbot_app.domains.tyres.waves import REASONS, Candidate, Wave
from carbot_app.kit.i18n import translate
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

SHOWN_PEOPLE = 100
_BADGES = {"running": "progress", "paused": "paused", "stopped": "cancelled", "over": "done"}
_INVITATION_BADGES = {
    "booked": "confirmed",
    "opted_out": "cancelled",
    "held": "waiting",
    "undelivered": "overdue",
    "waiting": "requested",
    "over": "draft",
}


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """The campaign that runs or was the last."""

    id: str = ""
    title: str = ""
    facts: str = ""
    state: str = ""
    badge: str = "draft"
    is_open: bool = False
    planned: int = 0
    sent: int = 0
    booked: int = 0
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class WishForm:
    """The form for a new campaign."""

    season: str = "winter"
    service: str = ""
    starts_on: str = ""
    ends_on: str = ""
    per_day: str = ""


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A day on which invitations leave."""

    day: str
    count: int
    names: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who is left out, or was invited."""

    name: str
    plate: PlateText
    place: str
    word: str
    badge: str = ""
    detail: str = ""
    href: str = ""
    """Of the set, where a consent can be noted and treads are read."""


@dataclass(frozen=True, slots=True)
class PlanCard:
    """What would happen, in figures."""

    planned: int = 0
    free: int = 0
    left_out: int = 0
    reasons: tuple[tuple[str, str], ...] = ()
    """Why people are left out and how many."""


def describe_campaign(found: CampaignView, reader: Reader) -> CampaignCard:
    """The campaign's card."""
    days = reader.date_range(found.starts_on, found.ends_on)
    per_day = translate(reader.language, "season.per_day", count=found.per_day)
    return CampaignCard(
        id=str(found.id),
        title=translate(reader.language, f"season.wheels.{found.season}"),
        facts=" · ".join((days, per_day, found.service_name)),
        state=found.state,
        badge=_BADGES[found.state],
        is_open=found.is_open,
        planned=found.planned,
        sent=found.sent,
        booked=found.booked,
        opted_out=found.opted_out,
    )


def describe_wish(wish: CampaignWish) -> WishForm:
    """A wish as the form holds it."""
    return WishForm(
        wish.season,
        wish.service_code,
        wish.starts_on.isoformat(),
        wish.ends_on.isoformat(),
        str(wish.per_day),
    )


def describe_plan(plan: CampaignPlan, reader: Reader) -> tuple[PlanCard, list[WaveLine], list[PersonLine]]:
    """Figures, waves, and the first of those who are left out."""
    counts = Counter(reason for _, reason in plan.left_out)
    reasons = tuple((_reason(reason, reader), str(counts[reason])) for reason in REASONS if counts[reason])
    card = PlanCard(plan.planned, plan.free_visits, len(plan.left_out), reasons)
    left_out = [_left_out(one, reason, reader) for one, reason in plan.left_out[:SHOWN_PEOPLE]]
    return card, [_wave(wave, reader) for wave in plan.waves], left_out


def describe_invitation(found: InvitationView, reader: Reader) -> PersonLine:
    """An invitation that left."""
    return PersonLine(
        name=found.name,
        plate=_plate(found.plate, found.plate_country),
        place=found.place,
        word=translate(reader.language, f"season.invitation.{found.state}"),
        badge=_INVITATION_BADGES[found.state],
        detail=translate(
            reader.language,
            "season.invitation.detail",
            sent=reader.day(found.sent_at),
            proposed=reader.day_and_clock(found.proposed_at),
        ),
    )


def _wave(wave: Wave, reader: Reader) -> WaveLine:
    names = ", ".join(one.name or one.plate or one.code for one in wave.invited)
    return WaveLine(reader.day(wave.on), len(wave.invited), names)


def _left_out(one: Candidate, reason: str, reader: Reader) -> PersonLine:
    return PersonLine(
        name=one.name or one.code,
        plate=_plate(one.plate, one.plate_country),
        place=one.place if one.here else "",
        word=_reason(reason, reader),
        href=f"/reifenhotel/?satz={one.code}",
    )


def _reason(reason: str, reader: Reader) -> str:
    return translate(reader.language, f"season.reason.{reason}")


def _plate(plate: str, country: str) -> PlateText:
    return plate_text(plate, country) if plate else NO_PLATE
