"""What runs beside requests: the outbox worker and the clock-driven jobs."""

from apscheduler.schedulers.background import BackgroundScheduler

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import Consumer, Delivery, OutboxWorker
from carbot_app.domains.compliance.service import RUN_HOUR
from carbot_app.domains.conversations.inbound import ANSWER_WANTED
from carbot_app.jobs.live_hints import analytics_hints, live_hints, tell_of_figures
from carbot_app.jobs.mailboxes import MailboxWatcher

ANSWERS_AT_ONCE, OWN_ANSWERS_AT_ONCE = 4, 1
"""Of the assistant in one process, to what came in from outside the chat: of a model elsewhere, which only
keeps waiting, and of our own, which takes the processor from everything that is not to wait."""
SEND_SECONDS = 10
PLAN_SECONDS = 60
OFFER_SECONDS = 30
CALENDAR_SECONDS = 10
"""How often is looked who is due; a calendar without news is due every five minutes."""
WAKE_SECONDS = 30
DUE_SECONDS = 20
"""Automations, tasks and reports whose time has come."""
COUNT_SECONDS = 1
"""Figures move within two seconds of what moves them."""
SWEEP_SECONDS = 3600
WAVE_SECONDS = 300
"""A wave a day: looking again finds what a pause, a restart or a campaign begun today left to do."""
REMINDER_HOUR = 7
"""UTC; after people have got up everywhere in DE, AT and CH."""
TRAINING_HOUR = 1
"""UTC; when nobody waits for the database."""


COUNTING_HOUR = 2
"""UTC; figures of the day before are whole when people get up."""
FORECAST_HOUR = 3
"""UTC; after the figures it rests on."""
RECONCILING_HOUR = 3
"""UTC; after the provider has closed its day."""


class Runtime:
    """Background work of one process, inside the web process or in ``carbot worker``.

    Several processes may run it at once: events and messages are claimed row by row.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.outbox = OutboxWorker(
            services.db,
            services.clock,
            quick={"live": live_hints(services.live)},
            slow={
                # First, so that no mail or push that hangs keeps the figures from moving
                "analytics": analytics_hints(services.event_collector.on_event, services.live),
                "push": services.push.on_event,
                "appointment_mail": services.appointment_messages.on_event,
                "waitlist": services.waitlist.on_event,
                "thread_replies": services.thread_replies.on_event,
                "missed_calls": services.incoming.on_event,
                "photo_assessment": services.media.assessment.on_event,
                "suggestions": services.suggestions.on_event,
                "calendars": services.calendar_sync.on_event,
                "leads": services.lead_outcomes.on_event,
                "orders": services.order_reactions.on_event,
                "histories": services.history_recorder.on_event,
                "automations": services.automation_runner.on_event,
                "webhooks": services.webhooks.on_event,
                "notice_mail": services.notice_mails.on_event,
                "disclosures": services.privacy.exports.on_event,
                "provider_events": services.payments.events.on_event,
                "deposits": services.payments.deposits.on_event,
                "invoice_files": services.invoices.files.on_event,
                "invoice_mails": services.invoices.mails.on_event,
                "mailed_invoices": services.mailed_invoices.on_event,
                "reports": services.reports.maker.on_event,
            },
            without=(ANSWER_WANTED,),
            is_pouring=services.inbound.is_pouring,
        )
        # Answers take seconds: hints and pushes of what comes meanwhile never wait for them
        self.answers = OutboxWorker(
            services.db,
            services.clock,
            quick={},
            slow={
                "inbound_answers": _one_after_the_other(
                    services.media.voice.on_event, services.inbound_answers.on_event
                )
            },
            only=(ANSWER_WANTED,),
            at_once=ANSWERS_AT_ONCE if services.settings.ai_base_url else OWN_ANSWERS_AT_ONCE,
            is_pouring=services.inbound.is_pouring,
            gives_way=True,
        )
        self._mailboxes = MailboxWatcher(services.mailbox_watch)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        every = {
            services.messaging.send_due: SEND_SECONDS,
            services.reminders.plan_due: PLAN_SECONDS,
            services.waitlist.offer_overdue: OFFER_SECONDS,
            services.calendar_sync.sync_due: CALENDAR_SECONDS,
            services.desk.wake_due: WAKE_SECONDS,
            services.photos.sweep: SWEEP_SECONDS,
            services.diagnostics.intake.end_silent: SWEEP_SECONDS,
            services.season_waves.send_due: WAVE_SECONDS,
            services.automation_runner.run_due: DUE_SECONDS,
            services.tasks.remind_due: DUE_SECONDS,
            services.escalation.escalate_due: PLAN_SECONDS,
            services.notice_mails.send_digests: PLAN_SECONDS,
            services.payments.requests.expire_due: PLAN_SECONDS,
            services.reports.maker.run_due: DUE_SECONDS,
            self._catch_up: COUNT_SECONDS,
        }
        for job, seconds in every.items():
            self._scheduler.add_job(job, "interval", seconds=seconds, max_instances=1, coalesce=True)
        daily = {
            services.inspection_reminder.queue_due: REMINDER_HOUR,
            services.diagnostics.maintenance_mails.queue_due: REMINDER_HOUR,
            services.lead_training.retrain_due: TRAINING_HOUR,
            services.privacy.retention.run_due: RUN_HOUR,
            services.privacy.erasures.complete_list: RUN_HOUR,
            services.declined.tell_due: REMINDER_HOUR,
            services.payments.reconciliation.run: RECONCILING_HOUR,
            services.payments.events.retry: RECONCILING_HOUR,
            services.payments.events.sweep: RUN_HOUR,
            services.event_collector.tidy: COUNTING_HOUR,
            services.demand_forecasts.run: FORECAST_HOUR,
        }
        for job, hour in daily.items():
            self._scheduler.add_job(
                job, "cron", hour=hour, max_instances=1, coalesce=True, misfire_grace_time=3600
            )

    def start(self) -> None:
        """Begin; changes of this process are delivered at once, those of others at the next poll."""
        self._services.db.on_emit = self._wake
        self.outbox.start()
        self.answers.start()
        self._scheduler.start()
        self._mailboxes.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self._mailboxes.stop()
        self._scheduler.shutdown(wait=True)
        self.answers.stop()
        self.outbox.stop()

    def _catch_up(self) -> None:
        for workshop_id in self._services.event_collector.catch_up():
            tell_of_figures(workshop_id, self._services.live)

    def _wake(self) -> None:
        self.outbox.wake()
        self.answers.wake()


def _one_after_the_other(*consumers: Consumer) -> Consumer:
    """What is spoken has to be written down before it is answered."""

    def deliver(delivery: Delivery) -> None:
        for consumer in consumers:
            consumer(delivery)

    return deliver
