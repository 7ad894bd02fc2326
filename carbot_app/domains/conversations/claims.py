"""Prices, times, dates and weekdays stated in a text, in four languages (pure)."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_CURRENCY = (
    r"(?:€|eur\b|euros?\b|euro'?\w*|avro\b|chf\b|franken\b|frank\w*|fr\.|£|\$|usd\b"
    r"|zł\w*|pln\b|tl\b|lira\w*|dolar\w*|cents?\b)"
)
_JOIN = r"\s*(?:–|—|-|bis|to|do|ile|und|and|ve|oder|or|i|lub)\s*"
_MONEY_AFTER = re.compile(
    rf"(?:(?P<low>{_NUMBER}){_JOIN})?(?P<high>{_NUMBER})(?:,[-–—]+)?\s*{_CURRENCY}", re.IGNORECASE
)
_MONEY_BEFORE = re.compile(
    rf"{_CURRENCY}\s*(?P<low>{_NUMBER})(?:{_JOIN}(?:{_CURRENCY}\s*)?(?P<high>{_NUMBER}))?", re.IGNORECASE
)
_MONEY_DASH = re.compile(rf"(?P<high>{_NUMBER}),[-–—]+(?!\d)")
_MONEY_VERB = re.compile(
    r"\b(?:kosten|kostet|preis(?:\s+(?:ist|beträgt|liegt bei))?|costs?|price(?:\s+is)?"
    r"|fiyat\w*|tutar\w*|ücret\w*|kosztuj\w*|cena(?:\s+(?:to|wynosi))?)"
    rf"[\s:]+(?:\w+\s+){{0,2}}?(?P<high>{_NUMBER})"
    r"(?!\s*(?:[:.]\d|%|min|std|stunden?|uhr|hours?|saat|dakika|godz|dni|km|mm|jahre?|years?|x\b|\d))",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d+(?:[.,]\d+)?\s*(?:%|prozent|percent|procent\w*)|(?:%|yüzde)\s*\d+", re.IGNORECASE)
_GRATIS = re.compile(
    r"\b(?:kostenlos\w*|gratis|umsonst|kostenfrei\w*"
    r"|free of charge|for free|no charge|at no cost|complimentary"
    r"|ücretsiz\w*|bedava|bezpłatn\w*|za darmo|darmow\w*|gratisowo)\b",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b\w*(?:hundert|tausend|zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|zehn|elf|zwölf"
    r"|hundred|thousand|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|yüz|bin|elli|altmış|yetmiş|seksen|doksan|kırk|otuz|yirmi"
    r"|sto|dwieście|trzysta|czterysta|pięćset|tysiąc|dzieścia|dzieści|dziesiąt)\w*(?:\s+\w+)?\s+(?:euro\w*|€|avro|franken|frank\w*|złot\w*|lira\w*|pounds?|dollars?)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d.,:/])(?:"
    r"(?P<h1>[01]?\d|2[0-3]):(?P<m1>[0-5]\d)(?:\s?(?P<half1>[ap])\.?m\b)?"
    r"|(?P<h2>[01]?\d|2[0-3])(?:\.(?P<m2>[0-5]\d))?\s?(?:uhr|h\b|o['’]?clock)(?:\s?(?P<m2b>[0-5]\d)\b)?"
    r"|(?P<h3>1[0-2]|0?[1-9])(?:[:.](?P<m3>[0-5]\d))?\s?(?P<half3>[ap])\.?\s?m\b"
    r"|\b(?:saat|godz(?:\.|inie|iny)?|gegen|um|at|o)\s(?P<h4>[01]?\d|2[0-3])(?:[.](?P<m4>[0-5]\d))?(?=$|[\s'’,;)!?]|[.](?!\d))"
    r"(?!\s?(?:€|eur|%|km|tage|days|dni|gün|x\b|minut|min|reifen|tyres|jahre|years))"
    r"|(?P<h5>[01]?\d|2[0-3])(?P<m5>)(?=\s?[–-]\s?(?:[01]?\d|2[0-4])(?:[:.]\d\d)?\s?(?:uhr|h\b))"
    r")(?!\s?%|\d)",
    re.IGNORECASE,
)
_WORDED_CLOCK = re.compile(
    r"\b(?:halb|viertel (?:vor|nach)|dreiviertel|half past|quarter (?:to|past)"
    r"|wpół do|kwadrans (?:po|przed))\s+\w+"
    r"|\b\w+\s+buçuk\w*|\b(?:mittags um zwölf|at noon|o północy|w południe)\b"
    r"|\b(?:eins|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf) uhr\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o['’]?clock\b",
    re.IGNORECASE,
)
_MONTHS = {
    1: "jan(?:uar|uary)?|jänner|ocak|oca|stycz(?:eń|nia)|sty",
    2: "feb(?:ruar|ruary)?|şubat|şub|lut(?:y|ego)?",
    3: "märz|mrz|mär|mar(?:ch)?|mart|marzec|marca",
    4: "apr(?:il)?|nisan|nis|kwie(?:cień|tnia)|kwi",
    5: "mai|may|mayıs|maj|maja",
    6: "juni?|june?|haziran|haz|czerw(?:iec|ca)|cze",
    7: "juli?|july?|temmuz|tem|lip(?:iec|ca)?",
    8: "aug(?:ust)?|ağustos|ağu|sierp(?:ień|nia)|sie",
    9: "sep(?:t(?:ember)?)?|eylül|eyl|wrze(?:sień|śnia)|wrz",
    10: "okt(?:ober)?|oct(?:ober)?|ekim|eki|paź(?:dziernika|dziernik)?",
    11: "nov(?:ember)?|kasım|kas|listopada?|lis",
    12: "dez(?:ember)?|dec(?:ember)?|aralık|ara|gru(?:dzień|dnia)?",
}
_MONTH = "|".join(f"(?P<mon{number}>{names})" for number, names in _MONTHS.items())
_DAY_MONTH = re.compile(
    rf"(?<![\d.,:/-])(?P<day>[0-3]?\d)(?:\.|st|nd|rd|th)?\s(?:of\s)?(?:{_MONTH})\b\.?(?:\s(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b(?:{_MONTH})\b\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:.]\d|\s?(?:uhr|€|eur))\b(?:,?\s(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_DIGIT_DATE = re.compile(
    r"(?<![\d.,:/-])(?P<day>[0-3]?\d)[./](?P<month>1[0-2]|0?[1-9])(?:\.|/|(?=[\s,;)]|$))(?P<year>20\d\d|\d\d)?(?![\d%€]|[.,]\d|\s?(?:€|eur|uhr|h\b|mm|km|l\b))"
)
_ISO_DATE = re.compile(r"\b(?P<year>20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")
_WEEKDAYS = {
    1: "montags?|mo|mondays?|mon|pazartesi\\w*|pzt|poniedział\\w*|pon",
    2: "dienstags?|di|tuesdays?|tues?|salı\\w*|wtor\\w*|wt",
    3: "mittwochs?|mi|wednesdays?|wed|çarşamba\\w*|çar|środ\\w*|śr",
    4: "donnerstags?|do|thursdays?|thurs?|thu|perşembe\\w*|per|czwart\\w*|czw",
    5: "freitags?|fr|fridays?|fri|cuma(?!rtesi)\\w*|cum|piąt\\w*|pt",
    6: "samstags?|sonnabends?|sa|saturdays?|sat|cumartesi\\w*|cmt|sobot\\w*|sob",
    7: "sonntags?|so|sundays?|sun|pazar(?!tesi)\\w*|paz|niedziel\\w*|niedz|ndz",
}
_AMBIGUOUS = {
    "do",
    "so",
    "mi",
    "di",
    "mo",
    "fr",
    "sa",
    "per",
    "pon",
    "sun",
    "sat",
    "mon",
    "wed",
    "pt",
    "wt",
    "paz",
    "sob",
    "cum",
}
_BEFORE_DATE = re.compile(r"\.?,?\s?\d|\s?[–-]\s?[^\W\d]")
_RELATIVE = {
    0: r"heute|heut|today|tonight|bugün\w*|dziś|dzisiaj|dzis",
    1: r"(?<!guten )(?<!schönen )morgen(?!s)|tomorrow|yarın\w*|jutro",
    2: r"übermorgen|day after tomorrow|öbür gün|pojutrze",
}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text states. ``money_cents`` holds None for amounts that cannot be compared (words, percent)."""

    money_cents: tuple[int | None, ...]
    clocks: tuple[time | None, ...]
    dates: tuple[date | None, ...]
    weekdays: tuple[int, ...]
    relative_days: tuple[int, ...]


