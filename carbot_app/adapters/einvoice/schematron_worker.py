"""``python -m carbot_app.adapters.einvoice.schematron_worker``: judges one XML after the other.

A job is a line of JSON with the rules and the length of the XML, then the XML; the answer is one line. Saxon
brings a virtual machine of its own: in a process that ends when nobody asks any more, neither its memory nor
a rule that never ends stays with the application.
"""

import json
import os
import sys
from functools import lru_cache
from threading import Timer
from typing import Any

from defusedxml.ElementTree import fromstring
from saxonche import PySaxonProcessor

IDLE_SECONDS = 60
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def main() -> None:
    """Answer until nobody asks."""
    with PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()

        @lru_cache(maxsize=4)
        def compiled(rules: str) -> Any:
            return compiler.compile_stylesheet(stylesheet_file=rules)

        while line := _next_line():
            job = json.loads(line)
            xml = sys.stdin.buffer.read(job["length"]).decode()
            report = compiled(job["rules"]).transform_to_string(xdm_node=processor.parse_xml(xml_text=xml))
            sys.stdout.write(json.dumps(_failed(report)) + "\n")
            sys.stdout.flush()


def _next_line() -> bytes:
    """The next job; a parent that forgot this process finds it gone and starts another."""
    idle = Timer(IDLE_SECONDS, _leave)
    idle.daemon = True
    idle.start()
    try:
        return sys.stdin.buffer.readline()
    finally:
        idle.cancel()


def _leave() -> None:
    os._exit(0)


def _failed(report: str) -> list[dict[str, str]]:
    root = fromstring(report)
    return [
        {
            "rule": found.get("id") or "",
            "flag": found.get("flag") or found.get("role") or "fatal",
            "text": " ".join("".join(found.itertext()).split()),
            "place": found.get("location") or "",
        }
        for kind in ("failed-assert", "successful-report")
        for found in root.iter(f"{_SVRL}{kind}")
    ]


if __name__ == "__main__":
    main()
