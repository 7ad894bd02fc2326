"""What runs beside requests: the outbox worker and the clock-driven jobs."""

from apscheduler.schedulers.background import BackgroundScheduler

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.jobs.live_hints import live_hints

SEND_SECONDS = 10
PLAN_SECONDS = 60
OFFER_SECONDS = 30
CALENDAR_SECONDS = 10
"""How often is looked who is due; a calendar without news is due every five minutes."""


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
                "push": services.push.on_event,
                "appointment_mail": services.appointment_messages.on_event,
                "waitlist": services.waitlist.on_event,
                "waitlist_mail": services.waitlist_mailer.on_event,
                "calendars": services.calendar_sync.on_event,
            },
        )
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            services.messaging.send_due,
            "interval",
            seconds=SEND_SECONDS,
            max_instances=1,
            coalesce=True,
            id="send_due",
        )
        self._scheduler.add_job(
            services.reminders.plan_due,
            "interval",
            seconds=PLAN_SECONDS,
            max_instances=1,
            coalesce=True,
            id="plan_reminders",
        )
        self._scheduler.add_job(
            services.waitlist.offer_overdue,
            "interval",
            seconds=OFFER_SECONDS,
            max_instances=1,
            coalesce=True,
            id="offer_overdue",
        )
        self._scheduler.add_job(
            services.calendar_sync.sync_due,
            "interval",
            seconds=CALENDAR_SECONDS,
            max_instances=1,
            coalesce=True,
            id="sync_calendars",
        )

    def start(self) -> None:
        """Begin; changes of this process are delivered at once, those of others at the next poll."""
        self._services.db.on_emit = self.outbox.wake
        self.outbox.start()
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self._scheduler.shutdown(wait=True)
        self.outbox.stop()
