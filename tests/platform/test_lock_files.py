"""The lock files install what pyproject.toml asks for, on any machine, and name no host."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
_PINNED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)


def _locked(name: str) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for package, version in _PINNED.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package, []).append(Version(version))
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("requirements.lock", RUNTIME), ("requirements-dev.lock", [*RUNTIME, *DEVELOPMENT])],
)
def test_every_dependency_is_locked_at_a_version_that_is_allowed(lock: str, wanted: list[str]) -> None:
    locked = _locked(lock)
    for requirement in map(Requirement, wanted):
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name}: run `make lock`"
        assert all(version in requirement.specifier for version in versions), (
            f"{requirement}: run `make lock`"
        )


def test_both_files_agree() -> None:
    development = _locked("requirements-dev.lock")
    assert {name: development[name] for name in _locked("requirements.lock")} == _locked("requirements.lock")


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock",
        "requirements-dev.lock",
        "reflex.lock/package-lock.json",
        "reflex.lock/package.json",
    ],
)
def test_no_lock_file_names_a_registry_or_a_path_of_a_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert not re.search(
        r"index-url|find-links|registry\.|pypi\.org|file://|\s/(?:home|root|work|tmp|opt)/", text
    )


def test_every_locked_package_has_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        for entry in re.split(r"\n(?=[a-z])", (ROOT / name).read_text(encoding="utf-8"))[1:]:
            assert "--hash=sha256:" in entry, entry.splitlines()[0]
