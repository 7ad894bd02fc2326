"""What the stand-in of the widget API says: one workshop, and an answer for each beginning of a message."""

SLUG = "mueller-dortmund"
NAME = "Kfz-Meisterbetrieb Müller"

WORKSHOP = {
    "slug": SLUG,
    "name": NAME,
    "short_name": NAME,
    "initial": "M",
    "phone": "0231 555 01 77",
    "phone_href": "tel:+492315550177",
    "city": "Dortmund",
    "accent": {
        "light": {
            "primary": "oklch(0.5 0.155 32)",
            "content": "oklch(0.985 0.008 32)",
            "soft": "oklch(0.96 0.02 32)",
            "ink": "oklch(0.42 0.14 32)",
        },
        "dark": {
            "primary": "oklch(0.77 0.1 32)",
            "content": "oklch(0.2 0.05 32)",
            "soft": "oklch(0.3 0.05 32)",
            "ink": "oklch(0.84 0.09 32)",
        },
    },
    "languages": ["de", "en", "tr", "pl"],
    "language": "de",
    "open_now": True,
    "notices": {
        "de": f"Sie chatten mit einem KI-Assistenten von {NAME}. Ein Mensch kann jederzeit übernehmen.",
        "en": f"You are chatting with an AI assistant of {NAME}. A person can take over at any time.",
        "tr": f"{NAME} yapay zekâ asistanıyla sohbet ediyorsunuz. Bir kişi her zaman devralabilir.",
        "pl": f"Czatują Państwo z asystentem AI firmy {NAME}. Człowiek może w każdej chwili przejąć rozmowę.",
    },
    "privacy_url": f"/w/{SLUG}/datenschutz",
    "booking_url": f"/w/{SLUG}/termin",
    "imprint_url": f"/w/{SLUG}/impressum",
}

PRICE = (
    "Das sollten wir bald ansehen. Beläge und Scheiben vorn kosten für Ihren Golf 7 **349 bis 429 €**, "
    "inklusive Einbau und MwSt. Fahren Sie bis dahin vorsichtig."
)
SLOTS = {
    "type": "slots",
    "title": "Nächste freie Zeiten",
    "slots": [
        {"id": "s1", "label": "Mi, 14. Okt., 15:30 Uhr", "recommended": False},
        {"id": "s2", "label": "Do, 15. Okt., 8:00 Uhr", "recommended": True},
        {"id": "s3", "label": "Fr, 16. Okt., 9:15 Uhr", "recommended": False},
    ],
    "more_label": "Andere Zeit wählen",
}
CONTACT = {"type": "contact", "fields": ["name", "phone", "email"]}
BOOKING = {
    "type": "booking",
    "title": "Termin bestätigt",
    "when": "Do, 15. Okt., 8:00 Uhr",
    "price": "349 bis 429 €",
    "address": "Rheinische Straße 12, 44137 Dortmund",
    "ics_url": "/termin/abc.ics",
    "manage_url": "/termin/abc",
}
DANGER = {
    "type": "danger",
    "text": "Nicht weiterfahren. Stellen Sie das Auto sicher ab und rufen Sie uns an.",
    "phone": WORKSHOP["phone"],
    "phone_href": WORKSHOP["phone_href"],
}
HOSTILE = [
    {"type": "slots", "title": "<img src=x onerror=alert(1)>", "slots": [{"id": "x", "label": "<b>now</b>"}]},
    {"type": "link", "label": "elsewhere", "url": "https://evil.example/"},
    {"type": "link", "label": "script", "url": "javascript:alert(1)"},
    {"type": "danger", "text": "<script>alert(1)</script>", "phone": "1", "phone_href": "javascript:x"},
    {"type": "hologram", "text": "unknown kinds are ignored"},
    {"type": "constructor"},
]
REPLIES = {
    "type": "replies",
    "options": [{"label": "Ja, gern", "value": "yes"}, {"label": "Nein", "value": "no"}],
}

SCRIPTS: dict[str, tuple[str, list[dict]]] = {
    "Bremsen": (PRICE, [SLOTS]),
    SLOTS["slots"][1]["label"]: ("Gern. Wie erreichen wir Sie?", [CONTACT]),
    "Erika Krause": ("Der Termin steht. Wir freuen uns auf Sie.", [BOOKING]),
    "Bremse versagt": ("Ihre Sicherheit geht vor.", [DANGER]),
    "hostile": ("<script>alert(1)</script> **bold** <img src=x onerror=alert(1)>", HOSTILE),
    "replies": ("Passt Ihnen das?", [REPLIES]),
    "long": ("Donaudampfschifffahrtsgesellschaftskapitän" * 6, []),
    "rtl": ("مرحبا، سيارتك جاهزة", []),
    "link": ("Hier:", [{"type": "link", "label": "Online buchen", "url": WORKSHOP["booking_url"]}]),
    "break": (PRICE, [SLOTS]),
}
