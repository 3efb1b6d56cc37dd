"""Reading what is known of talks' recordings as values: what can be played, and what was heard."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from analytics.recordings.sounded import Heard, Sounded
from analytics.storage.models import talks
from analytics.storage.recording_models import TRUE, recording_files, recording_spans, talk_features

READY, DESTROYED = "ready", "destroyed"
_IDS_AT_A_TIME = 500
_HEARD = tuple(talk_features.c[name] for name in Heard._fields)


def has_sounds(connection: Connection) -> bool:
    """Whether anything at all is known of recordings."""
    wanted = (select(literal(1)).select_from(table).limit(1) for table in (recording_spans, talk_features))
    return any(connection.execute(each).first() is not None for each in wanted)


def has_silent(connection: Connection) -> bool:
    """Whether there is a talk on whose audio the customer is not heard."""
    return (
        connection.execute(select(literal(1)).where(talk_features.c.silent_customer.is_(TRUE)).limit(1)).first()
        is not None
    )


def sounds_between(connection: Connection, start_us: int, end_us: int) -> Iterator[Sounded]:
    """Of the talks that began in a stretch; none where nothing is known of a talk's recordings."""
    return _sounds(connection, talks.c.started_us >= start_us, talks.c.started_us < end_us)


def sounds_of_calls(connection: Connection, call_ids: Collection[str]) -> Iterator[Sounded]:
    """Of all talks of some calls."""
    ordered = sorted(call_ids)
    for first in range(0, len(ordered), _IDS_AT_A_TIME):
        yield from _sounds(connection, talks.c.call_id.in_(ordered[first : first + _IDS_AT_A_TIME]))


def heard_of_talk(connection: Connection, talk_id: str) -> Heard | None:
    """What was heard of one talk; None where it was not listened to yet."""
    row = connection.execute(select(*_HEARD).where(talk_features.c.talk_id == talk_id)).first()
    return None if row is None else Heard(*row)


def _sounds(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[Sounded]:
    told: dict[str, Sounded] = {}
    for talk_id, playable, agent, customer, destroyed in connection.execute(_FILES.where(*wanted)):
        told[talk_id] = Sounded(talk_id, bool(playable), bool(agent and customer), bool(destroyed))
    for talk_id, *heard in connection.execute(_FEATURES.where(*wanted)):
        known = told.get(talk_id) or Sounded(talk_id)
        told[talk_id] = known._replace(heard=Heard(*heard))
    return iter(told.values())


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Whether it holds of any file of a talk, as 0 or 1."""
    return func.max(case((condition, 1), else_=0))


def _files() -> Select[Any]:
    """The talks that lie in files; on channels of their own also where two files hold a side each."""
    ready = recording_files.c.condition == READY
    return (
        select(
            recording_spans.c.talk_id,
            _any(ready),
            _any(and_(ready, recording_spans.c.agent_channel.is_not(None))),
            _any(and_(ready, recording_spans.c.customer_channel.is_not(None))),
            _any(recording_files.c.condition == DESTROYED),
        )
        .join(recording_files, recording_files.c.id == recording_spans.c.file_id)
        .join(talks, talks.c.id == recording_spans.c.talk_id)
        .group_by(recording_spans.c.talk_id)
    )


_FILES = _files()
_FEATURES = select(talk_features.c.talk_id, *_HEARD).join(talks, talks.c.id == talk_features.c.talk_id)
