"""What the demo workshop wrote down for its customers, and what they asked in vain."""

from carbot_app.bootstrap import Services
from carbot_app.domains.knowledge.schemas import Terms
from carbot_app.domains.knowledge.starters import starter_articles
from carbot_app.domains.team.models import Workshop

QUESTIONS = (
    ("Macht ihr auch Wohnmobile?", "de", 4),
    ("Haben Sie eine Ladesäule für E-Autos?", "de", 2),
    ("Do you also repair motorbikes?", "en", 1),
    ("Araba yıkama yapıyor musunuz?", "tr", 1),
)
DISCOUNT = Terms(percent=5, from_cents=300_00)


def write_down(services: Services, workshop: Workshop) -> None:
    """Fill knowledge, open questions and the rule for discounts."""
    actor = services.team.system_actor(workshop.id)
    for draft in starter_articles():
        services.knowledge.save_article(actor, draft)
    for question, language, count in QUESTIONS:
        for _ in range(count):
            services.knowledge.note_gap(actor, question, language=language)
    services.knowledge.set_terms(actor, DISCOUNT)
