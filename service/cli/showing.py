"""Calls, facts, agents' states and sums as they are printed: the same for streams and for logs."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from config.settings import Language
from service.cli.output import print_json, print_json_lines, print_table
from service.cli.words import words
from service.replaying import fact_as_json, in_order
from telephony.calls.facts import Fact
from telephony.calls.record import CallRecord, View, as_json, fold
from telephony.calls.states import as_json as state_as_json
from telephony.calls.states import compose


class Shower:
    """Prints what was told, as JSON or as tables."""

    def __init__(self, *, json: bool, zone: ZoneInfo, language: Language, view: View) -> None:
        self._json = json
        self._zone = zone
        self._view = view
        self._words = words(language)

    def calls(self, told: list[Fact]) -> None:
        """One call a line."""
        records = fold(told)
        if self._json:
            print_json_lines(as_json(record, self._view) for record in records)
            return
        columns = "started direction caller called disposition agents talk known call_id"
        rows = (self._call_row(record) for record in records)
        print_table(None, self._heads(columns), rows, numbers=[6])

    def _call_row(self, record: CallRecord) -> list[Any]:
        shown = as_json(record, self._view)
        talks = [each for each in shown["talks"] if each["kind"] in ("customer", "conference", "internal")]
        return [
            f"{record.call.started_at.astimezone(self._zone):%m-%d %H:%M:%S}",
            self._words.get(shown["direction"]),
            shown["caller"],
            shown["called"],
            self._words.get(shown["disposition"] or "open"),
            " ".join(dict.fromkeys(each["agent"] for each in talks)) or None,
            f"{sum(each['talk_seconds'] or 0.0 for each in talks):.1f}",
            self._words.get(shown["known"]),
            shown["call_id"],
        ]

    def facts(self, told: list[Fact]) -> None:
        """One fact a line; of each the newest revision."""
        lines = [fact_as_json(fact) for fact in in_order(told)]
        if self._json:
            print_json_lines(lines)
            return
        rows = ([line["at"], line["fact"], line["revision"], line["id"], line["call_id"]] for line in lines)
        print_table(None, self._heads("at fact revision id call_id"), rows, numbers=[2])

    def agent_states(self, told: list[Fact]) -> None:
        """One interval a line."""
        intervals = compose(told, self._view.agent_of)
        if self._json:
            print_json_lines(state_as_json(each) for each in intervals)
            return
        rows = (
            [each.agent, self._words.get(each.state), each.queue, self._clock(each.start), self._clock(each.end)]
            for each in intervals
        )
        print_table(None, self._heads("agent state queue from to"), rows)

    def summary(self, found: dict[str, Any]) -> None:
        """Counts, and each agent's minutes and three-ring rate."""
        if self._json:
            print_json(found)
            return
        counts = [
            [self._words.get(key), self._words.get(name), number]
            for key in ("direction", "disposition", "known")
            for name, number in found[key].items()
        ]
        print_table(None, ["", "", self._words.get("calls")], counts, numbers=[2])
        columns = "agent talk_minutes offered within rate"
        print_table(
            None,
            self._heads(columns),
            ([each[name] for name in columns.split()] for each in found["agents"]),
            numbers=[1, 2, 3, 4],
        )

    def _clock(self, at: Any) -> str | None:
        return None if at is None else f"{at.astimezone(self._zone):%m-%d %H:%M:%S}"

    def _heads(self, names: str) -> list[str]:
        return [self._words.get(name) for name in names.split()]
