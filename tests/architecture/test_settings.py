"""Settings have one reader, one name and a line in the documentation."""

import ast
import re
from pathlib import Path

from carbot_app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "carbot_app").rglob("*.py"))


def names() -> set[str]:
    return {f"CARBOT_{field.upper()}" for field in Settings.model_fields}


def test_every_setting_is_documented_with_its_default() -> None:
    documented = (ROOT / "docs" / "configuration.md").read_text()
    rows = dict(re.findall(r"^\| `(CARBOT_\w+)` \| `?([^|`]*)`? \|", documented, re.MULTILINE))
    assert set(rows) == names()
    for field, described in Settings.model_fields.items():
        default = described.get_default(call_default_factory=True)
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else str(default)
        assert rows[f"CARBOT_{field.upper()}"].strip() == (shown or "empty"), field


def test_the_example_file_names_every_setting_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#? ?(CARBOT_\w+)=", example, re.MULTILINE)) == names()


def test_only_the_configuration_reads_carbot_variables() -> None:
    readers = []
    for path in CODE:
        if path.name == "config.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            is_read = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            parent_text = ast.unparse(node) if is_read else ""
            if parent_text in {"os.environ", "os.getenv"}:
                readers.append((path.relative_to(ROOT).as_posix(), node.lineno))
    allowed = {"carbot_app/cli.py", "carbot_app/serve.py"}
    """These set variables for the libraries and processes they start."""
    assert {path for path, _ in readers if not path.startswith("carbot_app/build/")} <= allowed


def test_no_setting_is_given_a_second_default_elsewhere() -> None:
    for path in CODE:
        assert not re.search(r"""getattr\(settings, ["']""", path.read_text()), path
