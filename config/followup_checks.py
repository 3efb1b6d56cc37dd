"""What a version's promises must fulfil as a whole: every name is known, nothing turns in a circle, nobody is lost.

What one kind must fulfil by itself is in `config.kind_checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from config.documents import Document
from config.followups import CHAINED, REASONS, Alarm, FollowUpKind, Promises, TriggerKind
from config.kind_checks import kind_faults, window_faults
from config.places import KeyPath
from config.policies import Policy, PolicyVersion
from config.promise_grammar import MAJOR
from config.showing import one_of, shown


def check_promises(version: PolicyVersion, path: KeyPath, policy: Policy, document: Document) -> None:
    """Note every mistake in what a version says of follow-ups."""
    promises = version.promises
    _check_once([each.group for each in promises.groups], (*path, "group"), "group", document)
    _check_once([each.id for each in promises.surveys], (*path, "survey"), "id", document)
    _check_once([each.id for each in promises.kinds], (*path, "followup"), "kind", document)
    _check_reasons(promises, path, document)
    _check_groups(promises, path, document)
    _check_people(promises, path, policy, document)
    for index, kind in enumerate(promises.kinds):
        here = (*path, "followup", index)
        _check_kind(kind, here, version, policy, document)
        _check_names(kind, here, promises, document)
    _check_chains(promises, path, document)


def _check_once(names: Sequence[str], path: KeyPath, key: str, document: Document) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            document.note((*path, index, key), f"{shown(name)} twice", f"each {path[-1]} once")


def _check_reasons(promises: Promises, path: KeyPath, document: Document) -> None:
    known = [each.id for each in REASONS]
    for index, reason in enumerate(promises.reasons):
        here = (*path, "reason", index, "id")
        if reason.id in known:
            document.note(here, f"{shown(reason.id)} twice", "a reason of its own, besides those of every policy")
        known.append(reason.id)


def _check_groups(promises: Promises, path: KeyPath, document: Document) -> None:
    above = {each.group: each.above for each in promises.groups}
    told = False
    for index, group in enumerate(promises.groups):
        here = (*path, "group", index, "above")
        if group.above is not None and group.above not in above:
            document.note(here, shown(group.above), one_of(above))
        elif not told and _returns(group.group, above):
            document.note(here, f"{shown(group.above)}, above which is {shown(group.group)} again", "no circle")
            told = True


def _returns(start: str, following: Mapping[str, str | None]) -> bool:
    """Whether one comes back to the start by following."""
    at, seen = following.get(start), set[str]()
    while at is not None and at not in seen and at != start:
        seen.add(at)
        at = following.get(at)
    return at == start


def _check_people(promises: Promises, path: KeyPath, policy: Policy, document: Document) -> None:
    """Leaders are agents of the policy, where it lists any."""
    agents = {row.agent for row in policy.agents}
    if not agents:
        return
    for index, group in enumerate(promises.groups):
        _check_agents(group.leaders, agents, (*path, "group", index, "leaders"), document)
    _check_agents(promises.duty, agents, (*path, "contact", "duty"), document)


def _check_agents(named: Iterable[str], agents: set[str], path: KeyPath, document: Document) -> None:
    unknown = next((each for each in named if each not in agents), None)
    if unknown is not None:
        document.note(path, shown(unknown), "agents of [[agent]]")


def _check_kind(
    kind: FollowUpKind, path: KeyPath, version: PolicyVersion, policy: Policy, document: Document
) -> None:
    for key, found, expected in (*kind_faults(kind), *window_faults(kind, version, policy)):
        document.note((*path, *key.split(".")), found, expected)


def _check_names(kind: FollowUpKind, path: KeyPath, promises: Promises, document: Document) -> None:
    """Group, survey, reasons, festivals and duty leaders that a kind names are there."""
    groups, surveys = [each.group for each in promises.groups], [each.id for each in promises.surveys]
    if kind.group is not None and kind.group not in groups:
        document.note((*path, "group"), shown(kind.group), _known(groups, "group"))
    if kind.survey is not None and kind.survey not in surveys:
        document.note((*path, "survey"), shown(kind.survey), _known(surveys, "survey"))
    unknown = next((each for each in kind.reasons if promises.reason(each) is None), None)
    if unknown is not None:
        reasons = [each.id for each in (*REASONS, *promises.reasons)]
        document.note((*path, "reasons"), shown(unknown), one_of(reasons))
    if kind.trigger.kind is TriggerKind.FESTIVAL and kind.trigger.name == MAJOR and not promises.major:
        document.note((*path, "trigger"), '"festival:major"', "major_festivals in [version.contact]")
    for key, alarm in (("overdue", kind.overdue), ("at_once", kind.at_once)):
        if alarm is Alarm.DUTY and not promises.duty:
            document.note((*path, key), '"duty"', "duty in [version.contact]")


def _known(names: Sequence[str], row: str) -> str:
    return one_of(names) if names else f"a [[version.{row}]] of this name"


def _check_chains(promises: Promises, path: KeyPath, document: Document) -> None:
    """Each link names a kind, and no chain is its own beginning."""
    before = {kind.id: kind.trigger.name for kind in promises.kinds if kind.trigger.kind in CHAINED}
    told: set[str] = set()
    for index, kind in enumerate(promises.kinds):
        here = (*path, "followup", index, "trigger")
        if kind.id not in before:
            continue
        if promises.kind(kind.trigger.name) is None:
            document.note(here, shown(str(kind.trigger)), _known([each.id for each in promises.kinds], "followup"))
        elif kind.id not in told and _is_circle(kind, before):
            told |= _circle(kind.id, before)
            document.note(
                here, f"{shown(str(kind.trigger))}, which {shown(kind.id)} itself leads to", EXPECTED_CHAIN
            )


EXPECTED_CHAIN = "a chain with a beginning, or unsatisfied: of itself with level_up = true"


def _is_circle(kind: FollowUpKind, before: Mapping[str, str]) -> bool:
    trigger = kind.trigger
    again = trigger.kind is TriggerKind.UNSATISFIED and trigger.name == kind.id and kind.level_up
    return not again and _returns(kind.id, before)


def _circle(start: str, before: Mapping[str, str]) -> set[str]:
    found, at = {start}, before[start]
    while at != start:
        found.add(at)
        at = before[at]
    return found
