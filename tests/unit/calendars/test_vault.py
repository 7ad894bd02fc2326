"""Secrets in the database open only with the key, and only for their purpose."""

from pathlib import Path

import pytest

from carbot_app.adapters.identity.vault import AesVault


def test_a_secret_comes_back_and_is_never_sealed_alike_twice(tmp_path: Path) -> None:
    vault = AesVault(tmp_path / "keys" / "secrets.key")
    sealed = [vault.seal("Pässwort", purpose="a") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert {vault.unseal(one, purpose="a") for one in sealed} == {"Pässwort"}
    assert not any("P" + "ässwort" in one for one in sealed)


@pytest.mark.parametrize("change", ["", "x", "????", "ä", "AAAA"])
def test_what_was_not_sealed_here_does_not_open(tmp_path: Path, change: str) -> None:
    vault = AesVault(tmp_path / "secrets.key")
    with pytest.raises(ValueError, match="sealed with another key"):
        vault.unseal(change, purpose="a")


def test_neither_another_purpose_nor_another_key_opens_it(tmp_path: Path) -> None:
    vault = AesVault(tmp_path / "secrets.key")
    sealed = vault.seal("geheim", purpose="a")
    with pytest.raises(ValueError, match="purpose"):
        vault.unseal(sealed, purpose="b")
    with pytest.raises(ValueError, match="key"):
        AesVault(tmp_path / "secrets.key", key="of the settings").unseal(sealed, purpose="a")


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key_file = tmp_path / "keys" / "secrets.key"
    sealed = AesVault(key_file).seal("geheim", purpose="a")
    assert AesVault(key_file).unseal(sealed, purpose="a") == "geheim"
    assert key_file.stat().st_mode & 0o077 == 0
    assert [path.name for path in key_file.parent.iterdir()] == ["secrets.key"]


def test_a_key_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    vaults = [AesVault(tmp_path / name, key="the same everywhere") for name in ("one", "two")]
    assert vaults[1].unseal(vaults[0].seal("geheim", purpose="a"), purpose="a") == "geheim"
    assert list(tmp_path.iterdir()) == []
