"""How commands show one customer: line by line, and what differs on one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from schedulers.customers.differences import Differences
from service.cli.words import Words

_ELSEWHERE = ("numbers", "spend", "changes", "figures")


def told_lines(shape: Mapping[str, Any], word: Words, zone: tzinfo) -> Iterator[str]:
    """A customer: what is known of him, a line each, then every change; what is not known is left out."""
    for name, value in shape.items():
        if name not in _ELSEWHERE and value not in (None, [], {}):
            yield f"{word.get(name)}: {said(value, word)}"
    for number in shape["numbers"]:
        yield f"{word.get('number')}: {_number(number, word)}"
    for name, value in shape["figures"].items():
        yield f"{word.get(name)}: {value}"
    for month, fen in shape["spend"].items():
        yield f"{word.get('spend')} {month}: {fen // 100}.{fen % 100:02}"
    for change in shape["changes"]:
        yield _change(change, word, zone)


def told_differences(fields: Differences, word: Words) -> str:
    """Before and after on one line; of numbers only that they differ: they are nobody's to read here."""
    return " · ".join(_difference(name, before, after, word) for name, (before, after) in fields.items())


def _difference(name: str, before: Any, after: Any, word: Words) -> str:
    if name == "numbers":
        return f"{word.get('numbers')} {len(before)} → {len(after)}"
    return f"{word.get(name)} {said(before, word)} → {said(after, word)}"


def said(value: Any, word: Words) -> str:
    """A value for people."""
    match value:
        case None | "" | [] | {}:
            return "–"
        case bool():
            return word.get("yes" if value else "no")
        case list():
            return " ".join(said(each, word) for each in value)
        case {"reason": reason, "since": since, "until": until}:
            ends = f" → {until}" if until else ""
            return f"{word.get('yes')} {reason} ({since}{ends})"
        case dict():
            return " ".join(f"{word.get(str(name))} {said(each, word)}" for name, each in value.items())
    return str(value)


def _number(number: Mapping[str, Any], word: Words) -> str:
    return " ".join(filter(None, (number["number"], number["label"], word.get(number["use"]))))


def _change(change: Mapping[str, Any], word: Words, zone: tzinfo) -> str:
    at = datetime.fromisoformat(change["at"]).astimezone(zone)
    pairs = {name: (pair["before"], pair["after"]) for name, pair in change["fields"].items() if name != "merged"}
    merged = change["fields"].get("merged", {}).get("before") or {}
    where = " ".join(str(change[name]) for name in ("file", "sheet", "row") if change[name] is not None)
    parts = (word.get(change["what"]), merged.get("id"), told_differences(pairs, word), change["reason"], where)
    return f"{at:%Y-%m-%d %H:%M:%S} {change['by']}: " + " · ".join(filter(None, parts))
