"""Tests of config.secrets: reading a secret, and never showing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import SettingsError
from config.secrets import Secret, SecretSource, read_secret, secret_warning


def source_of(folder: Path, content: bytes, mode: int = 0o600) -> SecretSource:
    """A secret's file with this content."""
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return SecretSource(key="pbx.main.secret_file", file=path)


@pytest.mark.parametrize("content", [b"geheim", b"geheim\n", b"geheim\r\n"])
def test_the_line_end_is_no_part_of_the_secret(tmp_path: Path, content: bytes) -> None:
    """Editors end a file's line; the secret is what stands before it."""
    assert read_secret(source_of(tmp_path, content), {}).reveal() == "geheim"


def test_spaces_are_part_of_the_secret(tmp_path: Path) -> None:
    """A space in front or behind may be meant."""
    assert read_secret(source_of(tmp_path, b" a b \n"), {}).reveal() == " a b "


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty secret"),
        (b"\n\n", "an empty secret"),
        (b"geheim\nAction: Logoff\n", "control characters or several lines"),
        (b"geheim\x00", "control characters or several lines"),
        (b"\xff\xfe", "bytes that are not UTF-8"),
        (b"x" * 5000, "more than 4096 bytes"),
    ],
)
def test_a_bad_secret_is_refused_without_being_shown(tmp_path: Path, content: bytes, found: str) -> None:
    """The error names the file and what is wrong with it, on one line, and nothing of the secret."""
    source = source_of(tmp_path, content)
    with pytest.raises(SettingsError) as raised:
        read_secret(source, {})
    text = str(raised.value)
    assert text == f"{source.file}: pbx.main.secret_file: found {found}, expected a secret of one line"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is refused with its path."""
    source = SecretSource(key="k", file=tmp_path / "no")
    with pytest.raises(SettingsError, match="found no readable file"):
        read_secret(source, {})
    assert secret_warning(source) is None


def test_a_secret_from_the_environment() -> None:
    """A variable holds the secret; one that is not set is named."""
    source = SecretSource(key="pbx.main.secret_env", env="PBX")
    assert read_secret(source, {"PBX": "geheim"}).reveal() == "geheim"
    with pytest.raises(SettingsError, match=r"environment variable PBX: pbx\.main\.secret_env: found nothing"):
        read_secret(source, {})
    assert secret_warning(source) is None


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_may_read_is_warned_of(tmp_path: Path, mode: int, warned: bool) -> None:
    """Group or world readable is told with the mode found."""
    warning = secret_warning(source_of(tmp_path, b"geheim", mode))
    assert (warning is not None) is warned
    if warning:
        assert f"{mode:04o}" in warning
        assert "geheim" not in warning


def test_a_secret_never_shows_itself() -> None:
    """Neither repr, str, nor formatting shows the text."""
    secret = Secret("geheim")
    assert {repr(secret), str(secret), f"{secret}", "%s" % secret} == {"Secret(***)"}  # noqa: UP031
