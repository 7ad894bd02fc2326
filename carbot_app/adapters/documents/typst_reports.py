"""The report of a diagnosis as PDF, set by Typst."""

import io
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import font_source_sans_pro
import segno
import typst
from babel.numbers import format_decimal

from carbot_app.domains.diagnostics.report_schemas import ReportSheet
from carbot_app.kit.i18n import list_words, translate

_TEMPLATE = Path(__file__).with_name("report.typ")
_FONTS = Path(font_source_sans_pro.__file__).parent / "files"
_STANDARDS: Any = ["ua-1"]
_MOMENT = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
"""Told in no page: the same sheet is the same file."""


class TypstReportPrinter:
    """A ReportPrinter for A4. Texts go in as data, so nothing anybody wrote can be markup."""

    def print_report(self, sheet: ReportSheet) -> bytes:
        """See ReportPrinter."""
        content = sheet.content
        told = {
            **{name: getattr(sheet, name) for name in ("title", "issued", "workshop", "address", "phone")},
            "link": sheet.link,
            "accent": sheet.accent,
            "content": content.to_json(),
            "words": _words(content.language),
            "valid": translate(content.language, "report.valid", when=sheet.valid_until),
            "km": f"{format_decimal(content.km, locale=content.language)} km" if content.km else "",
        }
        inputs = {"sheet": json.dumps(told), "code": _drawn(sheet.link)}
        with TemporaryDirectory() as folder:
            if sheet.logo:
                inputs["logo"] = f"/logo.{sheet.logo_format}"
                Path(folder, f"logo.{sheet.logo_format}").write_bytes(sheet.logo)
            return typst.compile(
                _TEMPLATE.read_bytes(),
                root=cast(Any, folder),
                font_paths=_fonts(),
                sys_inputs=inputs,
                pdf_standards=_STANDARDS,
                timestamp=_MOMENT,
            )


def _words(language: str) -> dict[str, str]:
    """``report.paper``."""
    known = list_words(language, "report").items()
    summary = {f"summary_{name}": translate(language, f"summary.page_{name}") for name in ("title", "mark")}
    return summary | {name.removeprefix("paper."): text for name, text in known if name.startswith("paper.")}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[_FONTS])


def _drawn(text: str) -> str:
    picture = io.BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False).save(picture, kind="svg", border=0)
    return picture.getvalue().decode()
