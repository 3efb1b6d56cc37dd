"""The machines of one run: the PBX, the phones, the crew's places in their queue, the database, and the service."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.analytics.postgres import cluster
from tests.lab.ami import Ami
from tests.lab.campaigns.agents import crew
from tests.lab.campaigns.centre import QUEUE, Centre, write_customers
from tests.lab.campaigns.crowd import Crowd
from tests.lab.faults.machines import REPOSITORY, Database, Pbx, Service, free_port, wait_until

ALL_IN_ONE = ("run",)
APART = ("listen", "analyse", "serve", "schedule")
HOLDS = ("run", "schedule")
"""The roles that dial."""
START_SECONDS = 180.0


class Stage:
    """All of it, up and known to each other; what was started is ended with `stack`."""

    def __init__(
        self,
        stack: ExitStack,
        out: Path,
        *,
        slot: int,
        numbers: Sequence[str],
        agents: int = 12,
        seed: int = 1,
        steady: bool = False,
        postgres: bool = False,
        roles: Sequence[str] = ALL_IN_ONE,
        channels: int = 60,
        per_second: int = 50,
        suite: str = "forky",
    ) -> None:
        self.out = out
        self.crew = crew(agents)
        self.database = Database(stack.enter_context(cluster())) if postgres else None
        self.pbx = Pbx(suite, slot)
        stack.callback(self.pbx.close)
        self.crowd = stack.enter_context(
            Crowd(self.pbx.bench, out / "phones.jsonl", agents=agents, seed=seed, steady=steady)
        )
        self.centre = Centre(folder=out, http_port=free_port())
        url = self.database.url if self.database else None
        self.centre.write(
            self.pbx.bench, agents=self.crew, database_url=url, channels=channels, per_second=per_second
        )
        write_customers(out / "customers.csv", numbers)
        self.services = {role: Service(self.centre.config, self.centre.http_port, role) for role in roles}
        stack.callback(self.stop)
        self.pbx.on_death, self.pbx.on_boot = self.crowd.cut, self.log_in
        self.log_in()

    def start(self) -> None:
        """The service, until it hears the PBX and knows the customers."""
        for service in self.services.values():
            service.start()
        wait_until(self._is_up, "the service serves and hears the PBX", START_SECONDS)
        self.command("customers", "import", str(self.out / "customers.csv"), "--by", "1001")

    def _is_up(self) -> bool:
        """Apart from the listener a process does not know whether the PBX is heard; then the status of all is asked."""
        if self.serving is self.role("listen"):
            return self.serving.hears()
        try:
            return bool(self.serving.metrics()) and bool(self.command("status"))
        except RuntimeError:
            return False

    def stop(self) -> None:
        """In order, those that dial first."""
        for role in sorted(self.services, key=lambda role: role not in HOLDS):
            self.services[role].stop()

    @property
    def serving(self) -> Service:
        """The one that answers over HTTP."""
        return self.role("serve")

    def log_in(self) -> None:
        """The crew registers and takes its places in the queue; again after the PBX began anew."""
        self.crowd.register()
        manager = Ami(self.pbx.bench.ami_port, "recorder", "lab-recorder", events=False)
        for agent in self.crew:
            device = f"PJSIP/{agent}"
            manager.action("QueueAdd", Queue=QUEUE, Interface=device, StateInterface=device)
        manager.close()

    def role(self, name: str) -> Service:
        """The process that has this role, be it with all others."""
        return self.services.get(name) or self.services["run"]

    def command(self, *words: str) -> str:
        """What a command of `threerings` printed. Raises RuntimeError where it did not do it."""
        whole = [sys.executable, "-m", "service", *words, "--config", str(self.centre.config)]
        done = subprocess.run(whole, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"threerings {' '.join(words)}: status {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def quiet(self, seconds: float) -> None:
        """Until the PBX has had no channel for so long."""
        since = time.monotonic()
        while time.monotonic() - since < seconds:
            if self.pbx.calls_in_progress():
                since = time.monotonic()
            time.sleep(0.5)
