"""Views of figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure with its comparison and daily series.

    ``code``: new_leads, first_response, assistant_solved or bookings. ``value`` is a count, seconds or
    percent as ``unit`` says (count, seconds, percent); None: nothing to measure yet. ``previous`` is the same
    figure of the equally long period before. ``good_when`` is up or down. ``series`` has one value a day,
    oldest first.
    """

    code: str
    unit: str
    value: float | None
    previous: float | None
    good_when: str
    series: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """Figures of one day for the Heute page."""

    appointments: int
    arrived: int
    utilisation_percent: int
    """Booked share of the technicians' working time."""
    planned_cents: int
    """Sum of the upper prices of today's appointments, gross."""
    currency: str
    solved_by_assistant: int
    answered: int
    """Threads answered today, by anybody."""
    new_leads: int
    first_answer_seconds: float | None
    """Median of today's threads; None before the first answer."""
