"""Reads what the pages of quality post: a card's fields, a time within a file, a step. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analytics.errors import QualityError
from analytics.quality.scoring import MAX_TEXT, Scores
from config.quality import Quality

MARK, REMARK, CRITICAL, HOLDS = "mark-", "remark-", "critical-", "holds-"
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.(\d{1,3}))?")


def read_scores(form: Mapping[str, str], quality: Quality) -> Scores:
    """What a card's fields say, whole or not: a field that is no mark of this form is left out."""
    marks = {}
    for each in quality.criteria:
        text = form.get(MARK + each.id, "")
        if text.isascii() and text.isdigit() and int(text) <= quality.scale:
            marks[each.id] = int(text)
    return Scores(
        marks=marks,
        criticals=tuple(each.id for each in quality.criticals if form.get(CRITICAL + each.id)),
        remarks={
            each.id: text[:MAX_TEXT]
            for each in quality.criteria
            if (text := form.get(REMARK + each.id, "").strip())
        },
        verdicts={
            each.value: told == "yes"
            for each in quality.automatic
            if (told := form.get(HOLDS + each.value, "")) in ("yes", "no")
        },
        summary=form.get("summary", "").strip()[:MAX_TEXT],
    )


def fields_of(told: Any) -> dict[str, str]:
    """The texts of a form that a script sent as an object."""
    if not isinstance(told, dict):
        return {}
    return {str(name): value for name, value in told.items() if isinstance(value, str) and len(value) <= MAX_TEXT}


def read_instant(text: str) -> int:
    """Milliseconds from 1:37, 1:02:33 or 97.5. Raises QualityError."""
    found = _CLOCK.fullmatch(text.strip())
    if found is not None:
        hours, minutes, seconds, more = found.groups()
        whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
        return whole * 1000 + int((more or "0").ljust(3, "0"))
    if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text.strip()):
        return round(float(text) * 1000)
    raise QualityError(f"note: found the instant {text[:20]!r}, expected one such as 1:37")
