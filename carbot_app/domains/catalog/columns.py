"""The columns in which a catalogue is exchanged, and guessing them from headers (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from carbot_app.domains.catalog.column_values import (
    Unreadable,
    folded,
    read_choice,
    read_codes,
    read_decimal,
    read_flag,
    read_list,
    read_minutes,
    read_price,
    read_whole,
    write_list,
)
from carbot_app.domains.catalog.column_words import CHOICE_LABELS, CHOICE_WORDS, LIKELY_NOT
from carbot_app.domains.catalog.sheets import Cell
from carbot_app.domains.catalog.shelves import Shelves
from carbot_app.kit.money import round_half_up

SECONDS_A_UNIT = 360
"""The exchange format counts ten labour units (AW) an hour."""
PRICE_MIN, PRICE_MAX, CATEGORY, SUBCATEGORY = "price_min", "price_max", "category", "subcategory"
_SURE = 82
"""Similarity in percent from which a header is taken for a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are read and written."""

    key: str
    title: str
    """German header of the export."""
    field: str
    """Of the table Service."""
    read: Callable[[str], Any]
    """Text that is not empty → value; raises Unreadable. Shelves read categories themselves."""
    write: Callable[[Any], Cell]
    aliases: tuple[str, ...] = ()
    language: str = ""
    """For texts in four languages."""
    empty: Any = None
    """What an empty cell means; None: the service keeps what it has."""
    exported: bool = True


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column of a file probably is; ``confidence`` 0…1."""

    position: int
    column: str
    confidence: float


def guess_columns(header: Sequence[str]) -> tuple[Guess, ...]:
    """The best column for each header that resembles one; no column twice, the surest guess wins."""
    scored = []
    for position, title in enumerate(header):
        words = folded(title)
        for column, score in _scores(words).items():
            scored.append((score, -position, column))
    guesses: dict[int, Guess] = {}
    taken: set[str] = set()
    for score, position, column in sorted(scored, reverse=True):
        if -position not in guesses and column not in taken:
            guesses[-position] = Guess(-position, column, round(score / 100, 2))
            taken.add(column)
    return tuple(guesses[position] for position in sorted(guesses))


def guess_mapping(header: Sequence[str]) -> dict[int, str]:
    """Position in the file → key of the column; positions without a guess are left out."""
    return {guess.position: guess.column for guess in guess_columns(header)}


def write_row(fields: Mapping[str, Any], shelves: Shelves) -> list[Cell]:
    """A service as a row of the export."""
    return [write_cell(column, fields, shelves) for column in EXPORTED]


def write_cell(column: Column, fields: Mapping[str, Any], shelves: Shelves) -> Cell:
    """One cell of a service."""
    value = fields[column.field]
    if column.field == CATEGORY:
        return shelves.label(value)
    if column.field == SUBCATEGORY:
        return shelves.label(value, fields[CATEGORY])
    if column.language:
        return value.get(column.language, "")
    return column.write(value)


def _scores(words: str) -> dict[str, float]:
    if not words:
        return {}
    if exact := _ALIASES.get(words):
        return {exact: 100.0}
    if not LIKELY_NOT.isdisjoint(words.split()):
        return {}
    scores: dict[str, float] = {}
    for alias, column in _ALIASES.items():
        if (score := _likeness(words, alias)) >= _SURE:
            scores[column] = max(scores.get(column, 0.0), score)
    return scores


def _likeness(one: str, other: str) -> float:
    """Misspelt, or the same words with others around them; a little less sure than being equal."""
    ratio = fuzz.ratio(one, other)
    if len(other) > 3 and set(other.split()) <= set(one.split()):
        ratio = max(ratio, 84 + 10 * len(other) / len(one))
    return min(ratio, 99.0)


def _texts(key: str, title: str, field: str, aliases: Mapping[str, str]) -> list[Column]:
    names = {"de": "Deutsch", "en": "Englisch", "tr": "Türkisch", "pl": "Polnisch"}
    return [
        Column(
            f"{key}_{language}", f"{title} {name}", field, _plain, str, _split(aliases.get(language, "")),
            language=language, empty="",
        )
        for language, name in names.items()
    ]  # fmt: skip


def _split(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split(" | ") if word)


def _plain(text: str) -> str:
    return text.strip(" \u00a0")


def _money(cents: int) -> Cell:
    return Decimal(cents) / 100


def _number(value: int | None) -> Cell:
    return value


def _one_price(text: str) -> int:
    price = read_price(text)
    if price.high is not None:
        raise Unreadable("import_number", text=text[:40])
    return price.low


def _units(text: str) -> int:
    return round_half_up(read_decimal(text) * SECONDS_A_UNIT)


