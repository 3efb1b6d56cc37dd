"""Who acts on each PBX: a connection of its own for the user of actions, where the settings say `supervise`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from config.settings import PbxSettings, Settings
from service.pipeline.road import actions_login_of, address_of
from telephony.acting.actor import Actor
from telephony.ami.client import Client
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One PBX that is acted on. `hangs_up`: whether calls may be ended there."""

    pbx: str
    actor: Actor
    trunks: tuple[str, ...]
    hangs_up: bool


def stages_of(settings: Settings, environ: Mapping[str, str], clock: Clock) -> list[Stage]:
    """The PBXs that are acted on; nothing is open yet. Raises SettingsError for a secret that cannot be read."""
    found = (_stage(each, environ, clock) for each in settings.pbxs)
    return [each for each in found if each is not None]


def _stage(pbx: PbxSettings, environ: Mapping[str, str], clock: Clock) -> Stage | None:
    if pbx.actions is None or not pbx.supervise.on:
        return None
    login = actions_login_of(pbx.actions, environ)
    client = Client(address_of(pbx), login, clock=clock, random=Random())  # noqa: S311 - jitter, no secret
    trunks = pbx.trunks or DEFAULT_TRUNKS
    return Stage(pbx=pbx.name, actor=Actor(client), trunks=trunks, hangs_up=pbx.supervise.hang_up)
