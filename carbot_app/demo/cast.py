"""Who appears in the demo: the workshop, its team, its customers. All invented."""

# ruff: noqa: E501 - one person a line reads best

from dataclasses import dataclass

SLUG = "mueller-dortmund"
PASSWORD = "carbot-demo-2026"  # noqa: S105 - printed on purpose: a demo login

WORKSHOP = {
    "slug": SLUG,
    "name": "Kfz-Meisterbetrieb Müller",
    "short_name": "Kfz Müller",
    "legal_form": "Kfz-Meisterbetrieb Stefan Müller e. K.",
    "represented_by": "Stefan Müller",
    "street": "Hörder Bahnhofstraße 12",
    "postal_code": "44263",
    "city": "Dortmund",
    "country": "DE",
    "region": "NW",
    "phone": "0231 / 555 01 20",
    "email": "werkstatt@kfz-mueller-dortmund.example",
    "website": "https://kfz-mueller-dortmund.example",
    "vat_id": "DE123456788",
    "register_entry": "HRA 18204, Amtsgericht Dortmund",
    "chamber": "Handwerkskammer Dortmund, Kfz-Innung Dortmund und Lünen",
    "rating": "4,8",
    "rating_count": 312,
}

OPENING_HOURS = {
    **{str(day): [["07:30", "12:00"], ["12:45", "18:00"]] for day in range(1, 6)},
    "6": [["09:00", "13:00"]],
}

TEAM = (
    ("Stefan Müller", "owner@kfz-mueller.example", "owner"),
    ("Petra Müller", "leitung@kfz-mueller.example", "manager"),
    ("Jana Krüger", "annahme@kfz-mueller.example", "front_desk"),
    ("Emre Yıldız", "technik@kfz-mueller.example", "technician"),
    ("Doris Lehmann", "buero@kfz-mueller.example", "accountant"),
)
"""Name, login, role; everybody's password is PASSWORD."""

_MORNINGS = {str(day): [["08:00", "12:00"]] for day in range(1, 6)}
_FOUR_DAYS = {day: [["07:30", "16:30"]] for day in ("1", "3", "4", "5")}
TECHNICIANS = (
    (
        "Emre Yıldız",
        "Bremse, HV, Elektrik",
        ("mechanic", "mechanic_senior", "diagnostic_specialist", "climate_certified", "hv_certified"),
        {},
    ),
    ("Marek Nowak", "Motor, Klima", ("mechanic", "mechanic_senior", "climate_certified"), {}),
    ("Lukas Brandt", "Reifen, Karosserie", ("mechanic", "tyre_fitter", "body_specialist"), {}),
    ("Tim Hoffmann", "Azubi, 2. Jahr", ("mechanic", "tyre_fitter"), _FOUR_DAYS),
    ("GTÜ-Prüfer", "vormittags", ("inspector_external",), _MORNINGS),
)
"""Name, remark, skills and own hours: the apprentice is at school on Tuesdays."""
BAYS = (
    ("Bühne 1", True, ("standard", "inspection", "climate")),
    ("Bühne 2", True, ("standard", "alignment")),
    ("Bühne 3", True, ("standard", "diagnostic", "climate", "tyre", "storage")),
    ("Reifenplatz", False, ("tyre", "storage")),
    ("Prüfstraße", False, ("inspection", "diagnostic", "reception", "body")),
)
LOANERS = (("VW Polo", "DO-KM 311"), ("Fiat Panda", "DO-KM 312"))
TYRE_SEASONS = (("10-01", "12-10"), ("03-15", "05-10"))
"""The tyre bay is then for nothing else."""
ABSENCES = (
    ("Marek Nowak", 8, 12, "vacation", ""),
    ("Lukas Brandt", 3, 3, "training", "Achsvermessung, Bosch Dortmund"),
    ("Fiat Panda", 2, 3, "repair", "Inspektion"),
)
"""Who, from and to in days from today, reason, note."""
UNPLANNED = (
    ("ELE-BAT-002", "Ruft wegen der Uhrzeit noch einmal an"),
    ("SAF-BRK-002", ""),
    ("ENG-DIA-001", "Springt morgens schlecht an"),
)
"""Work agreed by phone that has no time yet."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A customer with a car."""

    name: str
    phone: str
    email: str
    language: str
    plate: str
    make: str
    model: str
    year: int
    vehicle_class: str


