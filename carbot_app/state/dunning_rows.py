"""Proposals, letters and held invoices as rows of the page (pure)."""

from dataclasses import dataclass

from carbot_app.domains.billing.dunning_schemas import HeldView, NoticeView, ProposalView
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """An invoice in a proposal."""

    id: str
    number: str
    late: str
    """``18 Tage überfällig``."""
    open: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A letter that may be released."""

    key: str = ""
    name: str = ""
    level: str = ""
    """Name of the level: reminder, first, last, handover."""
    way: str = ""
    detail: str = ""
    """``E-Mail an …`` or ``Brief zum Drucken``, with the day until which to pay."""
    total: str = ""
    extra: str = ""
    """Fees and interest in it; empty for none."""
    claims: tuple[ClaimRow, ...] = ()
    waits: bool = False
    """A base rate is missing."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An invoice that rests or has gone through."""

    id: str
    number: str
    name: str
    open: str
    reason: str
    can_resume: bool


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A letter that was released."""

    id: str
    name: str
    level: str
    day: str
    total: str
    numbers: str
    way: str


def proposal_row(view: ProposalView, reader: Reader) -> ProposalRow:
    """A proposal as the person reads it."""
    language = reader.language

    def money(cents: int) -> str:
        return format_cents(cents, view.currency, language)

    extra = [
        translate(language, f"dunning.extra.{name}", amount=money(cents))
        for name, cents in (("interest", view.interest_cents), ("fee", view.fee_cents))
        if cents
    ]
    day = reader.short_date(view.deadline)
    return ProposalRow(
        key=view.key,
        name=view.recipient,
        level=view.name,
        way=view.way,
        detail=translate(language, f"dunning.way.{view.way}", email=view.email, day=day),
        total=money(view.total_cents),
        extra=" · ".join(extra),
        claims=tuple(
            ClaimRow(
                str(claim.invoice_id),
                claim.number,
                translate(language, "dunning.late", count=claim.days_late),
                money(claim.open_cents),
            )
            for claim in view.claims
        ),
        waits=view.missing_rate is not None,
    )


def held_row(view: HeldView, reader: Reader) -> HeldRow:
    """A held invoice as the person reads it."""
    return HeldRow(
        str(view.invoice_id),
        view.number,
        view.buyer_name,
        format_cents(view.open_cents, view.currency, reader.language),
        view.reason,
        view.can_resume,
    )


def notice_row(view: NoticeView, reader: Reader) -> NoticeRow:
    """A released letter as the person reads it."""
    return NoticeRow(
        str(view.id),
        view.recipient,
        view.name,
        reader.short_date(view.sent_on),
        format_cents(view.total_cents, view.currency, reader.language),
        ", ".join(view.numbers),
        view.way,
    )
