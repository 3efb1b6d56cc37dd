"""From the PBX's event to the wall: a busy centre, a hundred open walls, and what that costs the service.

    python benchmarks/live.py [--agents 500] [--calls 200] [--walls 100] [--warm 150] [--seconds 60] [--folder /dev/shm]

A scripted PBX in a process of its own sends the packets of a real queue call, stretched, for every agent; the service
is the real command with its journal, tracker and store; the walls are SSE clients in a third process, half of them in
either language, and one is a real Chromium. A sample is the time from an event's own timestamp (a phone begins to ring,
two begin to hear each other) to the moment at which a client has read the agent's tile that tells of it, or at which
Chromium has put it into the page. In the same run a plain page asks for the whole wall once a second: the baseline.
The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).parent))
from live_pbx import SECRET, USER, busy_pbx

TILE = re.compile(rb'data-live="tile\.(\d+)".*?data-since="(\d+)"')
READ = 9
"""One wall of so many reads what it is sent: of either language some."""
TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = """
data_dir = "{folder}/data"
[http]
port = {http}
[pbx.main]
host = "127.0.0.1"
port = {pbx}
user = "{user}"
secret_env = "BENCH_SECRET"
trunks = ["*trunk*"]
"""
WATCH = """(() => { window.samples = []; const seen = {};
  const look = el => { const at = el.querySelector?.('time[data-since]')?.dataset.since, name = el.dataset?.live;
    if (!name?.startsWith('tile.') || !at) return;
    if (seen[name] && +at > seen[name]) window.samples.push(Date.now() - at);
    seen[name] = Math.max(seen[name] ?? 0, +at); };
  document.querySelectorAll('[data-live^="tile."]').forEach(look);
  new MutationObserver(all => all.forEach(each => each.addedNodes.forEach(look)))
    .observe(document.querySelector('[data-live=tiles]'), { childList: true }); })()"""


@dataclass(slots=True)
class Heard:
    """What the walls heard: samples in milliseconds, and bytes; and what it took to listen, in seconds of a core."""

    samples: list[float] = field(default_factory=list)
    bytes: int = 0
    cpu: float = 0.0


class Tiles:
    """The newest instant of each agent's tile: a later one is a sample."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def take(self, text: bytes, now_ms: float) -> list[float]:
        """The ages of what is new here."""
        fresh = []
        for agent, since in TILE.findall(text):
            at, before = int(since), self._seen.get(agent)
            if before is None or at > before:
                self._seen[agent] = at
                if before is not None:
                    fresh.append(now_ms - at)
        return fresh


async def wall(port: int, language: str, heard: Heard, measuring: asyncio.Event, *, reads: bool) -> None:
    """One open wall, for ever; not all of them read what they are sent, which would cost more than sending it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    writer.write(f"GET /events?lang={language}&page=wall HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    tiles, rest = Tiles(), b""
    while data := await reader.read(1 << 18):
        now_ms = time.time() * 1000
        if measuring.is_set():
            heard.bytes += len(data)
        if not reads:
            continue
        whole, end, rest = (rest + data).rpartition(b"\n\n")
        fresh = tiles.take(whole, now_ms) if end else []
        if measuring.is_set():
            heard.samples += fresh


async def polled(port: int, heard: Heard, measuring: asyncio.Event) -> None:
    """A plain page that asks for the whole wall once a second."""
    tiles = Tiles()
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        writer.write(f"GET /wall HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        page = await reader.read(-1)
        writer.close()
        fresh = tiles.take(page, time.time() * 1000)
        if measuring.is_set():
            heard.samples += fresh
            heard.bytes += len(page)
        await asyncio.sleep(1)


def watch(pipe: Connection, port: int, walls: int, warm: float, seconds: float) -> None:
    """The process of the walls."""
    asyncio.run(_watch(pipe, port, walls, warm, seconds))


async def _watch(pipe: Connection, port: int, walls: int, warm: float, seconds: float) -> None:
    told, plain, measuring = Heard(), Heard(), asyncio.Event()
    tasks = [
        asyncio.create_task(wall(port, ("zh", "en")[n % 2], told, measuring, reads=n % READ == 0))
        for n in range(walls)
    ]
    await asyncio.sleep(warm)
    measuring.set()
    began = time.process_time()
    await asyncio.sleep(seconds)
    told.cpu = time.process_time() - began
    pipe.send(told)
    for task in tasks:
        task.cancel()
    # Afterwards, since making whole pages would hold up what is measured.
    tasks = [asyncio.create_task(polled(port, plain, measuring))]
    await asyncio.sleep(seconds / 2)
    tasks[0].cancel()
    pipe.send(plain)


def play(pipe: Connection, agents: int, calls: int) -> None:
    """The process of the PBX: tells its port, and plays until it is ended."""
    asyncio.run(_play(pipe, agents, calls))


async def _play(pipe: Connection, agents: int, calls: int) -> None:
    async with busy_pbx(agents, calls) as pbx:
        pipe.send(pbx.port)
        await pbx.finished()


@asynccontextmanager
async def chromium(port: int) -> AsyncIterator[object]:
    """A real wall; its page notes the age of every tile that is new."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 1920, "height": 1080})
        began = time.monotonic()
        await page.goto(f"http://127.0.0.1:{port}/wall")
        print(f"first view in Chromium: {time.monotonic() - began:.2f} s", flush=True)
        await page.evaluate(WATCH)
        yield page
        await browser.close()


