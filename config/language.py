"""The language of what people read."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """The language of screens, tables, sentences and notices; logs are English always."""

    ZH = "zh"
    EN = "en"
