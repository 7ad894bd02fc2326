"""Everything between an installed environment and a served application; each step only if it is needed."""

from pathlib import Path

from carbot_app.build.frontend import BUILD_DIR, FrontendBuild
from carbot_app.build.widget import build_widget
from carbot_app.config import Settings
from carbot_app.steps import Steps


def prepare(settings: Settings, root: Path, steps: Steps) -> None:
    """Build the frontend and, beside it, bring database, language model and demo up to date.

    Raises:
        BuildFailed: one of the tools failed.
        DatabaseTooNew: the database belongs to a newer CarBot.
    """
    with steps.step("Widget") as words:
        words.append("built" if build_widget(root, BUILD_DIR) else "unchanged")
    with FrontendBuild(root) as frontend:
        if frontend.needed:
            steps.tell("Frontend", "")
        prepare_backend(settings, steps)
        with steps.step("Frontend", "") as words:
            built = frontend.wait(lambda detail: steps.tell("Frontend", detail))
            words.append("built" if built else "unchanged")


def prepare_backend(settings: Settings, steps: Steps) -> None:
    """Database, language model, service library and demo: what a server without the build needs."""
    from carbot_app.bootstrap import build_services
    from carbot_app.db.migrate import migrate
    from carbot_app.db.session import Database
    from carbot_app.demo.load import load_demo
    from carbot_app.domains.conversations.nlu import MessageAnalyser

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with steps.step("Database") as words:
        engine = Database(settings.effective_database_url).engine
        words.append("migrated" if migrate(engine) else "unchanged")
        engine.dispose()
    with steps.step("Assistant", "learning from the examples"):
        MessageAnalyser.load()
    services = build_services(settings)
    with steps.step("Services") as words:
        words.append("updated" if services.catalog.update_libraries() else "unchanged")
    if settings.demo:
        with steps.step("Demo workshop", "two years of history") as words:
            words.append("loaded" if load_demo(services) else "unchanged")
    services.db.close()
