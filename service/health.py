"""Whether the service is well: `/healthz`, and the figures of `/metrics`, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service.dialling.placing import Placing
from service.pipeline.road import Road
from service.recordings.keeper import RecordingKeeper
from service.recordings.telling import recordings_health, recordings_troubles

READINGS: tuple[tuple[str, str, str], ...] = (
    ("connected", "whether the PBX is heard", "client.connected"),
    ("connections_total", "logins accepted", "client.counters.connections"),
    ("losses_total", "connections that ended", "client.counters.losses"),
    ("failures_total", "tries without a login", "client.counters.failures"),
    ("overruns_total", "times we hung up because we were too slow", "client.counters.overruns"),
    ("packets_total", "packets received", "client.counters.packets"),
    ("received_bytes_total", "bytes received", "client.counters.received_bytes"),
    ("backlog_bytes", "bytes that wait for the listener", "client.backlog"),
    ("journal_seq", "last number that is durable", "journal.durable_seq"),
    ("journal_buffered_bytes", "bytes that are not durable yet", "journal.buffered_bytes"),
    ("journal_failing", "whether the journal cannot be written", "listener.failing"),
    ("clock_jumps_total", "jumps of our clock", "listener.clock_jumps"),
    ("analysed_seq", "last number that was interpreted", "analysis.analyser.interpreter.seq"),
    ("skipped_packets_total", "packets that say nothing of calls", "analysis.analyser.interpreter.skipped"),
    ("unreadable_packets_total", "packets without a header", "analysis.analyser.interpreter.unreadable"),
    ("failed_events_total", "events that the tracker failed on", "analysis.analyser.interpreter.failed"),
    ("stored_seq", "number that the stored facts reach to", "analysis.writer.stored_up_to"),
    ("stored_facts_total", "facts stored since the start", "analysis.writer.stored_facts"),
    ("repaired_calls_total", "calls put in their place from the PBX's logs", "repairer.repaired"),
    ("repairs_waiting", "calls of the logs that are not decided yet", "repairer.waiting"),
    ("repairs_failing", "whether the logs cannot be read or a repair not stored", "repairer.failing"),
    ("refused_facts_total", "facts that the database refused for good", "analysis.writer.refused_facts"),
    ("database_failing", "whether facts cannot be stored", "analysis.writer.failing"),
)
"""Name, what it says, and where it is read in a Road. What ends in `_total` only grows."""


def read(road: Road, path: str) -> float | None:
    """A reading now; None where this process has no such part. A reason for failing reads as 1."""
    value: Any = road
    for name in path.split("."):
        value = getattr(value, name)
        if value is None:
            return 0.0 if name == "failing" else None
    return 1.0 if isinstance(value, str) else float(value)


class RoadsCollector:
    """Gives prometheus_client the readings of all PBXs."""

    def __init__(self, roads: Iterable[Road]) -> None:
        self._roads = tuple(roads)

    def collect(self) -> Iterator[Metric]:
        """One family a reading, one sample a PBX."""
        for name, text, path in READINGS:
            family_of = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            family = family_of(f"threerings_{name}", text, labels=["pbx"])
            for road in self._roads:
                value = read(road, path)
                if value is not None:
                    family.add_metric([road.pbx.name], value)
            yield family


class PlacingCollector:
    """Gives prometheus_client what this process knows of calls that are placed; nothing where it places none."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing

    def collect(self) -> Iterator[Metric]:
        """The dialler of each PBX, the attempts that are live or unknown, and the last day's by trunk and phase."""
        placing = self._placing
        if not placing.diallers:
            return
        connected = GaugeMetricFamily("threerings_dialler_connected", "whether orders can be sent", labels=["pbx"])
        deaf = GaugeMetricFamily("threerings_dialler_deaf", "whether nothing may be dialled now", labels=["pbx"])
        for pbx, dialler in placing.diallers.items():
            connected.add_metric([pbx], float(dialler.connected))
            deaf.add_metric([pbx], float(placing.floor is None or placing.floor.deaf(pbx)))
        yield from (connected, deaf)
        yield GaugeMetricFamily("threerings_attempts_live", "attempts that go on", value=placing.counted.live)
        yield GaugeMetricFamily(
            "threerings_attempts_indeterminate",
            "attempts whose end is unknown",
            value=placing.counted.indeterminate,
        )
        yield GaugeMetricFamily(
            "threerings_placing_failing", "whether the runner cannot work", value=float(placing.failing is not None)
        )
        words = "attempts that were committed in the last day"
        attempts = GaugeMetricFamily("threerings_attempts", words, labels=["pbx", "trunk", "phase"])
        for (pbx, trunk, phase), count in placing.counted.phases.items():
            attempts.add_metric([pbx, trunk, phase.value], count)
        yield attempts


def health(
    roads: Iterable[Road],
    placing: Placing | None = None,
    acting: Mapping[str, bool] | None = None,
    recordings: RecordingKeeper | None = None,
    *,
    demo: bool,
) -> dict[str, Any]:
    """`status` is ok, or degraded with what is wrong; the process is alive in both cases.

    acting: by PBX that people act on, whether it is connected for that. recordings: who finds and listens to them here.
    """
    wrong = [sentence for road in roads for sentence in _troubles(road)]
    pbxs = {road.pbx.name: {"connected": bool(road.client and road.client.connected)} for road in roads}
    acts = acting or {}
    wrong += [
        f"{pbx}: the user of actions is not connected; nobody acts" for pbx, is_up in acts.items() if not is_up
    ]
    if recordings is not None:
        wrong += recordings_troubles(recordings)
    told = {"status": "degraded" if wrong else "ok", "demo": demo, "troubles": wrong, "pbxs": pbxs}
    if acts:
        told["acting"] = {pbx: {"connected": is_up} for pbx, is_up in acts.items()}
    if recordings is not None and (stands := recordings_health(recordings)):
        told["recordings"] = stands
    if placing is None or not placing.diallers:
        return told
    wrong += _troubles_of_placing(placing)
    return {**told, "status": "degraded" if wrong else "ok", "dialling": _dialling(placing)}


def _dialling(placing: Placing) -> dict[str, Any]:
    """By PBX whether it can be asked, and why nothing is dialled there now."""
    return {
        pbx: {"connected": dialler.connected, "deaf": placing.floor.why_deaf(pbx) if placing.floor else "not begun"}
        for pbx, dialler in placing.diallers.items()
    }


def _troubles_of_placing(placing: Placing) -> Iterator[str]:
    if placing.failing is not None:
        yield "calls: the database cannot be read or written; none is placed"
    for pbx, dialler in placing.diallers.items():
        if not dialler.connected:
            yield f"{pbx}: the user of actions is not connected; no call is placed"


def _troubles(road: Road) -> Iterator[str]:
    name = road.pbx.name
    if road.client is not None and not road.client.connected:
        yield f"{name}: not connected"
    if road.listener is not None and road.listener.failing is not None:
        yield f"{name}: the journal cannot be written"
    if road.analysis is not None and road.analysis.writer is not None and road.analysis.writer.failing is not None:
        yield f"{name}: the database cannot be written; facts wait in the journal"
    if road.repairer is not None and road.repairer.failing is not None:
        yield f"{name}: the PBX's logs cannot be followed; what was missed is not mended"
    if road.analysis is not None and road.analysis.writer is not None and road.analysis.writer.refused_facts:
        yield f"{name}: the database refused {road.analysis.writer.refused_facts} facts; they are in quarantine"
    if road.analysis is not None and road.analysis.analyser.failing is not None:
        yield f"{name}: the journal cannot be read"
