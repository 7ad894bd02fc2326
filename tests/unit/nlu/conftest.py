"""One trained analyser for all tests of this directory, and the moment every message is read at."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.conversations.nlu import MessageAnalyser

# Monday; the reference time of the domain's labelled messages.
MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="session")
def analyser():
    return MessageAnalyser.load()


@pytest.fixture
def analyse(analyser):
    return lambda text, **options: analyser.analyse(text, now=MONDAY, **options)
