"""Prices over the API, now and as they were."""

from dataclasses import replace
from datetime import UTC, datetime

from carbot_app.bootstrap import Services
from tests.api.conftest import Partner, Tenant


def test_a_quote_has_lines_and_tax_by_rate_and_old_prices_can_be_asked_for(
    partner: Partner, services: Services, tenant: Tenant
) -> None:
    quote = partner.get("/services/SAF-HUA-001/quote")
    assert (quote["exact"], quote["low"]["gross_cents"]) == (True, 15_900)
    assert [(tax["category"], tax["percent"]) for tax in quote["low"]["taxes"]] == [("S", "19"), ("E", "0")]
    assert sum(line["low_cents"] for line in quote["lines"]) == quote["low"]["net_cents"]
    golf = partner.get("/services/SAF-BRK-001/quote", make="VW", model="Golf 7", on="2026-11-30")
    assert (golf["vehicle_class"], golf["low"]["gross_cents"]) == ("compact", 12_900)
    assert partner.get("/services/TYR-MNT-001/quote", quantity="4")["low"]["gross_cents"] == 4 * 2_200
    before = datetime.now(UTC)
    owner = services.team.system_actor(tenant.owner.actor.workshop_id)
    draft = services.catalog_editing.get_draft(owner, "SAF-BRK-001")
    services.catalog_editing.save(owner, replace(draft, price_min_cents=14_900))
    assert partner.get("/services/SAF-BRK-001/quote", model="Golf")["low"]["gross_cents"] == 14_900
    old = partner.get("/services/SAF-BRK-001/quote", model="Golf", as_of=before.isoformat())
    assert old["low"]["gross_cents"] == 12_900
    assert partner.call("GET", "/services/NIX-001/quote").status_code == 404
