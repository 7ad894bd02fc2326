"""What a browser calls itself, as people call it (pure)."""

# Order matters: Edge also claims to be Chrome, Chrome also claims to be Safari, Android also claims Linux.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe_browser(user_agent: str) -> str:
    """``Chrome · Windows``; what is not known is left out, so the text may be empty."""
    found = (
        next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))


def is_handheld(user_agent: str) -> bool:
    """Whether it runs on a phone or tablet."""
    return any(mark in user_agent for mark in ("iPhone", "iPad", "Android"))
