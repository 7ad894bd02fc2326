"""What the demo workshop made of the service library: packages, prices from labour and parts, a rule."""

from dataclasses import replace

from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.editing_schemas import RuleDraft, ServiceDraft
from carbot_app.domains.team.models import Workshop

OWNER = "Stefan Müller"
PACKAGES = (
    ServiceDraft(
        names={
            "de": "Räder-Rundum-Paket: Wechsel, Reinigung, Einlagerung",
            "en": "Wheel care package: change, cleaning, storage",
            "tr": "Jant paketi: değişim, temizlik, saklama",
            "pl": "Pakiet koła: wymiana, mycie, przechowanie",
        },
        descriptions={
            "de": "Räderwechsel mit Sichtprüfung, Felgen innen und außen gereinigt, eine Saison eingelagert.",
            "en": "Wheel change with visual check, rims cleaned inside and out, stored for one season.",
            "tr": "Görsel kontrollü tekerlek değişimi, jant temizliği ve bir sezon saklama.",
            "pl": "Wymiana kół z oględzinami, mycie felg i przechowanie przez jeden sezon.",
        },
        category="packages",
        price_model="package",
        members=("TYR-CHG-001", "TYR-RIM-003", "TYR-STO-001"),
        discount_percent=10,
        bookable=True,
        synonyms=("Räderpaket", "Reifenpaket", "Komplettpaket Räder"),
    ),
    ServiceDraft(
        names={
            "de": "Urlaubs-Check mit Klimaservice",
            "en": "Holiday check with air conditioning service",
            "tr": "Klima bakımlı tatil kontrolü",
            "pl": "Przegląd wakacyjny z serwisem klimatyzacji",
        },
        descriptions={
            "de": "Sicherheits-Check und Klimaservice in einem Termin.",
            "en": "Safety check and air conditioning service in one visit.",
            "tr": "Güvenlik kontrolü ve klima bakımı tek randevuda.",
            "pl": "Przegląd bezpieczeństwa i serwis klimatyzacji podczas jednej wizyty.",
        },
        category="packages",
        price_model="package",
        members=("SAF-CHK-001", "CLI-SRV-001"),
        discount_percent=15,
        bookable=True,
        synonyms=("Urlaubscheck", "Ferien-Check"),
    ),
)


def tailor_catalogue(services: Services, workshop: Workshop) -> None:
    """Give the demo a history of its catalogue; everything can be undone in the app."""
    actor = replace(services.team.system_actor(workshop.id), name=OWNER)
    editing = services.catalog_editing
    editing.set_active(actor, ["TYR-RIM-003"], True)
    for package in PACKAGES:
        editing.save(actor, package)
    alternator = editing.get_draft(actor, "ELE-ALT-001")
    worked_out = replace(
        alternator,
        calculated=True,
        parts_cost_cents=24_000,
        parts_list_cents=32_000,
        exchange_part=True,
    )
    editing.save(actor, worked_out)
    fleet = RuleDraft(
        names={
            "de": "Flottenkunden",
            "en": "Fleet customers",
            "tr": "Filo müşterileri",
            "pl": "Klienci flotowi",
        },
        percent=-8,
        fleet=True,
    )
    editing.save_rule(actor, fleet)