FIRST_NAMES = {
    "de": (
        "Anna", "Thomas", "Lisa", "Jürgen", "Sabine", "Michael", "Katrin", "Uwe", "Heike", "Jonas", "Melanie",
        "Dirk", "Birgit", "Florian", "Silke", "Andreas", "Nicole", "Günter", "Tanja", "Björn", "Carla", "Holger",
    ),
    "tr": ("Mehmet", "Ayşe", "Mustafa", "Elif", "Hüseyin", "Zeynep", "İbrahim", "Fatma", "Okan", "Gülşen"),
    "pl": ("Katarzyna", "Piotr", "Agnieszka", "Tomasz", "Małgorzata", "Łukasz", "Ewa", "Paweł"),
    "en": ("Grace", "Daniel", "Priya", "James", "Amara", "Oliver"),
}  # fmt: skip
LAST_NAMES = {
    "de": (
        "Neumann", "Becker", "Hartmann", "Schäfer", "Krause", "Vogel", "Lange", "Richter", "Kramer", "Peters",
        "Zimmermann", "Maurer", "Conrad", "Tönnies", "Weiß", "Köhler", "Busch", "Möller", "Sommer", "Brinkmann",
    ),
    "tr": ("Demir", "Yılmaz", "Kaya", "Şahin", "Çelik", "Öztürk", "Aydın", "Arslan"),
    "pl": ("Wójcik", "Kowalska", "Nowicki", "Zieliński", "Wiśniewska", "Dąbrowski"),
    "en": ("Okafor", "Miller", "Sharma", "Walker", "Bennett"),
}  # fmt: skip
CARS = (
    ("VW", "Golf VII", "compact"), ("VW", "Polo", "small"), ("VW", "Passat B8", "mid"), ("VW", "Tiguan", "suv"),
    ("VW", "Caddy", "van"), ("Opel", "Corsa", "small"), ("Opel", "Astra K", "compact"), ("Ford", "Fiesta", "small"),
    ("Ford", "Focus", "compact"), ("BMW", "320d", "mid"), ("Mercedes-Benz", "C 200", "mid"),
    ("Audi", "A4 Avant", "mid"), ("Audi", "A3", "compact"), ("Skoda", "Octavia", "compact"),
    ("Skoda", "Fabia", "small"), ("Seat", "Leon", "compact"), ("Renault", "Zoe", "small"),
    ("Renault", "Clio", "small"), ("Toyota", "Yaris", "small"), ("Hyundai", "i30", "compact"),
    ("Fiat", "500", "small"), ("Dacia", "Duster", "suv"), ("Volvo", "V60", "mid"), ("Peugeot", "208", "small"),
)  # fmt: skip
DISTRICTS = ("DO", "DO", "DO", "DO", "BO", "UN", "HA", "EN", "HAM", "LÜN")

HEROES = (
    Driver("Sabine Krause", "+491715550142", "s.krause@example.com", "de", "DO-AB 123", "VW", "Golf VII", 2015, "compact"),
    Driver("Mehmet Demir", "+491765550177", "m.demir@example.com", "tr", "DO-MD 77", "BMW", "320d", 2017, "mid"),
    Driver("Pflegedienst Sonnenschein GmbH", "+4923155501880", "fuhrpark@sonnenschein.example", "de", "DO-PS 21", "VW", "Caddy", 2020, "van"),
    Driver("Hannah Vogel", "+491525550109", "hannah.vogel@example.com", "de", "DO-HV 88E", "Renault", "Zoe", 2021, "small"),
    Driver("Katarzyna Wójcik", "+491575550133", "k.wojcik@example.com", "pl", "UN-KW 412", "Skoda", "Octavia", 2018, "compact"),
    Driver("Jürgen Schäfer", "+491715550144", "j.schaefer@example.com", "de", "EN-JS 300", "Mercedes-Benz", "C 200", 2018, "mid"),
    Driver("Lisa Hartmann", "+491605550121", "lisa.hartmann@example.com", "de", "BO-LH 56", "Ford", "Fiesta", 2016, "small"),
    Driver("Thomas Becker", "+491775550188", "t.becker@example.com", "de", "DO-TB 1904", "Opel", "Astra K", 2019, "compact"),
)  # fmt: skip
"""The people of the open threads at the top of the inbox."""
