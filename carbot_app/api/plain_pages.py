"""Small pages without scripts, for moments when the application has nothing to show."""

import html
from functools import partial

from carbot_app.domains.customers.consents import OFFERS, REVIEW, TYRES
from carbot_app.domains.tyres.season_schemas import BOOKED, OPEN, InvitationPage
from carbot_app.kit.i18n import translate

_STYLE = (
    "body{margin:0;min-height:100dvh;display:grid;place-items:center;font:16px/24px system-ui,-apple-system,"
    "'Segoe UI',Roboto,sans-serif;background:oklch(.973 .004 95);color:oklch(.24 .015 235)}"
    "main{max-width:30rem;padding:32px 24px}"
    "h1{font-size:25px;line-height:31px;letter-spacing:-.02em;margin:0 0 12px}"
    "p{margin:0;color:oklch(.46 .015 235)}p+p{margin-top:8px}form+p{margin-top:12px}"
    "strong{font-size:20px;line-height:28px;color:oklch(.24 .015 235)}"
    "p>a{display:inline-block;padding:14px 0;color:inherit}"
    "button{margin-top:24px;min-height:52px;padding:0 24px;border:0;border-radius:12px;font:inherit;"
    "font-weight:600;cursor:pointer;background:oklch(.46 .09 215);color:oklch(.985 .008 215)}"
    "@media(prefers-color-scheme:dark){body{background:oklch(.178 .012 235);color:oklch(.945 .006 235)}"
    "p{color:oklch(.74 .012 235)}strong{color:oklch(.945 .006 235)}"
    "button{background:oklch(.77 .085 210);color:oklch(.2 .04 215)}}"
)

_OF_CONSENT = {TYRES: "season", REVIEW: "automations.review", OFFERS: "automations.offers"}
"""Where the words about ending a consent are, for all but that to inspections."""


def unknown_workshop_page(language: str) -> str:
    """Answer to a public address of a workshop that does not exist."""
    return _plain_page(language, "not_found")


def unknown_link_page(language: str) -> str:
    """Answer to a secret link that was never given out."""
    return _plain_page(language, "link_unknown")


def unsubscribe_page(language: str, workshop: str, kind: str, *, done: bool) -> str:
    """Asks whether what a consent of ``kind`` allows shall end, or says that it has; a form, no script."""
    words = _OF_CONSENT.get(kind, "inspection")
    button = html.escape(translate(language, f"{words}.unsubscribe_do"))
    form = "" if done else f'<form method="post"><button type="submit">{button}</button></form>'
    topic = "unsubscribed" if done else "unsubscribe"
    return _page(
        language,
        translate(language, f"{words}.{topic}_title"),
        translate(language, f"{words}.{topic}_text", workshop=workshop),
        form,
    )


def call_page(language: str, name: str, phone: str) -> str:
    """Dials at once where the device lets it, and has a link for where it does not."""
    number = html.escape(phone)
    title = translate(language, "push.call_title", name=name or translate(language, "push.unknown_customer"))
    dial = f'<meta http-equiv="refresh" content="0;url=tel:{number}"/>'
    return _page(language, title, "", f'<p><a href="tel:{number}"><strong>{number}</strong></a></p>', dial)


def invitation_page(found: InvitationPage) -> str:
    """A time the workshop keeps for a customer, with a button to take it and a way to others."""
    words = partial(translate, found.language)
    other = (
        f'<p><a href="{html.escape(found.booking_link)}">{html.escape(words("season.link.other"))}</a></p>'
    )
    if found.state != OPEN:
        topic = "booked" if found.state == BOOKED else "lost"
        text = words(f"season.link.{topic}_text", workshop=found.workshop, phone=found.phone)
        after = "" if found.state == BOOKED else other
        return _page(found.language, words(f"season.link.{topic}_title"), text, after)
    kept = words("season.link.until" if found.until else "season.link.not_kept", until=found.until)
    facts = (" · ".join(filter(None, (found.service, found.price))), found.car, kept)
    lines = "".join(f"<p>{html.escape(fact)}</p>" for fact in facts if fact)
    lines = f"<p><strong>{html.escape(found.when)}</strong></p>{lines}"
    accept, nonbinding = words("season.link.accept"), words("season.link.nonbinding")
    form = (
        f'{lines}<form method="post"><button type="submit">{html.escape(accept)}</button></form>'
        f"<p><small>{html.escape(nonbinding)}</small></p>{other}"
    )
    return _page(found.language, words("season.link.open_title"), found.workshop, form)


def _plain_page(language: str, topic: str) -> str:
    words = (translate(language, f"platform.public.{topic}.{part}") for part in ("title", "text"))
    return _page(language, *words)


def _page(language: str, title: str, text: str, form: str = "", head: str = "") -> str:
    title, text = html.escape(title), html.escape(text)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta name="robots" content="noindex"/>{head}<title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>"
    )
