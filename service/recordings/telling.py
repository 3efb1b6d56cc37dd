"""What the service tells of its recordings: figures of `/metrics`, and the part of `/healthz`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service.recordings.keeper import RecordingKeeper
from service.recordings.working import Outcome
from telephony.calls.record import instant

_PREFIX = "threerings_recordings"


class RecordingsCollector:
    """Gives prometheus_client how the queue stands and what was listened to; nothing where nothing is done here."""

    def __init__(self, keeper: RecordingKeeper, now: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Gauges of the queue as it was at the last look, counters since the start."""
        keeper = self._keeper
        if not keeper.on:
            return
        if keeper.stands is not None:
            yield from self._queue()
        files = CounterMetricFamily(f"{_PREFIX}_total", "files that were worked on", labels=["outcome"])
        for outcome, count in keeper.tally.outcomes.items():
            if outcome is not Outcome.IDLE:
                files.add_metric([outcome.value], count)
        yield files
        heard = keeper.tally.heard_ms / 1000
        yield CounterMetricFamily(f"{_PREFIX}_heard_seconds_total", "sound that was listened to", value=heard)
        busy = keeper.tally.busy_seconds
        yield CounterMetricFamily(
            f"{_PREFIX}_busy_seconds_total", "time that this took, of all workers", value=busy
        )
        failing = keeper.failing is not None or bool(keeper.troubles)
        yield GaugeMetricFamily(
            f"{_PREFIX}_failing", "whether files cannot be found or stored", value=float(failing)
        )

    def _queue(self) -> Iterator[Metric]:
        stands = self._keeper.stands
        if stands is None:
            return
        yield GaugeMetricFamily(f"{_PREFIX}_waiting", "files to be listened to", value=stands.waiting)
        yield GaugeMetricFamily(f"{_PREFIX}_working", "files that are listened to now", value=stands.working)
        yield GaugeMetricFamily(f"{_PREFIX}_given_up", "files that were given up", value=stands.failed)
        waits = 0.0 if stands.oldest_at is None else (self._now() - stands.oldest_at).total_seconds()
        yield GaugeMetricFamily(
            f"{_PREFIX}_oldest_seconds", "how long the oldest of them waits", value=max(waits, 0.0)
        )


def recordings_health(keeper: RecordingKeeper) -> dict[str, Any]:
    """How the queue stands, for `/healthz`; {} where nothing is known of it."""
    stands = keeper.stands
    if stands is None:
        return {}
    return {
        "waiting": stands.waiting,
        "working": stands.working,
        "given_up": stands.failed,
        "oldest_at": instant(stands.oldest_at),
    }


def recordings_troubles(keeper: RecordingKeeper) -> Iterator[str]:
    """What is wrong, a sentence each."""
    if keeper.failing is not None:
        yield "recordings: the database cannot be read or written; none is listened to"
    yield from keeper.troubles.values()
