"""Says what a policy means, in short sentences, in Chinese or English.

Pure: the same policy gives the same text. Every figure comes from the policy's own functions, so that the
sentences cannot differ from what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from config.attendance import Prorate
from config.errors import ConfigMisuseError
from config.explain_days import explain_closings, explain_hours
from config.explain_followups import explain_promises
from config.explain_quality import explain_quality
from config.explain_recordings import explain_recordings
from config.explain_words import EN, ZH, Words
from config.marks import Marks, QueueMarks
from config.people import Line, QueueRule, Tier, TierCounts
from config.policies import Policy, PolicyVersion
from config.retention import Retention
from config.rings import Boundary

LANGUAGES = {"zh": ZH, "en": EN}


def explain(policy: Policy, language: str) -> str:
    """The policy in sentences, one a line; `language` is zh or en. Raises ConfigMisuseError for another."""
    words = _words(language)
    title = policy.title_zh if language == "zh" else policy.title_en
    lines = [words.title.format(name=policy.name, title=title, zone=policy.zone.key, country=policy.country)]
    for version in policy.versions:
        lines += ["", explain_start(policy, version, language), *explain_version(version, language)]
    for paragraph in explain_calendar(policy, language):
        lines += ["", *paragraph]
    lines += ["", words.people.format(agents=len(policy.agents), devices=len(policy.devices))]
    return "\n".join(lines)


def _words(language: str) -> Words:
    if language not in LANGUAGES:
        raise ConfigMisuseError(f"explain: found language {language}, expected zh or en")
    return LANGUAGES[language]


def explain_start(policy: Policy, version: PolicyVersion, language: str) -> str:
    """Since when a version is in force."""
    words, start = _words(language), version.start and version.start.astimezone(policy.zone)
    return words.since.format(start=f"{start:%Y-%m-%d %H:%M}") if start else words.always


def explain_calendar(policy: Policy, language: str) -> list[list[str]]:
    """When the centre is open, and what days off it keeps: a paragraph for each week's hours, one for closings."""
    words = _words(language)
    return [*([*explain_hours(each, words)] for each in policy.hours), [*explain_closings(policy, words)]]


def explain_version(version: PolicyVersion, language: str) -> Iterator[str]:
    """The rules of one version, a sentence or a paragraph each."""
    words = _words(language)
    yield from _ring(version, words)
    yield words.minutes.format(
        counts=words.comma.join(words.kinds[kind] for kind in words.kinds if kind in version.minutes.counts),
        rounding=words.roundings[version.minutes.rounding],
    )
    level = version.service_level
    yield words.level.format(
        seconds=span(level.within), name=level.formula.value, formula=words.formulas[level.formula]
    )
    yield words.staffing.format(target=level.target, occupancy=level.occupancy)
    yield from _limits(version, words)
    yield from _marks(version, words)
    yield from explain_recordings(version.recordings, language)
    yield from (_tier(tier, words, language) for tier in version.tiers)
    yield from (_line(line, words) for line in version.lines)
    yield from (_queue(rule, words) for rule in version.queues)
    if version.outcomes:
        names = (each.name_zh if language == "zh" else each.name_en for each in version.outcomes)
        yield words.outcomes.format(names=words.comma.join(names))
    yield from _retention(version.retention, words)
    yield from explain_promises(version.promises, language)
    yield from explain_quality(version.quality, language)


def _line(line: Line, words: Words) -> str:
    branch = words.branch.format(branch=line.branch) if line.branch else ""
    code = line.code or line.skill or words.none
    return words.line.format(did=line.did, name=line.name, code=code, branch=branch)


def _queue(rule: QueueRule, words: Words) -> str:
    branch = words.branch.format(branch=rule.branch) if rule.branch else ""
    return words.queue.format(
        queue=rule.queue, name=rule.name or words.none, code=rule.code or words.none, branch=branch
    )


def _ring(version: PolicyVersion, words: Words) -> Iterator[str]:
    ring = version.ring
    pattern = "/".join(span(each) for each in ring.cadence.pattern)
    template = words.ring_seconds if ring.boundary is Boundary.SECONDS else words.ring
    boundary = words.boundaries[ring.boundary]
    yield template.format(rings=ring.rings, limit=span(ring.limit()), boundary=boundary, pattern=pattern)
    for trunk in ring.trunks:
        limit = replace(ring, cadence=trunk.cadence).limit()
        yield words.trunk.format(match=trunk.match, limit=span(limit), cycle=span(trunk.cadence.cycle))


def _limits(version: PolicyVersion, words: Words) -> Iterator[str]:
    limits = version.limits
    yield words.handled.format(seconds=span(limits.handled_within))
    yield words.short.format(talk=span(limits.short_talk), abandon=span(limits.short_abandon))
    yield words.wrap_up.format(seconds=span(limits.wrap_up))
    yield words.breaks.format(away=span(version.breaks.away), meal=span(version.breaks.meal))
    for reason, limit in version.breaks.allowed.items():
        yield words.allowed.format(reason=reason, seconds=span(limit))
    if version.prorate is Prorate.SHIFTS:
        yield words.prorate
    numbers = version.numbers
    yield words.numbers.format(
        left_out=len(numbers.test + numbers.nuisance), shared=len(numbers.switchboards + numbers.short_codes)
    )


def _marks(version: PolicyVersion, words: Words) -> Iterator[str]:
    yield words.marks.format(marks=_listed(version.marks_of(), words))
    for rule in version.queues:
        own = _listed(rule.marks, words)
        if own:
            yield words.queue_marks.format(queue=rule.queue, marks=own)


def _listed(marks: Marks | QueueMarks, words: Words) -> str:
    """Each mark that is set, in the order of the board."""
    found = ((name, getattr(marks, name, None)) for name in words.mark_names)
    return words.comma.join(
        words.mark.format(name=words.mark_names[name], warn=_edge(mark.warn), breach=_edge(mark.breach))
        for name, mark in found
        if mark is not None
    )


def _edge(edge: int | None) -> str:
    return "–" if edge is None else str(edge)


def _retention(retention: Retention, words: Words) -> Iterator[str]:
    """Nothing where recordings are kept for good, as they are where a policy does not speak of them."""
    if retention == Retention():
        return
    yield words.retention.format(kept=_kept(retention.days, words))
    for rule in retention.rules:
        asked = ((name, getattr(rule, name)) for name in words.retention_marks)
        marks = words.comma.join(words.retention_marks[name].format(value) for name, value in asked if value)
        yield words.retention_rule.format(marks=marks, kept=_kept(rule.days, words))


def _kept(days: int | None, words: Words) -> str:
    return words.kept if days is None else words.kept_days.format(days=days)


def _tier(tier: Tier, words: Words, language: str) -> str:
    name = tier.name_zh if language == "zh" else tier.name_en
    codes = words.comma.join(tier.codes) or words.none
    if tier.counts is TierCounts.TRANSFERS:
        return words.tier_transfers.format(name=name, codes=codes)
    floor, target = (words.none if each is None else each for each in (tier.floor_minutes, tier.target_minutes))
    return words.tier.format(name=name, floor=floor, target=target, codes=codes)


def span(duration: timedelta) -> str:
    """Seconds with as many decimals as are needed, exactly."""
    seconds, milliseconds = divmod(duration // timedelta(milliseconds=1), 1000)
    return f"{seconds}.{milliseconds:03d}".rstrip("0").rstrip(".") if milliseconds else str(seconds)