def weigh(port: int) -> None:
    """Say what a page weighs, and as it is sent."""
    for path in ("/wall", "/"):
        sizes = []
        for coding in ("identity", "gzip"):
            asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": coding})
            with urlopen(asked) as answer:
                sizes.append(len(answer.read()))
        print(f"{path}: {sizes[0] / 1000:.0f} kB, sent as {sizes[1] / 1000:.0f} kB", flush=True)


def cpu_seconds(pid: int) -> float:
    """What a process has used, its threads included."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS


def rss_mb(pid: int) -> int:
    """What a process holds in memory."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", told)[1]) // 1024  # type: ignore[index]


def at(samples: list[float], share: float) -> float:
    """A quantile."""
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


def free_port() -> int:
    """A port that nobody listens at."""
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def until_there(port: int) -> None:
    """Wait for the service."""
    for _ in range(300):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.2)
    raise SystemExit("live: found no service after a minute, expected one")


async def measure(args: argparse.Namespace, folder: Path) -> dict[str, object]:
    """The whole of it."""
    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    pbx = spawn.Process(target=play, args=(theirs, args.agents, args.calls), daemon=True)
    pbx.start()
    pbx_port, port = ours.recv(), free_port()
    config = folder / "threerings.toml"
    config.write_text(SETTINGS.format(folder=folder, http=port, pbx=pbx_port, user=USER))
    command = [sys.executable, "-m", "service", "run", "--config", str(config)]
    service = subprocess.Popen(  # noqa: ASYNC220 - once, before anything is measured
        command, env={**os.environ, "BENCH_SECRET": SECRET}, stderr=(folder / "log").open("w")
    )
    try:
        await until_there(port)
        watching, pipe = spawn.Pipe()
        walls = spawn.Process(target=watch, args=(pipe, port, args.walls, args.warm, args.seconds), daemon=True)
        await asyncio.sleep(3)
        walls.start()
        return await _measured(args, service.pid, port, watching)
    finally:
        service.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            service.wait(10)
        service.kill()
        pbx.terminate()


async def _measured(args: argparse.Namespace, pid: int, port: int, watching: Connection) -> dict[str, object]:
    seen: list[float] = []
    async with chromium(port) if args.browser else _nobody() as page:
        await asyncio.sleep(args.warm)
        if page is not None:
            await page.evaluate("window.samples = []")  # type: ignore[attr-defined]
        before, began = cpu_seconds(pid), time.monotonic()
        told = await asyncio.to_thread(watching.recv)
        used, lasted = cpu_seconds(pid) - before, time.monotonic() - began
        await asyncio.to_thread(weigh, port)
        if page is not None:
            seen = await page.evaluate("window.samples")  # type: ignore[attr-defined]
    plain = await asyncio.to_thread(watching.recv)
    figure, baseline = at(told.samples, 0.99), at(plain.samples, 0.99)
    walls, seconds = args.walls, args.seconds
    sent = plain.bytes / seconds / 500
    print(f"{args.agents} agents, about {args.calls} calls in progress, {walls} walls, {seconds:.0f} s")
    print(
        f"event to client   p50 {at(told.samples, 0.5):4.0f} ms, p99 {figure:4.0f} ms ({len(told.samples):,} samples)"
    )
    print(f"event to Chromium p50 {at(seen, 0.5):4.0f} ms, p99 {at(seen, 0.99):4.0f} ms ({len(seen):,} samples)")
    print(f"polled each second p50 {at(plain.samples, 0.5):4.0f} ms, p99 {baseline:4.0f} ms, {sent:.0f} kB/s")
    print(f"a wall is sent {told.bytes / seconds / walls / 1000:.1f} kB/s")
    print(f"load {os.getloadavg()[0]:.1f}; the walls took {told.cpu / seconds:.0%} of a core")
    print(f"the service: {used / lasted:.0%} of a core, {rss_mb(pid)} MB")
    return {
        "name": "live", "figure": round(figure, 1), "unit": "ms p99", "p50": round(at(told.samples, 0.5), 1),
        "browser_p50": round(at(seen, 0.5), 1), "browser_p99": round(at(seen, 0.99), 1),
        "baseline": {"page polled each second, p99": round(baseline, 1)}, "ratio": round(baseline / figure, 2),
        "cpu_share": round(used / lasted, 3), "rss_mb": rss_mb(pid),
        "kb_per_client_s": round(told.bytes / seconds / walls / 1000, 2), "samples": len(told.samples),
    }  # fmt: skip


@asynccontextmanager
async def _nobody() -> AsyncIterator[None]:
    yield None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--walls", type=int, default=100)
    parser.add_argument("--warm", type=float, default=150.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--folder", help="where journal and database are kept while it runs; default: the system's")
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="live-", dir=args.folder) as folder:
        print(json.dumps(asyncio.run(measure(args, Path(folder)))))


if __name__ == "__main__":
    main()
