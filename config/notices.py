"""Who is told by which channel, and when nobody is disturbed: the `[notices]` of threerings.toml as frozen objects.

A channel's address holds a secret, so only where it is to be read from is here. Quiet hours are by the clocks of the
centre; pure, like all of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from config.followups import Promises
from config.language import Language
from config.secrets import SecretSource


class RecipientKind(StrEnum):
    """Who a notice is for; written `KIND`, `KIND:NAME`, or an agent's number alone."""

    AGENT = "agent"  # one person
    LEADER = "leader"  # whoever leads a group
    DUTY = "duty"  # the duty leader 值班领导
    PBX = "pbx"  # whoever looks after the PBX
    CHANNEL = "channel"  # a channel itself, whoever reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who a notice is for. `name` is the agent, the group or the channel; '' for the other kinds."""

    kind: RecipientKind
    name: str = ""

    def __str__(self) -> str:
        if self.kind is RecipientKind.AGENT:
            return self.name
        return f"{self.kind.value}:{self.name}" if self.name else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to reach somebody. `url` is where its Apprise URL is to be read from.

    `idempotent`: its receiver takes the same notice twice as one, so a notice of unknown end is sent again.
    """

    name: str
    url: SecretSource
    language: Language | None = None  # None: the recipient's, else that of the settings
    idempotent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietSpan:
    """Nobody is disturbed from `start` up to but not including `end`, over midnight where `end` is no later."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Whether a local time of day is quiet."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """All of `[notices]`. `to`: the channels of each recipient, in the order of the file."""

    channels: tuple[Channel, ...] = ()
    to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)
    quiet: tuple[QuietSpan, ...] = ()
    gap: timedelta = timedelta(seconds=60)  # a PBX that was not heard for longer is told of

    def channel(self, name: str) -> Channel | None:
        """The channel of this name."""
        return next((each for each in self.channels if each.name == name), None)

    def language(self, recipient: Recipient, channel: str, otherwise: Language) -> Language:
        """In which language a recipient is told: his own, else the channel's, else another."""
        found = self.channel(channel)
        return self.languages.get(str(recipient)) or (found and found.language) or otherwise


def channels_of(settings: NoticeSettings, recipient: Recipient, promises: Promises) -> tuple[str, ...]:
    """The channels that reach somebody; () where none does.

    A group's leader and the duty leader are reached by their role's channels, else as the first person of that role
    who has any; a group whose leaders have none is led by the duty leader.
    """
    if recipient.kind is RecipientKind.CHANNEL:
        return (recipient.name,) if settings.channel(recipient.name) else ()
    named = settings.to.get(str(recipient))
    if named:
        return named
    persons = _persons(recipient, promises)
    found = next((settings.to[each] for each in persons if settings.to.get(each)), ())
    if found or recipient.kind is not RecipientKind.LEADER:
        return found
    return channels_of(settings, Recipient(kind=RecipientKind.DUTY), promises)


def _persons(recipient: Recipient, promises: Promises) -> tuple[str, ...]:
    if recipient.kind is RecipientKind.DUTY:
        return promises.duty
    group = promises.group(recipient.name) if recipient.kind is RecipientKind.LEADER else None
    return group.leaders if group else ()
