"""The settings that the first start writes: read by the service's own reader, all else as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config.errors import SettingsError
from service.starting import settings_file
from service.starting.settings_file import PbxGiven

GIVEN = PbxGiven(name="main", host="pbx.example", port=5039, user="threerings", secret='s"\\ecret')


def test_what_is_written_first_can_be_read(tmp_path: Path) -> None:
    """Zone, language and data folder are those that were given; there is no PBX yet."""
    path = tmp_path / "threerings.toml"
    text = settings_file.first(tmp_path / 'da"ta', "Asia/Shanghai", "CN", "en")
    settings = settings_file.put(path, text, {})
    assert (settings.zone.key, settings.language.value, settings.pbxs) == ("Asia/Shanghai", "en", ())
    assert settings.data_dir == tmp_path / 'da"ta'
    assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0


def test_a_pbx_is_added_and_comments_stay(tmp_path: Path) -> None:
    """Its secret lies in a file that nobody else reads, and never in the settings."""
    path = tmp_path / "threerings.toml"
    path.write_text('# ours, keep\npolicy = "hotline"   # chosen\n[http]\nport = 9000\n')
    settings_file.put_secret(tmp_path, "main", GIVEN.secret)
    settings = settings_file.put(path, path.read_text() + settings_file.pbx_lines(GIVEN), {})
    (pbx,) = settings.pbxs
    kept = tmp_path / "secrets" / "main"
    assert (pbx.name, pbx.host, pbx.port, settings.http.port, settings.policy) == (
        "main", "pbx.example", 5039, 9000, "hotline",
    )  # fmt: skip
    assert "# ours, keep" in path.read_text()
    assert GIVEN.secret not in path.read_text()
    assert kept.read_text() == GIVEN.secret + "\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('policy = "default"\n[http]\n', 'policy = "hotline"\n[http]\n'),
        ('zone = "UTC"\n', 'policy = "hotline"\nzone = "UTC"\n'),
        (
            '[http]\nport = 1\n[notices]\npolicy = "x"\n',
            'policy = "hotline"\n[http]\nport = 1\n[notices]\npolicy = "x"\n',
        ),
    ],
)
def test_the_policy_is_changed_where_it_stands(before: str, after: str) -> None:
    """Only the key at the top is meant; where there is none it is put first."""
    assert settings_file.with_policy(before, "hotline") == after


def test_settings_that_could_not_be_read_are_not_put(tmp_path: Path) -> None:
    """The file stays as it was, and no draft is left."""
    path = tmp_path / "threerings.toml"
    path.write_text('zone = "UTC"\n')
    with pytest.raises(SettingsError):
        settings_file.put(path, 'zone = "Nowhere"\n', {})
    assert path.read_text() == 'zone = "UTC"\n'
    assert [each.name for each in tmp_path.iterdir()] == ["threerings.toml"]
