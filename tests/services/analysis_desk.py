"""A workshop that has reports built and sent, for tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import select

from carbot_app.adapters.documents.typst_analysis import TypstAnalysisPrinter
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.outlook import AnalyticsOutlook
from carbot_app.domains.analytics.reports.content import ReportWriter
from carbot_app.domains.analytics.reports.mails import ATTACHED, ReportMails
from carbot_app.domains.analytics.reports.making import ReportMaker
from carbot_app.domains.analytics.reports.models import ReportAddress, ReportRun
from carbot_app.domains.analytics.reports.planning import Rhythm
from carbot_app.domains.analytics.reports.runs import ReportRuns
from carbot_app.domains.analytics.reports.schedules import ReportSchedules
from carbot_app.domains.analytics.reports.schemas import Report, ScheduleDraft, Wish
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import MailTransport
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.factories import make_membership, make_person, make_workshop, staff_of

MONDAY = Rhythm("weekly", 0, "10:00")
"""An hour after the clock of the tests stands still."""
ADVISER = "kanzlei@steuer.example"


class MeddledPrinter(TypstAnalysisPrinter):
    """The printer, with something that happens meanwhile."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], None] = lambda: None

    def print_report(self, report: Report) -> bytes:
        """See ReportPrinter."""
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().print_report(report)


@dataclass
class AnalysisDesk:
    """The services of reports over a real file store."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    person: Person
    runs: ReportRuns
    schedules: ReportSchedules
    maker: ReportMaker
    printer: MeddledPrinter
    messaging: MessagingService
    folder: Path
    owner: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.owner = staff_of(self.workshop, person_id=self.person.id)

    def work(self) -> None:
        """What the outbox has for the worker."""
        OutboxWorker(self.database, self.clock, quick={}, slow={"reports": self.maker.on_event}).drain()

    def draft(self, **fields: Any) -> ScheduleDraft:
        """A plan of every Monday for the owner."""
        told: dict[str, Any] = {
            **{"template": "owner_week", "columns": ("new_leads", "revenue"), "form": "pdf"},
            **{"rhythm": MONDAY, "people": (self.person.id,)},
        }
        return ScheduleDraft(**{**told, **fields})

    def wish(self, **fields: Any) -> Wish:
        """A report of a week."""
        told: dict[str, Any] = {
            **{"template": "owner_week", "columns": ("new_leads", "revenue"), "form": "pdf"},
            **{"first": date(2026, 11, 16), "last": date(2026, 11, 22)},
        }
        return Wish(**{**told, **fields})

    def go_to(self, local: str) -> None:
        """Move the clock to a time in the workshop's zone."""
        at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(self.workshop.timezone))
        self.clock.advance(at - self.clock())

    def all(self, table: type[Any]) -> list[Any]:
        """Rows of a table, the oldest first."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(table).order_by(table.id)))

    @property
    def mails(self) -> list[OutgoingMessage]:
        """Mails with reports, the oldest first."""
        return [mail for mail in self.all(OutgoingMessage) if mail.kind == "report"]

    @property
    def run(self) -> ReportRun:
        """The only run."""
        (run,) = self.all(ReportRun)
        return run

    def token_of(self, email: str) -> str:
        """The secret in the link of an address."""
        return next(row.token for row in self.all(ReportAddress) if row.email == email)

    def files(self) -> list[Path]:
        """What lies in the store."""
        return [path for path in (self.folder / "reports").rglob("*") if path.is_file()]

    def request(self, **fields: Any) -> UUID:
        """A report somebody asked for and the worker built."""
        run_id = self.runs.request(self.owner, self.wish(**fields)).id
        self.work()
        return run_id


def open_analysis_desk(
    database: Database,
    clock: ManualClock,
    folder: Path,
    *,
    workshop: Workshop | None = None,
    transport: MailTransport | None = None,
) -> AnalysisDesk:
    """A workshop with its services of reports; without a transport mails are held."""
    workshop = workshop or make_workshop(database)
    person = make_person(database)
    make_membership(database, workshop, person)
    messaging = MessagingService(db=database, clock=clock, transport=transport)
    printer = MeddledPrinter()
    mails = ReportMails(messaging=messaging, public_url="https://carbot.example")
    shared: dict[str, Any] = {
        **{"db": database, "clock": clock, "mails": mails, "printer": printer},
        "writer": ReportWriter(
            db=database,
            analytics=AnalyticsService(db=database, clock=clock),
            outlook=AnalyticsOutlook(db=database, clock=clock),
            clock=clock,
        ),
        "store": FolderFileStore(folder / "reports"),
        "documents": FolderFileStore(folder / "documents"),
    }
    runs = ReportRuns(**shared)
    messaging.add_source(ATTACHED, runs.attachment)
    return AnalysisDesk(
        database,
        clock,
        workshop,
        person,
        runs,
        ReportSchedules(db=database, clock=clock, mails=mails),
        ReportMaker(**shared),
        printer,
        messaging,
        folder,
    )
