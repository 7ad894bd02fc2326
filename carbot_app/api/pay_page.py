"""HTML of the page where a request is paid, for phones first.

Nothing comes from elsewhere before the button is pressed. Where the provider has a form for our own page, a
script of ours opens it then (pay_form.js); without the script the same button leads to the provider's page.
"""

import html
from functools import partial
from pathlib import Path

from carbot_app.domains.payments.ports import FAILED, OPEN, PAID, REFUNDED
from carbot_app.domains.payments.schemas import DEPOSIT, PayPage
from carbot_app.kit.i18n import translate

_STYLE = (
    ":root{color-scheme:light dark;--bg:oklch(.973 .004 95);--card:oklch(1 0 0);"
    "--line:oklch(.912 .006 95);--ink:oklch(.24 .015 235);--muted:oklch(.46 .015 235);"
    "--go:oklch(.46 .09 215);--on:oklch(.985 .008 215);--ok:oklch(.42 .1 152);"
    "--oks:oklch(.957 .032 152);--warn:oklch(.46 .1 65);--warns:oklch(.962 .045 85);"
    "--err:oklch(.48 .17 25);--hex:#006778}"
    "@media(prefers-color-scheme:dark){:root{--bg:oklch(.178 .012 235);--card:oklch(.225 .012 235);"
    "--line:oklch(.315 .014 235);--ink:oklch(.945 .006 235);--muted:oklch(.74 .012 235);"
    "--go:oklch(.77 .085 210);--on:oklch(.2 .04 215);--ok:oklch(.84 .11 152);--oks:oklch(.29 .04 152);"
    "--warn:oklch(.87 .11 80);--warns:oklch(.3 .045 75);--err:oklch(.78 .12 25);--hex:#67bccd}}"
    "*{box-sizing:border-box}body{margin:0;"
    "background:var(--bg);color:var(--ink);"
    "font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:anywhere}main{"
    "max-width:30rem;min-height:100dvh;margin:0 auto;padding:24px 16px 32px;display:flex;"
    "flex-direction:column;gap:16px}header{color:var(--muted);font-weight:600}h1{font-size:25px;"
    "line-height:31px;letter-spacing:-.02em;margin:0}h2{font-size:17px;line-height:24px;"
    "margin:0 0 12px}p{margin:0}.m{color:var(--muted)}.c{background:var(--card);"
    "border:1px solid var(--line);border-radius:16px;padding:20px}.a{font-size:36px;line-height:44px;"
    "font-weight:700;letter-spacing:-.02em;font-variant-numeric:tabular-nums}button,.b{display:block;"
    "width:100%;min-height:56px;padding:14px 24px;border:0;border-radius:12px;font:inherit;"
    "font-size:17px;font-weight:600;text-align:center;text-decoration:none;cursor:pointer;"
    "background:var(--go);color:var(--on)}button[disabled]{opacity:.6;cursor:progress}.l{margin-top:4px;"
    "background:none;color:var(--go);font-size:16px;text-decoration:underline}#pay-element{min-height:56px;"
    "margin-bottom:20px}.p{color:var(--err)}.p:not(:empty){margin-bottom:16px}[hidden]{display:none}"
    "button:focus-visible,a:focus-visible,summary:focus-visible{"
    "outline:3px solid var(--go);outline-offset:3px}.s{font-size:14px;line-height:20px;margin-top:12px}"
    ".n{border-radius:12px;padding:14px 16px;background:var(--warns);color:var(--warn)}.ok{"
    "background:var(--oks);border-color:transparent;color:var(--ok)}.ok h1,.ok p{color:inherit}dl{"
    "margin:0;display:grid;gap:10px}dt{font-size:14px;line-height:20px;color:var(--muted)}dd{margin:0;"
    "font-variant-numeric:tabular-nums}.q{background:#fff;border-radius:12px;padding:16px;"
    "margin:0 auto 16px;max-width:220px}.q.w{max-width:none;overflow-x:auto}.q svg{display:block;"
    "width:100%;height:auto}footer{margin-top:auto;padding-top:8px;font-size:14px;line-height:20px;"
    "color:var(--muted)}footer nav{display:flex;gap:20px;flex-wrap:wrap}footer a{color:inherit;"
    "padding:12px 0;display:inline-block}"
)
_REFRESH_SECONDS = 3
_PAYABLE = (OPEN, FAILED)
FORM_SCRIPT = (Path(__file__).parent / "pay_form.js").read_text(encoding="utf-8")


