"""Models of leads on both engines: from stored outcomes, one version at a time, never across workshops."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.learned import store_signals
from carbot_app.domains.leads.models import Lead, LeadModel
from carbot_app.domains.leads.scoring import LeadSignals
from carbot_app.domains.leads.service import LeadFacts, LeadService
from carbot_app.domains.leads.training import LeadTraining
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden
from carbot_app.kit.ids import fingerprint, new_secret
from tests.factories import make_conversation, make_lead, make_workshop, staff_of
from tests.factories.saving import save

ASKED = LeadSignals(intents=("price_request",), lead_class="warm", value_cents=20_000)


@pytest.fixture
def training(database: Database, clock: ManualClock) -> LeadTraining:
    return LeadTraining(db=database, clock=clock)


@pytest.fixture
def leads(database: Database, clock: ManualClock) -> LeadService:
    return LeadService(db=database, clock=clock, customers=CustomerService(db=database))


def history(database: Database, workshop: Workshop, now: datetime, count: int = 240) -> None:
    """Ended leads: who left a contact was mostly won."""
    rng = Random(1)
    with database.writing(workshop.id) as session:
        for number in range(count):
            at = now - timedelta(days=40) + timedelta(hours=number * 3)
            signals = replace(ASKED, has_contact=rng.random() < 0.5, has_plate=rng.random() < 0.5)
            won = rng.random() < (0.9 if signals.has_contact else 0.1)
            thread = Conversation(
                workshop_id=workshop.id,
                channel="chat",
                token_fingerprint=fingerprint(new_secret()),
                last_message_at=at,
            )
            session.add(thread)
            session.flush()
            session.add(
                Lead(
                    workshop_id=workshop.id,
                    conversation_id=thread.id,
                    channel="chat",
                    state=rng.choice(["booked", "won"]) if won else "lost",
                    signals=store_signals(signals),
                    created_at=at,
                )
            )


def open_lead(database: Database, workshop: Workshop, **fields: object) -> Lead:
    stored = store_signals(replace(ASKED, has_contact=True))
    return make_lead(database, make_conversation(database, workshop), signals=stored, **fields)


def test_a_new_workshop_is_scored_by_the_rules(
    database: Database, training: LeadTraining, leads: LeadService
) -> None:
    workshop = make_workshop(database)
    found = training.get_model(staff_of(workshop))
    assert (found.version, found.decision, found.min_outcomes) == (0, "few_outcomes", 150)
    assert training.retrain(staff_of(workshop)).decision == "few_outcomes"


def test_a_trained_model_scores_open_leads_anew_and_those_that_come(
    database: Database, training: LeadTraining, leads: LeadService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    history(database, workshop, clock())
    waiting = open_lead(database, workshop, created_at=clock())
    model = training.retrain(staff_of(workshop))
    assert (model.version, model.decision, model.sample_size) == (1, "used", 240)
    assert model.brier is not None
    assert model.base_brier is not None
    assert model.brier < model.base_brier
    rescored = leads.get_lead(staff_of(workshop), waiting.id)
    assert (rescored.model_version, rescored.temperature, rescored.reasons[0].code) == (
        1,
        "hot",
        "contact_given",
    )
    thread = make_conversation(database, workshop, channel="mail")
    with database.writing(workshop.id) as session:
        new = leads.update_facts(
            session,
            workshop_id=workshop.id,
            conversation_id=thread.id,
            channel="mail",
            facts=LeadFacts(signals=ASKED, intent="price_request", wish="Bremsen"),
        )
    described = leads.get_lead(staff_of(workshop), new.id)
    assert (described.model_version, described.temperature, described.reasons[0].code) == (
        1,
        "cold",
        "no_contact",
    )
    assert described.reasons[0].points < 0


def test_retraining_twice_at_once_is_one_version(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    history(database, workshop, clock())
    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(lambda _: training.retrain(staff_of(workshop)).version, range(4)))
    assert versions == [1] * 4
    with database.reading(workshop.id) as session:
        assert len(session.exec(select(LeadModel)).all()) == 1


def test_a_night_without_news_makes_no_version_and_one_with_news_does(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    history(database, workshop, clock())
    assert (training.retrain_due(), training.retrain_due()) == (1, 0)
    open_lead(database, workshop, state="lost")
    assert training.retrain_due() == 1
    assert training.get_model(staff_of(workshop)).version == 2


def test_an_open_lead_that_went_quiet_counts_as_lost(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    open_lead(database, workshop, created_at=clock() - timedelta(days=22))
    open_lead(database, workshop, created_at=clock() - timedelta(days=20))
    found = training.evaluate(staff_of(workshop))
    assert (found.sample_size, found.won) == (1, 0)


def test_what_was_booked_at_once_teaches_nothing(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    make_lead(database, make_conversation(database, workshop), state="booked")
    assert training.evaluate(staff_of(workshop)).sample_size == 0


def test_what_is_known_before_a_booking_stays_after_it(
    database: Database, leads: LeadService, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    thread = make_conversation(database, workshop)
    for signals in (ASKED, replace(ASKED, booked=True, has_contact=True)):
        with database.writing(workshop.id) as session:
            leads.update_facts(
                session,
                workshop_id=workshop.id,
                conversation_id=thread.id,
                channel="chat",
                facts=LeadFacts(signals=signals, intent="price_request", wish="Bremsen"),
            )
    with database.reading(workshop.id) as session:
        lead = session.exec(select(Lead)).one()
    assert (lead.state, lead.signals["has_contact"], lead.signals["booked"]) == ("booked", False, False)
    assert (lead.signals["hour"], lead.signals["weekday"]) == (9, 1)


def test_a_model_belongs_to_its_workshop(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    history(database, ours, clock())
    assert training.retrain(staff_of(ours)).decision == "used"
    assert training.get_model(staff_of(theirs)).version == 0
    assert training.retrain(staff_of(theirs)).sample_size == 0


def test_a_changed_score_is_told_without_ringing_twice(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    workshop = make_workshop(database)
    history(database, workshop, clock())
    waiting = open_lead(database, workshop, created_at=clock())
    training.retrain(staff_of(workshop))
    with database.reading(workshop.id) as session:
        events = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "lead.scored")).all()
    (told,) = [event.payload for event in events if event.payload["lead_id"] == str(waiting.id)]
    assert (told["temperature"], told["previous_temperature"], told["model_version"]) == ("hot", "warm", 1)
    assert "became_hot" not in told


def test_only_those_who_manage_settings_train(database: Database, training: LeadTraining) -> None:
    workshop = make_workshop(database)
    with pytest.raises(Forbidden):
        training.retrain(staff_of(workshop, "front_desk"))
    with pytest.raises(Forbidden):
        training.get_model(staff_of(workshop, "technician"))


def test_one_workshop_that_cannot_be_learned_from_keeps_nobody_else_from_learning(
    database: Database, training: LeadTraining, clock: ManualClock
) -> None:
    broken, fine = make_workshop(database, "aaa"), make_workshop(database, "zzz")
    save(
        database,
        Lead(
            workshop_id=broken.id,
            conversation_id=make_conversation(database, broken).id,
            channel="chat",
            state="lost",
            signals={"urgency": "normal", "intents": 7},
        ),
    )
    history(database, fine, clock())
    training.retrain_due()
    assert training.get_model(staff_of(fine)).version == 1