def _write_units(seconds: int) -> Cell:
    whole, rest = divmod(seconds, SECONDS_A_UNIT)
    return round(seconds / SECONDS_A_UNIT, 4) if rest else whole


def _amount(key: str, title: str, field: str, aliases: str) -> Column:
    return Column(key, title, field, _one_price, _money, _split(aliases))


def _flag(key: str, title: str, aliases: str) -> Column:
    return Column(key, title, key, read_flag, lambda on: "ja" if on else "nein", _split(aliases))


def _choice(key: str, title: str, aliases: str) -> Column:
    words, labels = CHOICE_WORDS[key], CHOICE_LABELS[key]
    code = "catalog_price_model_unknown" if key == "price_model" else "catalog_choice_unknown"
    return Column(
        key, title, key, lambda text: read_choice(text, words, code=code),
        lambda value: labels.get(value, value), _split(aliases),
    )  # fmt: skip


def _list(key: str, title: str, aliases: str, *, codes: bool = False) -> Column:
    return Column(key, title, key, read_codes if codes else read_list, write_list, _split(aliases), empty=())


COLUMNS: tuple[Column, ...] = (
    Column("code", "Nummer", "code", lambda text: text.strip().upper(), str, _split(
        "Code | Artikelnummer | Artikelnr | Art Nr | ArtNr | Nr | Leistungsnummer | Leistungsnr"
        " | Leistungscode"
        " | Pos | Position | Item no | SKU | Service code | Kod | Ürün kodu | Numer | Nr katalogowy"
        " | Kod usługi"
        " | Arbeitsnummer | Positionsnummer")),
    Column(CATEGORY, "Kategorie", CATEGORY, _plain, str, _split(
        "Warengruppe | Gruppe | Hauptgruppe | Bereich | Rubrik | WG | Leistungsgruppe | Category"
        " | Group | Kategori"
        " | Grup | Kategoria | Grupa | Dział")),
    Column(SUBCATEGORY, "Unterkategorie", SUBCATEGORY, _plain, str, _split(
        "Untergruppe | Subcategory | Subgroup | Alt kategori | Podkategoria | Podgrupa"), empty=""),
    *_texts("name", "Name", "names", {
        "de": "Bezeichnung | Leistung | Leistungsbezeichnung | Leistungen | Artikelbezeichnung"
        " | Artikel | Name"
        " | Titel | Arbeit | Tätigkeit | Dienstleistung | Service | Kurztext | Bezeichnung deutsch",
        "en": "Name English | Service name | Title | Item | Work | Job",
        "tr": "Hizmet | Hizmet adı | İşlem | Ürün adı | Ad | İş",
        "pl": "Nazwa | Usługa | Nazwa usługi | Czynność | Praca"}),
    *_texts("description", "Beschreibung", "descriptions", {
        "de": "Beschreibung | Langtext | Text | Leistungsumfang | Details", "en": "Description",
        "tr": "Açıklama", "pl": "Opis"}),
    _choice("price_model", "Preisart", "Preismodell | Art des Preises | Price model | Fiyat türü"
        " | Rodzaj ceny"),
    Column(PRICE_MIN, "Preis von", "price_min_cents", read_price, _money, _split(
        "Preis | Preis brutto | Bruttopreis | Brutto | VK | VK brutto | VK Preis | Verkaufspreis | Endpreis"
        " | Preis EUR | Preis inkl MwSt | Preis € | ab Preis | Preis ab | Mindestpreis | Kosten"
        " | Price | Gross price"
        " | Price from | Min price | Minimum price | Fiyat | Fiyatı | Satış fiyatı | Tutar | Ücret"
        " | En düşük fiyat"
        " | Cena | Cena brutto | Cena od | Kwota | UVP | Preis min")),
    _amount(PRICE_MAX, "Preis bis", "price_max_cents",
        "Höchstpreis | Maximalpreis | Preis max | VK bis | bis | Price to | Max price | Maximum price"
        " | En yüksek fiyat | Cena do | Cena maksymalna"),
    _choice("unit", "Einheit", "ME | Mengeneinheit | VPE | Unit | Birim | Jednostka | JM | Jedn"),
    Column("units", "AW", "labour_seconds", _units, _write_units, _split(
        "Arbeitswerte | AW 10 | Arbeitswert | Labour units | AWs | ZE | Zeiteinheiten | İşçilik birimi"
        " | Jednostki robocze | RBG")),
    Column("minutes", "Minuten", "minutes", read_minutes, _number, _split(
        "Dauer | Dauer Min | Dauer in Minuten | Min | Zeit | Arbeitszeit | Zeitbedarf | Zeit min | Duration"
        " | Duration min | Minutes | Time | Süre | Süre dk | Dakika | Czas | Czas min | Minuty"
        " | Czas trwania")),
    Column("hours", "Stunden", "minutes", lambda text: read_minutes(text, unit=60), _number, _split(
        "Dauer Std | Dauer in Stunden | Dauer h | Std | Zeit Std | Zeit h | Hours | Duration h | Saat"
        " | Süre saat"
        " | Godziny | Czas h | Czas godz | Arbeitszeit Std"), exported=False),
    _choice("bay", "Arbeitsplatz", "Bühne Art | Platz | Bay | Work bay | İstasyon | Stanowisko"),
    _flag("lift", "Hebebühne", "Bühne | Lift | Lift needed | Lift gerekli | Podnośnik"),
    _choice("skill", "Qualifikation", "Fachkraft | Monteur | Skill | Uzmanlık | Kwalifikacje"),
    _choice("rate", "Stundensatz", "Verrechnungssatz | Satz | Rate | Hourly rate | Saat ücreti | Stawka"),
    _flag("calculated", "Berechnet", "Preis berechnet | Kalkuliert | Calculated | Hesaplanan | Obliczana"),
    _amount("parts_cost", "Teile EK netto", "parts_cost_cents",
        "EK | EK netto | EK Preis | Einkaufspreis | Teile EK | Materialkosten | Teilekosten"
        " | Parts cost | Cost price"
        " | Parça maliyeti | Alış fiyatı | Koszt części | Cena zakupu"),
    _amount("list_price", "Listenpreis Austauschteil netto", "parts_list_cents",
        "Listenpreis | Listenpreis netto | List price | Liste fiyatı | Cena katalogowa"),
    _amount("fee", "Gebühr", "fee_cents", "Prüfgebühr | Amtliche Gebühr | Gebühren | Fee | Public fee"
        " | Harç | Opłata"),
    Column("parts_lead", "Teile Vorlauf Tage", "parts_lead_days", read_whole, _number, _split(
        "Lieferzeit Tage | Vorlauf | Teile Lieferzeit | Parts lead days | Parça temin süresi gün"
        " | Czas dostawy części dni")),
    Column("interval_km", "Intervall km", "interval_km", read_whole, _number, _split(
        "Intervall | Kilometer Intervall | Interval km | Kilometre aralığı | Interwał km"), empty=()),
    Column("interval_months", "Intervall Monate", "interval_months", read_whole, _number, _split(
        "Monate Intervall | Interval months | Ay aralığı | Interwał miesiące"), empty=()),
    _flag("hu_relevant", "HU-relevant", "HU | TÜV relevant | MOT relevant | Muayene için önemli"
        " | Ważne dla przeglądu"),
    _list("dtc_families", "Fehlercodes", "Fehlercode | DTC | Trouble codes | Arıza kodları | Kody usterek"),
    _flag("exchange_part", "Austauschteil", "Altteil | Exchange part | Değişim parçası | Część wymienna"),
    _list("upsells", "Passt dazu", "Zusatzleistungen | Zusatzverkauf | Upsells | Ek hizmetler"
        " | Usługi dodatkowe",
        codes=True),
    _list("members", "Paketinhalt", "Enthaltene Leistungen | Package members | Paket içeriği"
        " | Zawartość pakietu",
        codes=True),
    Column("discount", "Paketvorteil %", "discount_percent", read_whole, _number, _split(
        "Rabatt | Rabatt % | Paketrabatt | Discount | Discount % | İndirim | Rabat")),
    _list("synonyms", "Suchwörter", "Synonyme | Stichworte | Synonyms | Keywords | Eş anlamlılar | Synonimy"),
    _flag("bookable", "Online buchbar", "Buchbar | Bookable | Online booking | Online randevu"
        " | Rezerwacja online"),
    _flag("active", "Angeboten", "Aktiv | Active | Offered | Etkin | Aktywna"),
    Column("notes", "Notiz", "notes", _plain, str, _split(
        "Bemerkung | Bemerkungen | Anmerkung | Hinweis | Notizen | Notes | Remark | Comment | Not"
        " | Notlar | Uwagi"),
        empty=""),
)  # fmt: skip
"""In the order of the export."""
BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
EXPORTED = tuple(column for column in COLUMNS if column.exported)
_ALIASES: dict[str, str] = {}
for _column in COLUMNS:
    for _alias in (_column.title, _column.key, *_column.aliases):
        _ALIASES.setdefault(folded(_alias), _column.key)
__all__ = ["BY_KEY", "COLUMNS", "EXPORTED", "Column", "Guess", "guess_columns", "guess_mapping", "write_row"]
