"""Words of the exchange format: choices with their German label first, and what workshops call columns."""

from collections.abc import Mapping

from carbot_app.domains.catalog.column_values import folded

LABELS: Mapping[str, Mapping[str, str]] = {
    "price_model": {
        "fixed": "Festpreis | fix | fest | pauschal | Pauschale | Pauschalpreis | fixed price"
        " | flat rate | sabit"
        " | sabit fiyat | cena stała | ryczałt",
        "range": "Spanne | Preisspanne | von bis | price range | fiyat aralığı | aralık | zakres | widełki",
        "per_vehicle_class": "je Fahrzeugklasse | Fahrzeugklasse | je Klasse | by vehicle class"
        " | araç sınıfına"
        " göre | według klasy pojazdu | klasa pojazdu",
        "per_unit": "je Einheit | Einheit | Stückpreis | per unit | unit price | birim fiyat | za jednostkę"
        " | cena jednostkowa",
        "hourly_aw": "nach Zeit | nach Aufwand | Stundensatz | ab Preis | Aufwand | hourly"
        " | from price | by time"
        " | saatlik | süreye göre | według czasu | godzinowa",
        "package": "Paket | package | bundle | paket fiyatı | pakiet",
    },
    "unit": {
        "job": "Auftrag | Arbeit | Vorgang | pauschal | job | Auto | Fahrzeug | iş | zlecenie | usługa",
        "piece": "Stück | Stk | St | piece | pc | each | adet | sztuka | szt",
        "set": "Satz | Set | takım | komplet | kpl",
        "axle": "Achse | axle | aks | dingil | oś",
        "wheel": "Rad | wheel | tekerlek | jant | koło",
        "tyre": "Reifen | tyre | tire | lastik | opona",
        "side": "Seite | side | taraf | strona",
        "season": "Saison | season | sezon",
        "window": "Scheibe | Fenster | window | cam | szyba",
        "litre": "Liter | L | Ltr | litre | liter | litr",
        "day": "Tag | day | gün | dzień",
        "panel": "Karosserieteil | Teil | panel | parça | element",
        "km": "km | Kilometer | kilometre | kilometr",
        "hour": "Stunde | Std | h | hour | saat | godzina | godz",
    },
    "bay": {
        "standard": "Standard | Hebebühnenplatz | Arbeitsplatz | normal | standart | standardowe",
        "diagnostic": "Diagnoseplatz | Diagnose | diagnostic | arıza tespit | diagnostyczne",
        "tyre": "Reifenplatz | Reifen | tyre bay | lastik | oponiarskie",
        "body": "Karosserieplatz | Karosserie | body shop | kaporta | blacharskie",
        "climate": "Klimaplatz | Klima | climate | klima istasyonu | klimatyzacja",
        "reception": "Annahme | reception | kabul | przyjęcie",
        "hv": "Hochvoltplatz | Hochvolt | high voltage | yüksek voltaj | wysokie napięcie",
        "inspection": "Prüfplatz | Prüfgasse | inspection lane | muayene | kontrolne",
        "none": "keiner | ohne | none | yok | brak",
        "alignment": "Achsmessplatz | Achsvermessung | alignment | rot | geometria",
        "storage": "Lager | storage | depo | magazyn",
    },
    "skill": {
        "mechanic": "Mechaniker | Mechatroniker | mechanic | usta | mechanik",
        "mechanic_senior": "Meister | Mechaniker mit Erfahrung | senior mechanic | kıdemli usta"
        " | starszy mechanik",
        "diagnostic_specialist": "Diagnosetechniker | diagnostic specialist | arıza tespit uzmanı"
        " | diagnosta",
        "tyre_fitter": "Reifenmonteur | tyre fitter | lastikçi | wulkanizator",
        "climate_certified": "Klima-Sachkunde | Klimaschein | climate certified | klima sertifikalı"
        " | certyfikat klimatyzacji",
        "hv_certified": "Hochvolt-Schein | HV-Fachkundiger | high voltage certified"
        " | yüksek voltaj sertifikalı"
        " | uprawnienia wysokonapięciowe",
        "body_specialist": "Karosseriebauer | body specialist | kaportacı | blacharz",
        "service_advisor": "Serviceberater | service advisor | servis danışmanı | doradca serwisowy",
        "adas_specialist": "Kalibrierung Assistenzsysteme | ADAS-Techniker | adas specialist | adas uzmanı"
        " | specjalista adas",
        "inspector_external": "Prüfingenieur | external inspector | muayene uzmanı | diagnosta zewnętrzny",
        "tow_driver": "Abschleppfahrer | tow driver | çekici sürücüsü | kierowca lawety",
        "glass_fitter": "Glasmonteur | glass fitter | camcı | szklarz",
        "painter": "Lackierer | painter | boyacı | lakiernik",
    },
    "rate": {
        "mechanics": "Mechanik | mechanics | mekanik | mechanika",
        "diagnosis": "Diagnose | Elektrik | diagnosis | arıza tespiti | diagnostyka",
        "body": "Karosserie | body | kaporta | blacharstwo",
        "paint": "Lack | Lackierung | paint | boya | lakiernictwo",
        "high_voltage": "Hochvolt | high voltage | yüksek voltaj | wysokie napięcie",
    },
}
"""Column → value → label and other words, parted by ``|``."""

CHOICE_LABELS = {
    column: {value: words.split(" | ")[0] for value, words in values.items()}
    for column, values in LABELS.items()
}
CHOICE_WORDS = {
    column: {
        **{folded(word): value for value, words in values.items() for word in words.split(" | ")},
        **{folded(value): value for value in values},
    }
    for column, values in LABELS.items()
}

LIKELY_NOT = frozenset(["netto", "net", "ek", "einkauf", "einkaufspreis"])
"""Prices without tax and purchase prices are only taken when the name is known exactly."""
