"""Waits for what the listener hears: the proof that an act was done. The one clock of it is the event loop's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from service.live.hub import LiveHub
from telephony.calls.facts import OfferingFact, OfferingSource, TalkFact, TalkKind
from telephony.calls.record import CallRecord

PROOF_SECONDS = 3.0
"""Events come within a tenth of a second; a journal on a slow disk needs one."""


class Witness:
    """Tells whether something came true in the live state. Belongs to the event loop."""

    def __init__(self, hub: LiveHub, within: float = PROOF_SECONDS) -> None:
        self._hub = hub
        self.within = within

    async def sees(self, is_so: Callable[[], bool], within: float | None = None) -> bool:
        """Whether it is so, or becomes so in time."""
        if is_so():
            return True
        changed = asyncio.Event()
        stop = self._hub.watch(changed.set)
        try:
            async with asyncio.timeout(self.within if within is None else within):
                while not is_so():
                    changed.clear()
                    await changed.wait()
            return True
        except TimeoutError:
            return False
        finally:
            stop()

    def rung(self, pbx: str, phone: str) -> dict[str, OfferingFact]:
        """How this phone was rung by an application lately, by id."""
        return {
            each.id: each
            for record in self._lately(pbx)
            for each in record.offerings
            if each.device == phone and each.source is OfferingSource.ORIGINATE
        }

    def heard(self, pbx: str, phone: str) -> dict[str, TalkFact]:
        """What this phone listened to lately, by id."""
        return {
            each.id: each
            for record in self._lately(pbx)
            for each in record.talks
            if each.device == phone and each.kind is TalkKind.MONITOR
        }

    def is_over(self, call_id: str) -> bool:
        """Whether a call goes on no more."""
        going = (each.call for each in self._hub.current.open_records())
        return not any(each.ended_at is None and call_id in (each.id, *each.alias_ids) for each in going)

    def _lately(self, pbx: str) -> list[CallRecord]:
        current = self._hub.current
        found = [*current.open_records(), *current.recent_records()]
        return [each for each in found if each.call.pbx == pbx]
