"""In what condition a file is, and whether the PBX still writes it. Pure.

While a call goes on its file's header says 0, and with MixMonitor's option b it does not even grow while the caller
waits: so the call's end decides. Of a file without a call only its own age can tell.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from analytics.recordings import Sound
from analytics.recordings.conditions import FileCondition
from service.recordings.walking import Look
from telephony.clock import from_microseconds

SETTLED = timedelta(seconds=3)
"""A file that was written to so lately may still grow, though the call is over: the mixing thread writes on."""

ALONE = timedelta(minutes=10)
"""A file without a call, and with an unfinished header, is not written any more after so long."""

STUCK = timedelta(hours=12)
"""A call whose end was never heard does not keep its file open for longer than this after its last change."""

AHEAD = timedelta(minutes=1)
"""A time of change further in the future than this is a clock gone wrong, not a change just now."""


def condition_of(look: Look, over: bool | None, now: datetime) -> tuple[FileCondition, str]:
    """The condition, and what was found where it cannot be heard.

    over: whether its call has ended, None where it has none.
    """
    age = now - from_microseconds(look.changed_ns // 1000)
    fresh = -AHEAD <= age < SETTLED
    if look.error:
        return (FileCondition.GROWING, "") if fresh else (FileCondition.BROKEN, look.error)
    sound = look.sound
    empty = sound is None or sound.empty
    if fresh or (over is False and age < STUCK) or (over is None and _unfinished(sound) and age < ALONE):
        return FileCondition.GROWING, ""
    if empty:
        found = "a header alone" if look.size else "no byte"
        return FileCondition.EMPTY, f"found {found}, expected sound: its call was never joined with another"
    return FileCondition.READY, ""


def _unfinished(sound: Sound | None) -> bool:
    """No sound yet, or a WAVE whose header tells another length than there is; bare samples never tell any."""
    return sound is None or sound.empty or (sound.start > 0 and not sound.header_right)
