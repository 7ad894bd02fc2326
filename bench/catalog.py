"""Searching and pricing a catalogue of 600 services."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlmodel import select

from bench.harness import machine, milliseconds, record
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor

SERVICES = 600
ASKED = (
    "TÜV", "tüf", "bremsen quitschen", "klima kühlt nicht mehr", "Öl service", "balata", "wymiana opon",
    "Kupplung rutscht", "engine warning light", "Batterie leer", "zahnriemen", "fren balatası",
    "Mein Golf 7 macht beim Bremsen so ein schleifendes Geräusch, was kostet das und wann habt ihr Zeit?",
)  # fmt: skip
ROUNDS = 40


def catalog() -> None:
    """Search from customer language, misspelt, and a quote, in-process as the pages call them."""
    setting = machine()
    with tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        service, actor = _fill(db)
        golf = VehicleFacts(make="VW", model="Golf 7", year=2015)
        texts = [_typo(text, number) for number in range(ROUNDS) for text in ASKED]
        rows = service.list_services(actor, language="de")
        terms = _terms(db)
        service.search(actor, "warm", language="de")
        searches = _timed(lambda text: service.search(actor, text, language="de"), texts)
        quotes = _timed(
            lambda code: service.quote(actor, code, vehicle=golf, language="de"),
            [row.code for row in rows] * 4,
        )
        plain = _timed(lambda text: process.extract(text, terms, scorer=fuzz.WRatio, limit=8), texts[:130])
        db.close()
    record(
        "catalog",
        load=f"{SERVICES} active services, {len(texts)} searches of which most are misspelt anew, "
        f"{len(quotes)} quotes, one after the other in one process, SQLite",
        target="search p95 < 10 ms",
        baseline=f"rapidfuzz WRatio over all {len(terms)} names and synonyms: {milliseconds(plain)}",
        result={"search": milliseconds(searches), "quote": milliseconds(quotes)},
        setting=setting,
    )


def _timed(call: Callable[[str], object], inputs: Sequence[str]) -> list[float]:
    durations = []
    for given in inputs:
        began = time.perf_counter()
        call(given)
        durations.append(time.perf_counter() - began)
    return durations


def _terms(db: Database) -> list[str]:
    with db.reading(SYSTEM) as session:
        rows = session.exec(select(Service)).all()
    return [term for row in rows for term in (*row.names.values(), *row.synonyms)]


def _typo(text: str, number: int) -> str:
    """Every round but the first swaps two neighbouring letters, so that no remembered word answers."""
    rng = random.Random(f"{text}{number}")
    at = rng.randrange(len(text) - 1)
    return text if number == 0 else text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _fill(db: Database) -> tuple[CatalogService, Actor]:
    migrate(db.engine)
    service = CatalogService(db=db, monotonic=lambda: 0.0)
    with db.writing(SYSTEM) as session:
        workshop = Workshop(slug="bench", name="Bench")
        session.add(workshop)
        session.flush()
        service.load_library(session, workshop.id)
        for row in session.exec(select(Service)):
            row.active = True
        for number in range(SERVICES - 500):
            session.add(
                Service(
                    workshop_id=workshop.id, code=f"EIG-{number:03d}", category="safety", minutes=30,
                    price_model="fixed", price_min_cents=4_900, price_max_cents=4_900, active=True,
                    names={"de": f"Eigene Leistung Sonderwunsch {number}"},
                )
            )  # fmt: skip
    return service, Actor(kind="person", workshop_id=workshop.id, permissions=frozenset({"catalog.read"}))