def read_claims(text: str, today: date) -> Claims:
    """Everything in ``text`` that states a price, a time, a date or a day. ``today`` completes dates."""
    dates, without_dates = _dates(text, today)
    money, without_money = _money(without_dates)
    clocks, _ = _clocks(without_money)
    return Claims(
        money_cents=money,
        clocks=clocks,
        dates=dates,
        weekdays=tuple(day for day, pattern in _weekday_patterns() if _names_day(pattern, text)),
        relative_days=tuple(
            offset
            for offset, words in _RELATIVE.items()
            if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)
        ),
    )


def read_clocks(text: str) -> list[time]:
    """Clock times a customer typed; ``8`` alone is none."""
    _, rest = _dates(text, date(2000, 1, 1))
    return [clock for clock in _clocks(rest)[0] if clock is not None]


def _money(text: str) -> tuple[tuple[int | None, ...], str]:
    found: list[int | None] = []
    for pattern in (_MONEY_BEFORE, _MONEY_AFTER, _MONEY_DASH, _MONEY_VERB):
        while match := pattern.search(text):
            groups = match.groupdict()
            found += [_cents(groups[name]) for name in ("low", "high") if groups.get(name)]
            text = text[: match.start()] + " … " + text[match.end() :]
    found += [None for _ in _PERCENT.finditer(text)]
    found += [None for _ in _NUMBER_WORD.finditer(text)]
    found += [0 for _ in _GRATIS.finditer(text)]
    return tuple(found), text


