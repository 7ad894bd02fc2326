"""HTML of the report a customer gets about their car, for phones first; no script, a form per decision.

Who may not drive on reads that first, with a number to call.
"""

import html
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from babel.numbers import format_decimal

from carbot_app.domains.diagnostics.report_schemas import (
    ISSUED,
    ReportCode,
    ReportOffer,
    ReportPage,
    ReportValue,
)
from carbot_app.kit.i18n import translate

_STYLE = (Path(__file__).parent / "report_page.css").read_text(encoding="utf-8")
_TONES = {"low": "ok", "medium": "warn", "high": "warn", "critical": "err"}
_LEVELS = {"good": "ok", "watch": "warn", "act": "warn", "stop": "err"}
_SHAPES = {
    "ok": '<path d="M4 9.5l3.4 3.4L14 6"/>',
    "warn": '<path d="M9 3 16 15H2zM9 8v3.2M9 13v.1"/>',
    "err": '<path d="M6 2h6l4 4v6l-4 4H6l-4-4V6zM9 5.5v4.2M9 12.4v.1"/>',
}


def report_page(page: ReportPage, token: str, *, problem: str = "") -> str:
    """The whole page; ``problem`` is what became of a button that was pressed."""
    t = partial(translate, page.content.language)
    parts = [_head(page)]
    if problem:
        parts.append(f'<p class="c warn" role="alert">{html.escape(problem)}</p>')
    parts += _read(page, token) if page.state == ISSUED else [_over(page)]
    parts.append(_footer(page))
    style = ";".join(f"{name}:{value}" for name, value in page.accent.items())
    title = html.escape(f"{t('report.title')} · {page.workshop}")
    return (
        f'<!DOCTYPE html><html lang="{page.content.language}" style="{html.escape(style)}"><head>'
        '<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta name="robots" content="noindex"/><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _head(page: ReportPage) -> str:
    phone = html.escape(page.phone)
    call = f'<a href="{html.escape(page.phone_href)}" class="s">{phone}</a>' if page.phone_href else phone
    return f'<header class="who"><span>{html.escape(page.workshop)}</span>{call}</header>'


def _read(page: ReportPage, token: str) -> Iterator[str]:
    told, t = page.content, partial(translate, page.content.language)
    yield f"<h1>{_t(t, 'report.title')}</h1>"
    if told.stop:
        yield _stop(page)
    yield _car(page)
    if told.summary:
        short = html.escape(told.summary).replace("\n", "<br/>")
        title, mark = _t(t, "summary.page_title"), _t(t, "summary.page_mark")
        yield f'<section class="c"><h3>{title}</h3><p>{short}</p><p class="m s">{mark}</p></section>'
    if told.note:
        said = html.escape(told.note).replace("\n", "<br/>")
        yield f'<section class="c"><h3>{_t(t, "report.page.note")}</h3><p>{said}</p></section>'
    yield f"<h2>{_t(t, 'report.page.found')}</h2>"
    if not told.codes:
        none, text = _t(t, "report.page.none"), _t(t, "report.page.none_text")
        yield f'<section class="c"><p>{_chip("ok", none)}</p><p>{text}</p></section>'
    yield from (_code(one, told.stop) for one in told.codes)
    if told.values:
        yield f"<h2>{_t(t, 'report.page.measured')}</h2>" + _values(told.values)
    if told.reasons:
        reasons = "".join(f"<li>{html.escape(one)}</li>" for one in told.reasons)
        yield f'<h2>{_t(t, "report.page.reasons")}</h2><ul class="c">{reasons}</ul>'
    if told.offers:
        yield from _offers(page, token)
    yield from _booking(page, token)
    pdf, valid = _t(t, "report.page.pdf"), _t(t, "report.page.valid", when=page.valid_until)
    yield f'<p><a class="b o" href="/bericht/{html.escape(token)}/pdf">{pdf}</a></p>'
    yield f'<p class="m s">{valid} {_t(t, "report.page.limits")}</p>'


def _stop(page: ReportPage) -> str:
    t = partial(translate, page.content.language)
    call = ""
    if page.phone_href:
        words = _t(t, "report.page.call", phone=page.phone)
        call = f'<a class="b call" href="{html.escape(page.phone_href)}">{words}</a>'
    return (
        f'<section class="c err stop" role="alert"><h2>{_t(t, "report.page.stop")}</h2>'
        f"<p>{html.escape(page.content.stop)}</p><p>{_t(t, 'report.page.tow')}</p>{call}</section>"
    )


def _car(page: ReportPage) -> str:
    told, t = page.content, partial(translate, page.content.language)
    plate = f'<span class="plate">{html.escape(told.plate)}</span>' if told.plate else ""
    level = _chip(_LEVELS[told.level], html.escape(told.level_text))
    looked = _t(t, "report.page.looked", when=told.looked_on)
    if told.km:
        looked += f" · {format_decimal(told.km, locale=told.language)} km"
    return (
        f'<section class="c"><p class="car">{plate}<span>{html.escape(told.car)}</span></p>'
        f'<div class="row"><p><span class="score">{told.score}</span> <span class="m">'
        f"{_t(t, 'report.page.score', score='').strip()}</span></p>{level}</div>"
        f'<p class="m s">{looked}</p></section>'
    )


def _code(one: ReportCode, stop: str) -> str:
    advice = f"<p>{html.escape(one.advice)}</p>" if one.advice != stop else ""
    cause = f'<p class="m">{html.escape(one.cause)}</p>' if one.cause else ""
    return (
        f'<article class="c"><div class="row"><h3>{html.escape(one.title)}</h3>'
        f'<span class="m">{html.escape(one.code)}</span></div>'
        f"{_chip(_TONES[one.severity], html.escape(one.urgency))}"
        f'<p style="font-weight:600">{html.escape(one.safe_text)}</p>{advice}{cause}</article>'
    )


def _values(values: tuple[ReportValue, ...]) -> str:
    rows = "".join(
        f"<div><dt>{html.escape(one.name)}</dt><dd>{_chip(one.tone, html.escape(one.word))}</dd></div>"
        for one in values
    )
    return f'<dl class="c">{rows}</dl>'


def _offers(page: ReportPage, token: str) -> Iterator[str]:
    """One form: the name stands once, each line has its own button."""
    t = partial(translate, page.content.language)
    waits = any(one.service not in page.approved for one in page.content.offers)
    cards = "".join(_offer(one, page.approved, t) for one in page.content.offers)
    name = ""
    if waits:
        name = (
            f'<label class="c">{_t(t, "report.page.name")}<input name="name" required maxlength="120" '
            f'autocomplete="name" value="{html.escape(page.customer)}" aria-describedby="name-help"/>'
            f'<span class="m s" id="name-help" style="font-weight:450">{_t(t, "report.page.name_help")} '
            f"{_t(t, 'report.page.limit')}</span></label>"
        )
    yield f'<h2 id="costs">{_t(t, "report.page.costs")}</h2>'
    action = f"/bericht/{html.escape(token)}/freigeben"
    yield f'<form method="post" action="{action}" class="slots">{name}{cards}</form>'


def _offer(one: ReportOffer, approved: Mapping[str, str], t: partial[str]) -> str:
    answer = approved.get(one.service)
    if answer:
        done = (
            f'<div class="row">{_chip("ok", _t(t, "report.page.approved"))}'
            f'<a href="{html.escape(answer)}">{_t(t, "report.page.receipt")}</a></div>'
        )
    else:
        label = html.escape(f"{t('report.page.approve')}: {one.name}, {one.price}")
        done = (
            f'<button type="submit" name="line" value="{html.escape(one.service)}" aria-label="{label}">'
            f"{_t(t, 'report.page.approve')}</button>"
        )
    codes = _t(t, "report.page.for_codes", codes=", ".join(one.codes))
    return (
        f'<section class="c"><div class="row"><h3>{html.escape(one.name)}</h3>'
        f'<p class="p">{html.escape(one.price)}</p></div>'
        f'<div class="row m s"><span>{codes}</span><span>{_t(t, "report.page.vat")}</span></div>'
        f"{done}</section>"
    )


def _booking(page: ReportPage, token: str) -> Iterator[str]:
    told, t = page.content, partial(translate, page.content.language)
    yield f'<h2 id="termin">{_t(t, "report.page.book")}</h2>'
    if page.visit_link:
        link = html.escape(page.visit_link)
        yield (
            f'<section class="c"><p>{_chip("ok", _t(t, "report.page.booked"))}</p>'
            f'<a class="b" href="{link}">{_t(t, "report.page.visit")}</a></section>'
        )
        return
    if told.stop:
        yield f'<p class="c">{_t(t, "report.page.later")}</p>'
    elif page.slots:
        buttons = "".join(
            f'<button type="submit" class="o" name="slot" value="{html.escape(one.id)}">'
            f"{html.escape(one.label)}</button>"
            for one in page.slots
        )
        yield (
            f'<form method="post" action="/bericht/{html.escape(token)}/termin" class="c">'
            f'<p class="m">{_t(t, "report.page.book_text")}</p><div class="slots">{buttons}</div></form>'
        )
    if not told.stop:
        other = _t(t, "report.page.other")
        yield f'<p><a class="b o" href="{html.escape(page.booking_link)}">{other}</a></p>'


def _over(page: ReportPage) -> str:
    t = partial(translate, page.content.language)
    call = ""
    if page.phone_href:
        words = _t(t, "report.page.call", phone=page.phone)
        call = f'<a class="b" href="{html.escape(page.phone_href)}">{words}</a>'
    return (
        f'<section class="c" role="status"><h1>{_t(t, f"report.page.{page.state}")}</h1>'
        f"<p>{_t(t, f'report.page.{page.state}_text')}</p>{call}</section>"
    )


def _footer(page: ReportPage) -> str:
    t = partial(translate, page.content.language)
    home = f"/w/{page.workshop_slug}"
    return (
        f'<footer class="m s"><nav><a href="{home}/impressum/">{_t(t, "report.page.imprint")}</a>'
        f'<a href="{home}/datenschutz/">{_t(t, "report.page.privacy")}</a></nav></footer>'
    )


def _chip(tone: str, words: str) -> str:
    """Shape, word and colour; ``words`` are escaped."""
    shape = (
        '<svg class="ring" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.8" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{_SHAPES[tone]}</svg>'
    )
    return f'<span class="chip {tone}">{shape}{words}</span>'


def _t(t: partial[str], key: str, **values: object) -> str:
    return html.escape(t(key, **values))
