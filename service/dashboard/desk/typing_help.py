"""What a page answers while a time is being typed: how it was understood, and whether he may be called then. Pure."""

from __future__ import annotations

from typing import Any

from schedulers.errors import RefusedError
from schedulers.said_times import read_ahead
from service.dashboard.desk.form_view import wrong_of
from service.dashboard.desk.times import typed, when
from service.dashboard.words import Words
from service.desk.form_reading import Around, Mistake
from service.desk.permitted import awkward, promise_kinds


def time_said(words: Words, text: str, step: str, around: Around) -> dict[str, Any]:
    """`said` in words and `value` as the field keeps it, or `wrong`; with `instead` where another time would do."""
    try:
        at = read_ahead(text, around.now, around.rules.zone)
    except RefusedError as error:
        mistake = Mistake(field="time", found=error.found, expected=error.expected)
        return {"wrong": wrong_of(words, mistake, around.now, text).text}
    answer: dict[str, Any] = {"said": when(words, at, around.now), "value": typed(words, at)}
    name = step.partition(":")[2]
    kinds = [each for each in promise_kinds(around.rules, around.now) if each.trigger.name == name]
    kinds += [each.kind for each in around.open] if step == "agree" else []
    found = awkward(around.rules, kinds[0], around.caller.party, at, around.now) if kinds else None
    if found is not None:
        told = wrong_of(words, Mistake(field="time", found="", expected="", awkward=found), around.now, text)
        answer |= {"wrong": told.text, "instead": told.instead, "instead_text": told.instead_text}
    return answer
