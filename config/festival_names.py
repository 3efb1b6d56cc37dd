"""What people call the festivals that a policy may name. Their days are known by `config.festivals`."""

from __future__ import annotations

from config.festivals import FESTIVALS

FESTIVAL_NAMES: dict[str, tuple[str, str]] = {
    name: (festival.title_zh, festival.title_en) for name, festival in FESTIVALS.items()
}
"""Chinese and English names by the name in the file."""
