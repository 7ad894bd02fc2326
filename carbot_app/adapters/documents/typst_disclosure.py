"""What a person is told about their data as PDF, set by Typst."""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from carbot_app.domains.compliance.ports import Disclosure

_TEMPLATE = Path(__file__).with_name("disclosure.typ")


class TypstDisclosurePrinter:
    """A DisclosurePrinter for A4. Texts go in as data, so nothing a customer wrote can be markup."""

    def print_disclosure(self, disclosure: Disclosure) -> bytes:
        """See DisclosurePrinter."""
        return typst.compile(
            _TEMPLATE.read_bytes(), sys_inputs={"disclosure": json.dumps(asdict(disclosure))}
        )
