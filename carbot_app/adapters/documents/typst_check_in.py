"""The protocol of a car that came in as PDF, set by Typst, over the same drawings the page shows."""

import json
from base64 import b64encode
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import font_source_sans_pro
import typst

from carbot_app.domains.orders.check_in_schemas import Protocol

_TEMPLATE = Path(__file__).with_name("check_in.typ")
_DRAWINGS = Path(__file__).resolve().parents[3] / "assets" / "check_in"
_FONTS = Path(font_source_sans_pro.__file__).parent / "files"


class TypstProtocolPrinter:
    """A ProtocolPrinter for A4. Texts go in as data, so nothing a customer said can be markup."""

    def print_protocol(self, protocol: Protocol) -> bytes:
        """See ProtocolPrinter."""
        told = asdict(replace(protocol, signature=b"", photos=()))
        inputs = {"sheet": json.dumps({**told, "photo_count": len(protocol.photos)}, default=str)}
        for view, _ in protocol.views:
            inputs[view] = (_DRAWINGS / f"{view}.svg").read_text("utf-8")
        if protocol.signature:
            inputs["signature"] = _as_svg(protocol.signature)
        with TemporaryDirectory() as folder:
            for number, photo in enumerate(protocol.photos):
                Path(folder, f"{number}.jpg").write_bytes(photo)
            return typst.compile(
                _TEMPLATE.read_bytes(), root=cast(Any, folder), font_paths=_fonts(), sys_inputs=inputs
            )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[_FONTS])


def _as_svg(png: bytes) -> str:
    """Inputs are texts, so the picture travels inside one."""
    size = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    data = b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}">'
        f'<image width="{size[0]}" height="{size[1]}" href="data:image/png;base64,{data}"/></svg>'
    )
