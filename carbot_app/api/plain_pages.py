"""Small pages without scripts, for moments when the application has nothing to show."""

import html

from carbot_app.kit.i18n import translate

_STYLE = (
    "body{margin:0;min-height:100dvh;display:grid;place-items:center;font:16px/24px system-ui,-apple-system,"
    "'Segoe UI',Roboto,sans-serif;background:oklch(.973 .004 95);color:oklch(.24 .015 235)}"
    "main{max-width:30rem;padding:32px 24px}"
    "h1{font-size:25px;line-height:31px;letter-spacing:-.02em;margin:0 0 12px}"
    "p{margin:0;color:oklch(.46 .015 235)}"
    "@media(prefers-color-scheme:dark){body{background:oklch(.178 .012 235);color:oklch(.945 .006 235)}"
    "p{color:oklch(.74 .012 235)}}"
)


def unknown_workshop_page(language: str) -> str:
    """Answer to a public address of a workshop that does not exist."""
    return _plain_page(language, "not_found")


def unknown_link_page(language: str) -> str:
    """Answer to a secret link that was never given out."""
    return _plain_page(language, "link_unknown")


def _plain_page(language: str, topic: str) -> str:
    title = html.escape(translate(language, f"platform.public.{topic}.title"))
    text = html.escape(translate(language, f"platform.public.{topic}.text"))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta name="robots" content="noindex"/><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    )
