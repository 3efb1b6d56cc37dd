"""What a command that serves is told: which parts it runs, and what the demo is made of."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from config.people import AgentPeriod
from config.policies import Policy
from config.policy_loader import load_policy
from config.secrets import SecretSource
from config.settings import HttpSettings, JournalSettings, ManagerLogin, PbxSettings, Settings, Supervise
from service.pipeline.analysis import Told
from service.replaying import wrap_up_of
from telephony.clock import Clock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import copies, load_script

DEMO_SECRET = "THREERINGS_DEMO_SECRET"  # noqa: S105 - the name of a variable, not a secret
DEMO_USER = "demo"
FIRST_PLAYS_APART = 7
DEMO_TRUNKS = ("*trunk*", "*provider*")
DEMO_PBXS = (("main", "plain.jsonl.xz", 4, 0), ("branch", "freepbx.jsonl.xz", 3, 4))
"""Name, captured stream, copies played at once, and the number of the first copy (its agents are 1n01 …)."""


DEMO_NAMES = ("王娜", "李强", "张敏", "刘洋", "陈静", "杨磊", "赵婷", "黄勇", "周丽", "吴军", "徐燕", "孙鹏")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What one process does."""

    listen: bool = False
    analyse: bool = False
    serve: bool = False
    schedule: bool = False

    @property
    def title(self) -> str:
        """Its roles in words, for logs."""
        named = (
            ("listen", self.listen),
            ("analyse", self.analyse),
            ("serve", self.serve),
            ("schedule", self.schedule),
        )
        return "+".join(name for name, has in named if has)


ALL_ROLES = Roles(listen=True, analyse=True, serve=True, schedule=True)


def told_of(pbx: PbxSettings, policy: Policy) -> Told:
    """What the tracker of this PBX is told, by live work and replay alike."""
    return Told(pbx=pbx.name, trunks=pbx.trunks, wrap_up=wrap_up_of(policy))


def demo_policy() -> Policy:
    """The shipped policy with tiers and quotas, and invented agents for the numbers that the demo plays."""
    policy = load_policy("consulting")
    tiers = [tier.id for tier in policy.versions[-1].tiers]
    copies_in_all = sum(count for _, _, count, _ in DEMO_PBXS)
    numbers = [f"1{copy}0{place}" for copy in range(copies_in_all) for place in range(1, 7)]
    agents = tuple(
        AgentPeriod(agent=number, name=_demo_name(place), tier=tiers[place % len(tiers)])
        for place, number in enumerate(numbers)
    )
    return replace(policy, agents=agents)


def _demo_name(place: int) -> str:
    """Each name once, as far as they reach; then the surname with another's given name."""
    around, at = divmod(place, len(DEMO_NAMES))
    return DEMO_NAMES[at][0] + DEMO_NAMES[(at + around * 3) % len(DEMO_NAMES)][1:]


async def start_demo(
    folder: Path, http: HttpSettings, clock: Clock, stack: AsyncExitStack
) -> tuple[Settings, dict[str, str]]:
    """Scripted PBXs on loopback, and the settings and environment that lead to them."""
    secret = secrets.token_hex(16)
    pbxs = []
    for number, (name, file, count, first_copy) in enumerate(DEMO_PBXS):
        with resources.as_file(resources.files("service.demo").joinpath(file)) as path:
            parts = copies(load_script(path), count, first_copy)
        pbx = ScriptedPbx(
            parts, user=DEMO_USER, secret=secret, clock=clock, first_play=1 + 7 * number, wait_for_listener=True
        )
        await stack.enter_async_context(pbx)
        login = ManagerLogin(user=DEMO_USER, secret=SecretSource(key="demo", env=DEMO_SECRET))
        pbxs.append(
            PbxSettings(
                name=name,
                host=pbx.host,
                port=pbx.port,
                login=login,
                trunks=DEMO_TRUNKS,
                actions=login,
                supervise=Supervise(on=True, hang_up=True),
            )
        )
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder}/threerings.db",
        http=http,
        journal=JournalSettings(),
        pbxs=tuple(pbxs),
    )
    return settings, {DEMO_SECRET: secret}
