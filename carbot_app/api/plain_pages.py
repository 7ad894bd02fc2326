"""Small pages without scripts, for moments when the application has nothing to show."""

import html

from carbot_app.domains.analytics.reports.schemas import AddressPage
from carbot_app.domains.booking.invitations import BOOKED, OPEN, InvitationPage
from carbot_app.domains.customers.consents import MAINTENANCE, OFFERS, REVIEW, TYRES
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
    ".times{display:grid;gap:12px;margin-top:24px}.times button{margin:0;text-align:left}"
    "@media(prefers-color-scheme:dark){body{background:oklch(.178 .012 235);color:oklch(.945 .006 235)}"
    "p{color:oklch(.74 .012 235)}strong{color:oklch(.945 .006 235)}"
    "button{background:oklch(.77 .085 210);color:oklch(.2 .04 215)}}"
)

_OF_CONSENT = {
    **{TYRES: "season", MAINTENANCE: "maintenance"},
    **{REVIEW: "automations.review", OFFERS: "automations.offers"},
}
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


def report_address_page(found: AddressPage) -> str:
    """Asks whether an address wants reports, or says that it gets them; a form, no script."""
    part = "on" if found.confirmed else "ask"
    told = {"workshop": found.workshop, "email": found.email}
    title, text, do = (
        translate(found.language, f"reports.link.{part}_{name}", **told) for name in ("title", "text", "do")
    )
    answer = "no" if found.confirmed else "yes"
    form = (
        f'<form method="post"><input type="hidden" name="wanted" value="{answer}"/>'
        f'<button type="submit">{html.escape(do)}</button></form>'
    )
    return _page(found.language, title, text, form)


def call_page(language: str, name: str, phone: str) -> str:
    """Dials at once where the device lets it, and has a link for where it does not."""
    number = html.escape(phone)
    title = translate(language, "push.call_title", name=name or translate(language, "push.unknown_customer"))
    dial = f'<meta http-equiv="refresh" content="0;url=tel:{number}"/>'
    return _page(language, title, "", f'<p><a href="tel:{number}"><strong>{number}</strong></a></p>', dial)


def invitation_page(found: InvitationPage, words: str = "season.link") -> str:
    """A time the workshop keeps for a customer, with a button to take it and a way to others.

    ``words``: where the texts about what is proposed are.
    """

    def word(key: str, **values: object) -> str:
        return html.escape(translate(found.language, f"{words}.{key}", **values))

    other = f'<p><a href="{html.escape(found.booking_link)}">{word("other")}</a></p>'
    facts = (" · ".join(filter(None, (found.service, found.price))), found.car)
    lines = "".join(f"<p>{html.escape(fact)}</p>" for fact in facts if fact)
    nonbinding = f"<p><small>{word('nonbinding')}</small></p>"
    if found.state != OPEN:
        topic = "booked" if found.state == BOOKED else "lost"
        text = translate(found.language, f"{words}.{topic}_text", workshop=found.workshop, phone=found.phone)
        after = "" if found.state == BOOKED else other
        if found.slots:
            buttons = "".join(
                f'<button name="slot" value="{html.escape(one.id)}">{html.escape(one.label)}</button>'
                for one in found.slots
            )
            after = f'{lines}<form method="post" class="times">{buttons}</form>{nonbinding}{after}'
        return _page(found.language, translate(found.language, f"{words}.{topic}_title"), text, after)
    kept = word("until" if found.until else "not_kept", until=found.until)
    form = (
        f"<p><strong>{html.escape(found.when)}</strong></p>{lines}<p>{kept}</p>"
        f'<form method="post"><button type="submit">{word("accept")}</button></form>{nonbinding}{other}'
    )
    return _page(found.language, translate(found.language, f"{words}.open_title"), found.workshop, form)


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