def pay_page(page: PayPage, *, came_back: bool = False, problem: str = "") -> str:
    """The whole page; ``came_back`` from the provider, whose word may still be on its way."""
    t = partial(translate, page.language)
    waits = came_back and page.state in _PAYABLE and not problem
    parts = [f"<header>{html.escape(page.workshop)}</header>"]
    if problem:
        parts.append(f'<p class="n" role="alert">{html.escape(problem)}</p>')
    if waits:
        parts.append(_told(page, "waiting"))
    elif page.state in _PAYABLE:
        parts += _asked(page)
    else:
        parts.append(_told(page, page.state))
    if page.back_url:
        back = html.escape(t("payments.back"))
        parts.append(f'<p><a href="{html.escape(page.back_url)}">{back}</a></p>')
    parts.append(_footer(page))
    again = f'<meta http-equiv="refresh" content="{_REFRESH_SECONDS}"/>' if waits else ""
    title = html.escape(f"{t('payments.title')} · {page.workshop}")
    return (
        f'<!DOCTYPE html><html lang="{page.language}"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta name="robots" content="noindex"/>{again}<title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _asked(page: PayPage) -> list[str]:
    t = partial(translate, page.language)
    failed = f'<p class="n" role="alert">{html.escape(t("payments.state_failed"))}</p>'
    terms = ""
    if page.purpose == DEPOSIT:
        words = html.escape(t("payments.deposit_terms", hours=page.terms))
        terms = f'<p class="m s">{words}</p>'
    parts = [failed] if page.state == FAILED else []
    parts.append(
        f'<section class="c"><h1>{html.escape(_purpose(page))}</h1>'
        f'<p class="m" style="margin-top:12px">{html.escape(t("payments.amount"))}</p>'
        f'<p class="a">{html.escape(page.amount)}</p>{terms}</section>'
    )
    if page.online:
        parts.append(_online(page))
    if page.iban:
        parts.append(_transfer(page))
    if not page.online and not page.iban:
        parts.append(f'<p class="n">{html.escape(t("payments.no_way"))}</p>')
    return parts


def _online(page: PayPage) -> str:
    """The button, and the place of the provider's form, which comes once it was pressed."""
    t = partial(translate, page.language)
    told = {"key": page.publishable_key, "script": page.script_url} if page.publishable_key else {}
    facts = "".join(f' data-{name}="{html.escape(value)}"' for name, value in told.items())
    button = (
        f'<form method="post"{facts}><button type="submit">{html.escape(t("payments.online"))}</button>'
        f'<p class="m s">{html.escape(t("payments.online_note"))}</p></form>'
    )
    if not page.publishable_key:
        return button
    failed = html.escape(t("payments.state_failed"))
    return (
        f'{button}<form id="pay-form" class="c" hidden><div id="pay-element"></div>'
        f'<p id="pay-problem" class="p" role="alert" data-failed="{failed}"></p>'
        f'<button type="submit">{html.escape(t("payments.pay_amount", amount=page.amount))}</button>'
        f'<button type="button" id="pay-elsewhere" class="l">{html.escape(t("payments.elsewhere"))}</button>'
        f"</form><script>{FORM_SCRIPT}</script>"
    )


def _transfer(page: PayPage) -> str:
    t = partial(translate, page.language)
    wide = " w" if page.iban.startswith(("CH", "LI")) else ""
    picture = ""
    if page.code:
        label = html.escape(t("payments.scan"))
        picture = f'<div class="q{wide}" role="img" aria-label="{label}">{page.code}</div>'
    iban = " ".join(page.iban[at : at + 4] for at in range(0, len(page.iban), 4))
    facts = {"payee": page.account_name, "iban": iban, "amount": page.amount, "reference": page.reference}
    rows = "".join(
        f"<div><dt>{html.escape(t(f'payments.{name}'))}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in facts.items()
    )
    return (
        f'<section class="c"><h2>{html.escape(t("payments.transfer"))}</h2>{picture}<dl>{rows}</dl></section>'
    )


def _told(page: PayPage, state: str) -> str:
    t = partial(translate, page.language)
    title = html.escape(t(f"payments.state_{state}"))
    text = html.escape(t(f"payments.state_{state}_text", workshop=page.workshop))
    tone = " ok" if state in {PAID, REFUNDED} else ""
    return (
        f'<section class="c{tone}" role="status"><h1>{title}</h1>'
        f'<p style="margin-top:8px">{text}</p></section>'
        f'<section class="c"><p class="m">{html.escape(_purpose(page))}</p>'
        f'<p class="a">{html.escape(page.amount)}</p></section>'
    )


def _purpose(page: PayPage) -> str:
    return translate(page.language, f"payments.for_{page.purpose}", text=page.text)


def _footer(page: PayPage) -> str:
    t = partial(translate, page.language)
    home = f"/w/{page.slug}"
    phone = f"<p>{html.escape(t('payments.questions', phone=page.phone))}</p>" if page.phone else ""
    return (
        f"<footer><p>{html.escape(t('payments.legal', workshop=page.workshop))}</p>{phone}"
        f'<nav><a href="{home}/impressum/">{html.escape(t("payments.imprint"))}</a>'
        f'<a href="{home}/datenschutz/">{html.escape(t("payments.privacy"))}</a></nav></footer>'
    )
