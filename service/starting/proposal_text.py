"""Proposals as the TOML of a policy that `policy check` accepts, and as JSON. Pure.

What is a guess has a comment that says so and how it was made; nothing that only a person knows is filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from analytics.setup.hours import DayHours
from analytics.setup.proposals import AgentProposal, DeviceProposal, Proposals, QueueProposal
from analytics.setup.sightings import Sighting
from config.calendars import WEEKDAYS, OpenSpan
from config.explain import LANGUAGES
from config.policies import Policy
from config.settings import Language
from config.showing import clipped
from service.starting.proposal_words import BY_LANGUAGE, SetupWords
from service.starting.proposing import PbxTrunks, Proposed
from telephony.calls.record import instant
from telephony.clock import from_microseconds

MAX_COMMENT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupText:
    """Writes the proposals for one policy, in one language."""

    policy: Policy
    language: Language

    def toml(self, told: Proposed) -> str:
        """The whole file; trunks, which are no policy's matter, in comments."""
        found = told.found
        lines = [*self._head(told)]
        for pbx in told.trunks:
            lines += ["", *self._trunks(pbx)]
        lines += ["", "[[version]]"]
        for each in found.lines:
            lines += ["", *self._line(each)]
        for queue in found.queues:
            lines += ["", *self._queue(queue)]
        for agent in found.agents:
            lines += ["", *self._agent(agent)]
        for known in _known_agents(found):
            lines += ["", f"[[agent]]{_comment(self._words.for_the_check)}", f"agent = {_text(known)}"]
        for device in found.devices:
            lines += ["", *self._device(device)]
        if found.hours:
            lines += ["", *self._hours(found.hours)]
        return "\n".join(lines) + "\n"

    @property
    def _words(self) -> SetupWords:
        return BY_LANGUAGE[self.language]

    def _head(self, told: Proposed) -> Iterator[str]:
        seen, found = told.seen, told.found
        words, span = self._words, (self._clock(seen.start_us), self._clock(seen.end_us))
        zone = self.policy.zone.key
        yield f"# {words.head.format(start=span[0], end=span[1], zone=zone, calls=seen.calls)}"
        yield f"# {words.nothing if _is_empty(told) else words.how}"
        if found.left_out:
            names = clipped(", ".join(found.left_out), MAX_COMMENT)
            yield f"# {words.left_out.format(names=names)}"
        yield 'name = "proposed"'
        yield f"zone = {_text(zone)}"
        yield f"country = {_text(self.policy.country)}"

    def _trunks(self, pbx: PbxTrunks) -> Iterator[str]:
        yield f"# {self._words.trunks.format(pbx=pbx.pbx)}"
        for each in pbx.found:
            said = self._words.trunk.format(calls=each.calls, callers=each.callers, dialled=each.dialled)
            yield f"# {each.peer}: {said}"
        yield f"# trunks = {json.dumps(list(pbx.names), ensure_ascii=False)}"

    def _line(self, seen: Sighting) -> Iterator[str]:
        yield f"[[version.line]]{_comment(self._seen(self._words.calls, seen))}"
        yield f"did = {_text(seen.name)}"
        yield f"name = {_text(seen.name)}{_comment(self._words.guess_number)}"
        yield from self._to_fill()

    def _queue(self, queue: QueueProposal) -> Iterator[str]:
        yield f"[[version.queue]]{_comment(self._seen(self._words.visits, queue.seen))}"
        if queue.members:
            yield f"# {self._words.members.format(members=clipped(', '.join(queue.members), MAX_COMMENT))}"
        yield f"queue = {_text(queue.seen.name)}"
        yield from self._to_fill()

    def _to_fill(self) -> Iterator[str]:
        yield f'# code = ""{_comment(self._words.fill_code)}'
        yield f'# branch = ""{_comment(self._words.fill_branch)}'

    def _agent(self, agent: AgentProposal) -> Iterator[str]:
        yield "[[agent]]"
        yield f"agent = {_text(agent.agent)}"
        if agent.name:
            yield f"name = {_text(agent.name)}"
        if agent.group:
            why = self._words.guess_group.format(times=agent.times, group_times=agent.group_times)
            yield f"group = {_text(agent.group)}{_comment(why)}"

    def _device(self, device: DeviceProposal) -> Iterator[str]:
        yield f"[[device]]{_comment(self._seen(self._words.rings, device.seen))}"
        yield f"interface = {_text(device.seen.name)}"
        yield f"agent = {_text(device.agent)}{_comment(self._words.guess_agent)}"

    def _hours(self, hours: tuple[DayHours, ...]) -> Iterator[str]:
        yield f"# {self._words.hours_how}"
        yield "[[hours]]"
        for day in hours:
            weekday = LANGUAGES[self.language.value].weekdays[day.weekday]
            if day.spans:
                why = self._words.guess_hours.format(days=day.days, weekday=weekday)
                spans = ", ".join(_text(_span(each)) for each in day.spans)
                yield f"{WEEKDAYS[day.weekday]} = [{spans}]{_comment(why)}"
            else:
                sentence = self._words.closed if day.days else self._words.unseen
                yield f"# {sentence.format(weekday=weekday, days=day.days)}"

    def _seen(self, sentence: str, seen: Sighting) -> str:
        return sentence.format(times=seen.times, first=self._clock(seen.first_us), last=self._clock(seen.last_us))

    def _clock(self, us: int) -> str:
        return f"{self._local(us):%Y-%m-%d %H:%M}"

    def _local(self, us: int) -> datetime:
        return from_microseconds(us).astimezone(self.policy.zone)


