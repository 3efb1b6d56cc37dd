"""A dialler for each PBX that the settings let us dial with: a connection of its own, for the user of actions."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from config.dialling import Dialling
from config.secrets import read_secret
from config.settings import PbxSettings, Settings
from schedulers.dialling.orders import Trunks
from service.pipeline.road import address_of
from telephony.ami.client import Client
from telephony.ami.signals import Login
from telephony.clock import Clock
from telephony.dialling.client import AmiDialler
from telephony.dialling.orders import Lines


def diallers_of(settings: Settings, environ: Mapping[str, str], clock: Clock) -> dict[str, AmiDialler]:
    """By PBX; not opened yet. Raises SettingsError for a secret that cannot be read."""
    found = {each.name: _dialler(each, environ, clock) for each in settings.pbxs}
    return {name: dialler for name, dialler in found.items() if dialler is not None}


def trunks_of(settings: Settings) -> Trunks:
    """The trunks that calls may go over."""
    return {
        (pbx.name, trunk.name): trunk
        for pbx in settings.pbxs
        if pbx.dialling is not None and pbx.actions is not None
        for trunk in pbx.dialling.trunks
    }


def _dialler(pbx: PbxSettings, environ: Mapping[str, str], clock: Clock) -> AmiDialler | None:
    if pbx.dialling is None or pbx.actions is None:
        return None
    login = Login(user=pbx.actions.user, secret=read_secret(pbx.actions.secret, environ).reveal())
    client = Client(address_of(pbx), login, clock=clock, random=Random())  # noqa: S311
    return AmiDialler(client, lines_of(pbx.dialling))


def lines_of(dialling: Dialling) -> Lines:
    """What orders need beside themselves."""
    dial = {trunk.name: trunk.dial for trunk in dialling.trunks}
    return Lines(dial=dial, agent_ring=dialling.agent_ring, notice=dialling.notice)
