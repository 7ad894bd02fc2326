"""``/t/<token>``: the customer's own appointment, complete before any script runs, and its calendar file.

Whoever holds the link may see, move and cancel the appointment, so nothing here is cached, indexed or told
to other sites.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carbot_app.api.page_templates import APPOINTMENT, PageTemplates, PublicPage, RenderedPage
from carbot_app.api.plain_pages import unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.api.workshop_page import frame_facts
from carbot_app.bootstrap import Services
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.waitlist import WaitlistView
from carbot_app.domains.messaging.schemas import AttendanceView
from carbot_app.domains.ratings.schemas import RatingView
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate

_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


def appointment_routes(templates: PageTemplates, services: Services) -> list[Route]:
    """The page with and without trailing slash, and the calendar file."""

    async def page(request: Request) -> Response:
        language = language_of(request)[0]
        try:
            facts, over = await run_in_threadpool(_facts, services, request.path_params["token"], language)
        except NotFound:
            return _unknown(request, language)
        rendered = templates.render_private(APPOINTMENT, language, facts)
        return _secret(rendered.response(request, status=410 if over else 200))

    async def calendar(request: Request) -> Response:
        token = request.path_params["token"]
        try:
            booked = await run_in_threadpool(services.booking.get_by_link, token)
            text = await run_in_threadpool(services.booking.calendar_file, token)
        except NotFound:
            return _unknown(request, language_of(request)[0])
        name = f"termin-{booked.workshop_slug}-{booked.starts_at:%Y-%m-%d}.ics"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return _secret(Response(text, headers=headers, media_type="text/calendar; method=PUBLISH"))

    return [
        Route("/t/{token}/termin.ics", calendar),
        Route("/t/{token}", page),
        Route("/t/{token}/", page),
    ]


def _facts(services: Services, token: str, language: str) -> tuple[PublicPage, bool]:
    """What the page shows, and whether the appointment can no longer be changed."""
    booked = services.booking.get_by_link(token, language=language)
    workshop = services.team.get_public_workshop(booked.workshop_slug)
    waiting = services.waitlist.get_by_token(token, language=language)
    facts = PublicPage(
        workshop=workshop.name,
        title=translate(language, "platform.public.link.title", workshop=workshop.name),
        description="",
        city=workshop.city,
        phone=workshop.phone,
        extra_facts=(
            *frame_facts(workshop, language),
            *_booking_facts(booked, language),
            *_waiting_facts(waiting),
            *_attendance_facts(services.answers.get_by_link(token, language=language)),
            *_contract_facts(booked, workshop),
            *_rating_facts(services.ratings.get_by_link(token), language),
        ),
    )
    return facts, not booked.can_change


def _booking_facts(booked: BookingConfirmation, language: str) -> tuple[tuple[str, str], ...]:
    return (
        ("when", booked.when),
        ("services", booked.title),
        ("price", booked.price),
        ("stay", booked.stay),
        ("plate", booked.plate),
        ("state", booked.state),
        ("state_text", translate(language, f"public.manage.state.{booked.state}")),
        ("can_change", "yes" if booked.can_change else "no"),
        ("calendar_href", f"/t/{booked.manage_token}/termin.ics"),
        ("photos", f"/api/visits/{booked.manage_token}/photos"),
    )


def _attendance_facts(attendance: AttendanceView) -> tuple[tuple[str, str], ...]:
    deposit = attendance.deposit
    return (
        ("comes", attendance.answer),
        ("must_confirm", "yes" if attendance.must_confirm else "no"),
        ("deposit", deposit.state if deposit else ""),
        ("deposit_href", deposit.path if deposit else ""),
        ("deposit_amount", deposit.amount if deposit else ""),
        ("deposit_until", deposit.until if deposit else ""),
    )


def _contract_facts(booked: BookingConfirmation, workshop: WorkshopView) -> tuple[tuple[str, str], ...]:
    """The contract, and the way to withdraw from it with its number filled in."""
    number = booked.contract_number
    if not number or not workshop.takes_withdrawals:
        return (("contract", number),)
    return (("contract", number), ("withdraw_href", f"/w/{workshop.slug}/widerruf/?vertrag={number}"))


def _rating_facts(rating: RatingView, language: str) -> tuple[tuple[str, str], ...]:
    return (
        ("visit_rating", rating.state),
        ("visit_stars", str(rating.stars)),
        ("visit_stars_word", translate(language, f"ratings.word.{rating.stars}") if rating.stars else ""),
        ("visit_comment", rating.comment),
        ("visit_review", "yes" if rating.review_link else "no"),
        ("visit_review_href", rating.review_link),
        ("visit_callback", rating.callback),
    )


def _waiting_facts(waiting: WaitlistView) -> tuple[tuple[str, str], ...]:
    return (("wait", waiting.state), ("offer", waiting.offered), ("offer_until", waiting.until))


def _unknown(request: Request, language: str) -> Response:
    return _secret(RenderedPage(unknown_link_page(language)).response(request, status=404))


def _secret(response: Response) -> Response:
    response.headers.update(_SECRET)
    return response