def _cents(number: str) -> int:
    bare = re.sub(r"['’ \u00a0\u202f]", "", number)
    whole, fraction = bare, ""
    if match := re.fullmatch(r"(.*)[.,](\d{1,2})", bare):
        whole, fraction = match[1], match[2]
    return int(re.sub(r"[.,]", "", whole)) * 100 + int((fraction + "00")[:2])


def _clocks(text: str) -> tuple[tuple[time | None, ...], str]:
    found: list[time | None] = []
    for match in _CLOCK.finditer(text):
        groups = match.groupdict()
        hour = int(next(groups[f"h{i}"] for i in range(1, 6) if groups[f"h{i}"]))
        minute = int(next((groups[m] for m in ("m1", "m2", "m2b", "m3", "m4") if groups[m]), 0))
        half = (groups["half1"] or groups["half3"] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        found.append(time(hour, minute) if hour < 24 else None)
    found += [None for _ in _WORDED_CLOCK.finditer(text)]
    return tuple(found), text


def _dates(text: str, today: date) -> tuple[tuple[date | None, ...], str]:
    found: list[date | None] = []
    for pattern in (_ISO_DATE, _DAY_MONTH, _MONTH_DAY, _DIGIT_DATE):
        while match := pattern.search(text):
            found.append(_date(match.groupdict(), today))
            text = text[: match.start()] + " … " + text[match.end() :]
    return tuple(found), text


def _date(groups: dict[str, str | None], today: date) -> date | None:
    month = int(groups.get("month") or next((n for n in _MONTHS if groups.get(f"mon{n}")), 0))
    year_text = groups.get("year")
    year = int(year_text) + (2000 if len(year_text) == 2 else 0) if year_text else today.year
    try:
        day = date(year, month, int(groups["day"] or 0))
    except ValueError:
        return None
    if not year_text and day < today - timedelta(days=60):
        day = day.replace(year=year + 1)
    return day


def _names_day(pattern: re.Pattern[str], text: str) -> bool:
    for match in pattern.finditer(text):
        word = match[0].lower().replace("ı", "i")
        # Short forms are words of their own ("do", "so", "mı"): they count before a number or a day only.
        if word not in _AMBIGUOUS or (match[0][0].isupper() and _BEFORE_DATE.match(text[match.end() :])):
            return True
    return False


@cache
def _weekday_patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((day, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for day, words in _WEEKDAYS.items())
