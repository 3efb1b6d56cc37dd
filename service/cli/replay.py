"""`threerings replay`: tells calls from what a PBX said; no database, no network."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from analytics.people.agents_file import read_agents
from analytics.people.devices import DeviceMap
from analytics.reports.summary import summary as summary_of
from config.policies import Policy
from config.settings import Language, Settings
from config.values import is_country
from service.cli import context, options
from service.cli.output import print_json, print_json_lines, print_table
from service.cli.words import words
from service.errors import UsageError
from service.replaying import fact_as_json, hear, in_order, line_of, pbx_of_files, wrap_up_of
from telephony.calls.facts import Fact
from telephony.calls.record import CallRecord, View, as_json, fold
from telephony.calls.states import as_json as state_as_json
from telephony.calls.states import compose

MAX_WRAP_UP = 86_400.0


def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="*.jsonl, *.raw (.xz), a journal.")],
    pbx: Annotated[str | None, typer.Option(help="Name of the PBX in ids. Default: the journal's, or pbx.")] = None,
    agents: Annotated[Path | None, typer.Option(help="CSV: interface,agent,name,from,to.")] = None,
    zone: options.ZoneOption = None,
    trunk: Annotated[list[str] | None, typer.Option(help="Peers that lead outside (fnmatch).")] = None,
    country: Annotated[str | None, typer.Option(help="Whose numbers: two letters, for E.164.")] = None,
    policy: Annotated[str | None, typer.Option(help="Policy: a shipped one's name, or a file.")] = None,
    wrap_up: Annotated[float | None, typer.Option(metavar="SECONDS", help="Default: the policy's.")] = None,
    calls: Annotated[bool, typer.Option("--calls", help="One call a line (default).")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="One fact a line.")] = False,
    agent_states: Annotated[bool, typer.Option("--agent-states", help="One interval a line.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Counts, minutes, three-ring rates.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Tell calls from what a PBX said: captures, raw manager bytes or a journal. Needs no database."""
    if calls + facts + agent_states + summary > 1:
        raise UsageError("replay: found several of --calls --facts --agent-states --summary, expected one")
    settings = context.find(config)
    view_zone = context.zone_of(settings, zone)
    in_force = context.policy_of(settings, policy)
    name = pbx_of_files(files, pbx)
    told = hear(
        files,
        name,
        journal_pbx=pbx,
        trunks=tuple(trunk or _trunks(settings, name)),
        wrap_up=_wrap_up(wrap_up, in_force),
    )
    devices = _devices(agents, view_zone)
    view = _view(settings, country, in_force, devices)
    show = _Shower(json=json, zone=view_zone, language=context.language_of(settings, lang), view=view)
    if facts:
        show.facts(told)
    elif agent_states:
        show.agent_states(told)
    elif summary:
        show.summary(summary_of(told, in_force, devices))
    else:
        show.calls(told)


def _trunks(settings: Settings | None, pbx: str) -> tuple[str, ...]:
    found = settings.pbx(pbx) if settings else None
    return found.trunks if found else ()


def _wrap_up(given: float | None, policy: Policy) -> timedelta:
    if given is None:
        return wrap_up_of(policy)
    if not 0 <= given <= MAX_WRAP_UP:
        raise UsageError(f"--wrap-up: found {given:g}, expected 0 to {MAX_WRAP_UP:.0f} seconds")
    return timedelta(seconds=given)


def _devices(path: Path | None, zone: ZoneInfo) -> DeviceMap:
    if path is None:
        return DeviceMap()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: found no file to read ({error.strerror}), expected a CSV file") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: found bytes that are not UTF-8 at {error.start}, expected a CSV file") from None
    return read_agents(text.splitlines(keepends=True), source=str(path), zone=zone).device_map()


def _view(settings: Settings | None, country: str | None, policy: Policy, devices: DeviceMap) -> View:
    if country is not None and not is_country(country):
        raise UsageError(f"--country: found {country!r}, expected two letters such as CN")
    whose = country or (settings or Settings()).country

    return View(country=whose.upper(), agent_of=devices.resolve, line_of=line_of(policy))


class _Shower:
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
