"""Inputs and views of season campaigns."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from carbot_app.domains.tyres.waves import Candidate, Wave


@dataclass(frozen=True, slots=True)
class CampaignWish:
    """What a campaign shall be."""

    season: str
    """Of the wheels that are fitted: summer or winter."""
    service_code: str
    starts_on: date
    ends_on: date
    per_day: int


@dataclass(frozen=True, slots=True)
class CampaignOffer:
    """What the form for a new campaign starts with."""

    wish: CampaignWish
    services: tuple[tuple[str, str], ...]
    """Code and name of what can be invited to."""


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """Who would get an invitation when, and who would not and why; nothing has been sent or stored."""

    waves: tuple[Wave, ...]
    left_out: tuple[tuple[Candidate, str], ...]
    """With a reason of waves.REASONS, by reason."""
    free_visits: int
    """Visits of the kind that still fit into the fortnight after the first wave."""

    @property
    def planned(self) -> int:
        """How many would be invited."""
        return sum(len(wave.invited) for wave in self.waves)


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign and how far it is."""

    id: UUID
    season: str
    service_name: str
    starts_on: date
    ends_on: date
    per_day: int
    state: str
    """running, paused, stopped, or over when its last day has passed."""
    planned: int
    """Still to be invited."""
    sent: int
    booked: int
    opted_out: int

    @property
    def is_open(self) -> bool:
        """Whether invitations may still leave."""
        return self.state in ("running", "paused")


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation for staff."""

    id: UUID
    name: str
    plate: str
    plate_country: str
    place: str
    """Where the set lies; empty when it is not here any more."""
    sent_at: datetime
    proposed_at: datetime
    state: str
    """See season_facts.read_outcomes."""
