"""What the faults befall: the PBX, the database server and the service, each a real process with its own pid."""

from __future__ import annotations

import json
import os
import pwd
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.analytics.postgres import ROOT, server_folder
from tests.lab.ami import Ami
from tests.lab.world import Bench

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
POLL = 0.02
PBX_NAME = "lab"


def wait_until(reached: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Until something in another process has come about."""
    until = time.monotonic() + patience
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {patience:.0f} s")
        time.sleep(POLL)


class Pbx:
    """An Asterisk of the lab that can be killed and restarted; its logs go on across its lives.

    on_death: told the moment of each death, before it is started again; on_boot: after it is up.
    """

    def __init__(self, suite: str, slot: int) -> None:
        self.bench = Bench(suite, slot, "conf")
        self.on_death: Callable[[float], None] = lambda at: None
        self.on_boot: Callable[[], None] = lambda: None
        self.up = threading.Event()
        self._start = ("start", "--keep", "--suite", suite, "--slot", str(slot))
        self._pid_file = Path(self.bench.paths["dir"]) / "pid"
        self.up.set()

    @property
    def log(self) -> Path:
        """The folder of its own logs."""
        return Path(self.bench.paths["log"])

    def kill(self) -> float:
        """kill -9; the moment of its death."""
        return self._dies(lambda: os.kill(self._pid(), signal.SIGKILL))

    def stop_gracefully(self) -> float:
        """It takes no new call, and ends with the last one."""
        return self._dies(lambda: self._tell("core stop gracefully"), refuses_calls=True)

    def restart(self, command: str) -> float:
        """`core restart now` or `core restart gracefully`: it comes back of its own."""
        died = self._dies(lambda: self._tell(command), refuses_calls=command.endswith("gracefully"))
        wait_until(self._answers, "the PBX is back")
        self._is_back()
        return died

    def start(self) -> None:
        """After its death."""
        wait_until(lambda: not self._runs(), "the PBX is gone")
        self.bench.lab(*self._start)
        self._is_back()

    def calls_in_progress(self) -> int:
        """How many channels it has."""
        told = self._tell("core show channels count").split()
        return int(told[0]) if told and told[0].isdigit() else 0

    def close(self) -> None:
        self.bench.lab("stop")

    def _dies(self, blow: Callable[[], object], *, refuses_calls: bool = False) -> float:
        witness = Ami(self.bench.ami_port, "wallboard", "lab-wallboard", keep=False, events=False)
        if not refuses_calls:
            self.up.clear()
        blow()
        wait_until(lambda: witness.closed, "the PBX ends")
        died = time.time()
        self.up.clear()
        witness.sock.close()
        self.on_death(died)
        return died

    def _is_back(self) -> None:
        self.on_boot()
        self.up.set()

    def _answers(self) -> bool:
        return self._tell("core waitfullybooted").startswith("Asterisk has fully booted")

    def _tell(self, command: str) -> str:
        tool = [str(Path(__file__).resolve().parents[1] / "lab"), "-i", self.bench.instance, "cli", command]
        return subprocess.run(tool, capture_output=True, text=True, check=False).stdout

    def _pid(self) -> int:
        return int(self._pid_file.read_text())

    def _runs(self) -> bool:
        return Path(f"/proc/{self._pid()}").exists()


class Database:
    """A PostgreSQL server that was started by tests.analytics.postgres.cluster."""

    def __init__(self, url: str) -> None:
        self.url = url
        engine = create_engine(url)
        with engine.connect() as connection:
            self._folder = str(connection.execute(text("SHOW data_directory")).scalar_one())
        engine.dispose()
        # The first word is the server's own path; what follows are its options.
        started_by = shlex.split((Path(self._folder) / "postmaster.opts").read_text())
        self._options = shlex.join(started_by[started_by.index("-c") :])

    def stop(self) -> None:
        """At once, without a word to anybody."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._control("-w", "-l", str(Path(self._folder).parent / "log"), "-o", self._options, "start")

    def _control(self, *words: str) -> None:
        tool = server_folder()
        assert tool is not None
        account = pwd.getpwnam("postgres").pw_name if os.geteuid() == ROOT else None
        command = [str(tool / "pg_ctl"), "-D", self._folder, *words]
        subprocess.run(command, check=True, user=account, cwd="/", stdout=subprocess.DEVNULL)


class Service:
    """A role of `threerings` over settings of its own, killed and started again; and what it tells."""

    def __init__(self, config: Path, port: int, role: str = "run") -> None:
        self._config = config
        self._port = port
        self._role = role
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._config.parent / "service.log").open("ab") as log:
            command = [sys.executable, "-m", "service", self._role, "--config", str(self._config)]
            self._process = subprocess.Popen(command, cwd=REPOSITORY, stderr=log)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """In order; its exit status."""
        if self._process is None or self._process.poll() is not None:
            return 0 if self._process is None else int(self._process.returncode)
        self._process.terminate()
        try:
            return self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def hears(self) -> bool:
        """Whether it is connected with the PBX."""
        return self.metrics().get("connected") == 1.0

    def has_caught_up(self) -> bool:
        """Whether all that it heard is stored."""
        now = self.metrics()
        return now.get("connected") == 1.0 and 0 < now.get("journal_seq", 0) <= now.get("stored_seq", 0)

    def metrics(self) -> dict[str, float]:
        """The figures of /metrics; none while it does not answer."""
        try:
            with urllib.request.urlopen(f"{self._url}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return {}
        told = (line.rsplit(" ", 1) for line in lines if line.startswith("threerings_"))
        return {name.removeprefix("threerings_").partition("{")[0]: float(value) for name, value in told}

    def calls(self) -> list[dict[str, Any]]:
        """All calls that it tells of, page by page."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._get(f"/api/v1/calls?period=2000-01-01/2100-01-01&limit=500{after}")
            found += page["calls"]
            if not page["next_after"]:
                return found
            after = f"&after={page['next_after']}"

    def gaps(self) -> list[dict[str, Any]]:
        """The lines of `threerings gaps`."""
        command = [sys.executable, "-m", "service", "gaps", "--json", "--config", str(self._config)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self._url + path, timeout=30) as answer:
            return json.load(answer)


def write_settings(folder: Path, manager_port: int, database_url: str, logs: Path) -> tuple[Path, int]:
    """The settings of a service that hears this PBX and repairs from its logs; and where it listens."""
    port = free_port()
    secret = folder / "secret"
    secret.write_text("lab-callcenter")
    secret.chmod(0o600)
    config = folder / "threerings.toml"
    config.write_text(
        f'data_dir = "{folder}/data"\n'
        f'database_url = "{database_url}"\n'
        'zone = "UTC"\n'
        f"[http]\nport = {port}\n"
        f'[pbx.{PBX_NAME}]\nhost = "127.0.0.1"\nport = {manager_port}\n'
        f'user = "callcenter"\nsecret_file = "{secret}"\n'
        f'[pbx.{PBX_NAME}.logs]\ncel = "{logs}/cel-custom/Master.csv"\n'
        f'cdr = "{logs}/cdr-csv/Master.csv"\nqueue_log = "{logs}/queue_log"\n'
    )
    return config, port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