def as_json(told: Proposed, toml: str) -> dict[str, Any]:
    """The same as one object; instants in UTC."""
    seen, found = told.seen, told.found
    return {
        "from": _instant(seen.start_us),
        "to": _instant(seen.end_us),
        "calls": seen.calls,
        "trunks": [
            {"pbx": each.pbx, "trunks": list(each.names), "found": [asdict(peer) for peer in each.found]}
            for each in told.trunks
        ],
        "lines": [_named("did", each) for each in found.lines],
        "queues": [{**_named("queue", each.seen), "members": list(each.members)} for each in found.queues],
        "agents": [
            {
                "agent": each.agent,
                "name": each.name,
                "group": each.group,
                "group_times": each.group_times,
                "times": each.times,
            }
            for each in found.agents
        ],
        "devices": [{**_named("interface", each.seen), "agent": each.agent} for each in found.devices],
        "hours": [
            {
                "weekday": WEEKDAYS[each.weekday],
                "days": each.days,
                "spans": [_span(span) for span in each.spans],
            }
            for each in found.hours
        ],
        "left_out": list(found.left_out),
        "toml": toml,
    }


def _is_empty(told: Proposed) -> bool:
    found = told.found
    return not (told.trunks or found.lines or found.queues or found.agents or found.devices or found.hours)


def _known_agents(found: Proposals) -> list[str]:
    """Agents of proposed devices whom the policy knows; a check wants them listed where any agent is."""
    proposed = {each.agent for each in found.agents}
    return sorted({each.agent for each in found.devices} - proposed) if proposed else []


def _named(key: str, seen: Sighting) -> dict[str, Any]:
    return {
        key: seen.name,
        "times": seen.times,
        "first_at": _instant(seen.first_us),
        "last_at": _instant(seen.last_us),
    }


def _instant(us: int) -> str | None:
    return instant(from_microseconds(us))


def _span(span: OpenSpan) -> str:
    return f"{span.opens:%H:%M}-{f'{span.closes:%H:%M}' if span.closes else '24:00'}"


def _text(value: str) -> str:
    """A TOML string; what JSON escapes, TOML does in the same way."""
    return json.dumps(value, ensure_ascii=False)


def _comment(sentence: str) -> str:
    return f"  # {sentence}"
