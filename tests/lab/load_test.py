"""Measure how fast a lab Asterisk emits AMI events under call load.

    python -m tests.lab.load_test [--suite forky] [--slot N] [--kind local|queue|sip] [--rates 5,10,20]
                                  [--seconds 15] [--user NAME --secret SECRET] [--clients N]
                                  [--hold S] [--agents N] [--out FILE]

kind "local": Originate of Local channels that answer each other at once (no SIP, no audio).
kind "queue": Originate of Local callers into the queue "load" with Local agents.
kind "sip":   sipp calls the queue "load" with Local agents (SIP and RTP set-up on one side).
For each rate one JSON line: calls placed, events and bytes per second received by one AMI client,
the delay of events (arrival against their Timestamp header), Asterisk's CPU use, open channels.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.lab.ami import Ami, parse
from tests.lab.world import LAB

TICKS = os.sysconf("SC_CLK_TCK")
EVENT = re.compile(rb"(?:^|\n)Event: ([^\r\n]+)")
TIMESTAMP = re.compile(rb"\r\nTimestamp: ([\d.]+)")


class Meter(Ami):
    """Counts events and how late they are; keeps none."""

    def __init__(self, port: int, user: str, secret: str) -> None:
        self.delays: list[float] = []
        super().__init__(port, user, secret, keep=False)

    def _feed(self, data: bytes, now: float) -> None:
        # Leaner than the recorder's: only the fields that are needed.
        if self.banner is None:
            super()._feed(data, now)
            return
        *blocks, self._buffer = (self._buffer + data).split(b"\r\n\r\n")
        for block in blocks:
            event = EVENT.search(block)
            if event is None:
                self._take(parse(block), len(block), now)
                continue
            name = event.group(1).decode()
            self.counts[name] = self.counts.get(name, 0) + 1
            stamp = TIMESTAMP.search(block)
            if stamp:
                self.delays.append(now - float(stamp.group(1)))

    def reset(self) -> None:
        self.counts, self.delays, self.bytes = {}, [], 0


class LoadedPbx:
    """A started instance whose queue "load" has members enough."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.instance = f"load-{args.suite}-{args.slot}"
        self.lab("start", "--suite", args.suite, "--slot", str(args.slot))
        paths = dict(line.split("=", 1) for line in self.lab("paths").splitlines())
        port = int(paths["ami"].split(":")[1])
        self.pid = int((Path(paths["dir"]) / "pid").read_text())
        self.control = Ami(port, "recorder", "lab-recorder", keep=False, events=False)
        self.meters = [Meter(port, args.user, args.secret) for _ in range(args.clients)]
        self.members = 0

    def lab(self, *words: str) -> str:
        command = [str(LAB), "-i", self.instance, *words]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def man(self, wanted: int) -> None:
        while self.members < wanted:
            interface = f"Local/{2000 + self.members}@load-agents/n"
            self.control.action("QueueAdd", Queue="load", Interface=interface, MemberName=f"Agent {self.members}")
            self.members += 1

    def place(self, rate: float) -> int:
        """Place calls at a rate for the time asked; how many."""
        if self.args.kind == "sip":
            count = int(rate * self.args.seconds)
            stay = str((self.args.hold + 1) * 1000)
            self.lab("call", "442079460800", "--stay", stay, "--rate", str(int(rate)), "--count", str(count))
            return count
        fields = {"Context": "load-callers", "Exten": "s", "Channel": "Local/10@load-agents/n"}
        if self.args.kind == "queue":
            caller = f"Local/4420794609{self.args.hold + 2:02d}@from-trunk/n"
            fields = {"Context": "load-callers", "Exten": "queue", "Channel": caller}
        fields |= {
            "Priority": "1", "Async": "true", "Timeout": "20000", "Variable": f"HOLD={self.args.hold}",
        }  # fmt: skip
        began, placed = time.time(), 0
        while time.time() - began < self.args.seconds:
            while placed < int((time.time() - began) * rate):
                self.control.send("Originate", fields)
                placed += 1
            time.sleep(0.005)
        return placed

    def close(self) -> None:
        for meter in self.meters:
            meter.sock.close()
        self.control.close()
        self.lab("stop")


def percentile(values: Sequence[float], part: float) -> float | None:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 4) if ordered else None


def measure(pbx: LoadedPbx, rate: float) -> dict[str, Any]:
    """One rate: place the calls, wait for the last, report."""
    args = pbx.args
    if args.kind != "local":
        pbx.man(args.agents or int(rate * (args.hold + 3)) + 5)
    time.sleep(1)
    for other in pbx.meters:
        other.reset()
    meter = pbx.meters[0]
    cpu, began = pbx.cpu_seconds(), time.time()
    placed = pbx.place(rate)
    sent = time.time() - began
    # The busy stretch: the events of the sending time.
    events, size, busy = sum(meter.counts.values()), meter.bytes, pbx.cpu_seconds() - cpu
    channels = pbx.lab("cli", "core show channels count").split("\n")[0]
    time.sleep(args.hold + 4)
    top = sorted(meter.counts.items(), key=lambda c: -c[1])[:8]
    return {
        "kind": args.kind, "suite": args.suite, "user": args.user, "clients": args.clients, "rate": rate,
        "calls": placed, "placed_per_second": round(placed / sent, 1),
        "events_per_second": round(events / sent), "kilobytes_per_second": round(size / sent / 1024),
        "cpu_percent_of_one_core": round(100 * busy / sent),
        "events_per_call": round(sum(meter.counts.values()) / max(placed, 1), 1),
        "bytes_per_call": round(meter.bytes / max(placed, 1)),
        "delay_p50": percentile(meter.delays, 0.5), "delay_p99": percentile(meter.delays, 0.99),
        "delay_max": percentile(meter.delays, 1.0), "channels_at_end": channels,
        "hangups": meter.counts.get("Hangup", 0), "connects": meter.counts.get("AgentConnect", 0),
        "originate_responses": meter.counts.get("OriginateResponse", 0), "top": dict(top),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--suite", default="forky")
    options.add_argument("--slot", type=int, default=4)
    options.add_argument("--kind", default="local", choices=["local", "queue", "sip"])
    options.add_argument("--rates", default="5,10,20,40,80")
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--hold", type=int, default=5)
    options.add_argument("--user", default="recorder")
    options.add_argument("--secret", default="lab-recorder")
    options.add_argument("--clients", type=int, default=1)
    options.add_argument("--agents", type=int, default=0, help="queue members (default: enough for the rate)")
    options.add_argument("--out", type=Path)
    args = options.parse_args(arguments)
    pbx = LoadedPbx(args)
    rows = []
    try:
        for rate in args.rates.split(","):
            rows.append(measure(pbx, float(rate)))
            print(json.dumps(rows[-1]), flush=True)
    finally:
        pbx.close()
    if args.out:
        args.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
