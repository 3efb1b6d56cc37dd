"""The centre of a run as files: its settings, a policy of short times, its agents, its list of customers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.world import Bench

PBX, TRUNK, GROUP, KIND = "lab", "provider", "service", "outreach"
QUEUE = "dynamic"
LEADER = "1001"
CALLER_ID = "442079460100"
RESTS = 4  # seconds between two tries
RING = 5  # seconds that a customer's phone may ring: the least that the settings permit
TRIES = 2
LEAST_TALK = 1  # seconds
COUNTRY = "+86"

POLICY = f"""\
name = "lab"
title_zh = "实验室"
title_en = "Laboratory"
zone = "Asia/Shanghai"
country = "CN"

[[version]]

[version.ring]
cadence = "cn"
rings = 3
boundary = "next_ring"

[version.minutes]
counts = ["talk"]
rounding = "exact"

[version.service_level]
seconds = 20
formula = "answered_less_short"

[version.limits]
short_talk = 5
short_abandon = 5
wrap_up = 0
handled_within = 180

[version.contact]
windows = ["00:00-24:00"]
caps = ["{{caps}} a day"]
duty = ["{LEADER}"]

[[version.group]]
group = "{GROUP}"
leaders = ["{LEADER}"]

[[version.followup]]
kind = "{KIND}"
name_zh = "外呼联系"
name_en = "Outreach"
source = "ours"
trigger = "campaign"
due = "3 days"
mode = "direct"
owner = "group"
group = "{GROUP}"
anyone = true
closed_days = true
min_talk = {LEAST_TALK}
overdue = "nobody"
reasons = ["not_interested", "unreachable", "wrong_contact", "refused"]

[version.followup.attempts]
least = 1
most = {TRIES}
uncounted = {TRIES}
days = 1
windows = 1
"""
RESTED = (
    "talked",
    "no_answer",
    "busy",
    "rejected",
    "voicemail",
    "third_person",
    "wrong_number",
    "indeterminate",
    "failed",
    "agent_missed",
    "silent",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A centre's files in a folder of its own."""

    folder: Path
    http_port: int

    @property
    def config(self) -> Path:
        return self.folder / "threerings.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def write(
        self, bench: Bench, *, agents: Sequence[str], database_url: str | None, channels: int, per_second: int
    ) -> None:
        """Its settings, policy and people, for the PBX that runs there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "policy.toml").write_text(policy(agents))
        for name, word in (("listener", "lab-callcenter"), ("dialler", "lab-dialler")):
            secret = self.folder / f"{name}.secret"
            secret.write_text(word)
            secret.chmod(0o600)
        self.config.write_text(self._settings(bench, database_url, channels, per_second))

    def _settings(self, bench: Bench, database_url: str | None, channels: int, per_second: int) -> str:
        log = bench.paths["log"]
        database = f'database_url = "{database_url}"\n' if database_url else ""
        return (
            f'data_dir = "{self.data}"\n{database}zone = "Asia/Shanghai"\npolicy = "{self.folder}/policy.toml"\n'
            f"[http]\nport = {self.http_port}\n"
            f'[pbx.{PBX}]\nhost = "127.0.0.1"\nport = {bench.ami_port}\n'
            f'user = "callcenter"\nsecret_file = "{self.folder}/listener.secret"\n'
            f'[pbx.{PBX}.actions]\nuser = "dialler"\nsecret_file = "{self.folder}/dialler.secret"\n'
            f'[pbx.{PBX}.logs]\ncel = "{log}/cel-custom/Master.csv"\n'
            f'cdr = "{log}/cdr-csv/Master.csv"\nqueue_log = "{log}/queue_log"\n'
            f"[pbx.{PBX}.dialling]\nagent_ring_seconds = {RING}\n"
            f'[pbx.{PBX}.dialling.trunks.{TRUNK}]\ndial = "PJSIP/{{number}}@trunk"\n'
            f"channels = {channels}\nper_second = {per_second}\nring_seconds = {RING}\n"
            f'caller_id = "{CALLER_ID}"\nnumber = "national"\n'
        )


def policy(agents: Sequence[str], *, rests: int = RESTS, caps: int = 50) -> str:
    """Open all day and every day, a few seconds between two tries, soon at the end of them; and who sits where."""
    spacing = "".join(f'{each} = "{rests} seconds"\n' for each in RESTED)
    people = "".join(
        f'\n[[agent]]\nagent = "{each}"\nname = "Crew {each}"\ngroup = "{GROUP}"\n'
        f'\n[[device]]\ninterface = "PJSIP/{each}"\nagent = "{each}"\n'
        for each in (*agents, LEADER)
    )
    return POLICY.replace("{caps}", str(caps)) + spacing + people


def write_customers(path: Path, numbers: Iterable[str]) -> None:
    """The list of a campaign: an id of the register, a name and a number for each."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("customer", "name", "mobile"))
        rows.writerows((f"C-{each}", f"Customer {each}", COUNTRY + each) for each in numbers)


def customer_of(number: str) -> str:
    """The register's id of whose number it is."""
    return f"C-{number}"
