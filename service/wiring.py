"""What a command that serves is told: which parts it runs, and what a PBX's tracker is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.policies import Policy
from config.settings import PbxSettings
from service.pipeline.analysis import Told
from service.replaying import wrap_up_of


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """How the first start writes and goes on. `path`: of the settings; `again` ends the service to begin it anew."""

    path: Path
    again: Callable[[], None]


ALL_ROLES = Roles(listen=True, analyse=True, serve=True, schedule=True)


def told_of(pbx: PbxSettings, policy: Policy) -> Told:
    """What the tracker of this PBX is told, by live work and replay alike."""
    return Told(pbx=pbx.name, trunks=pbx.trunks, wrap_up=wrap_up_of(policy))
