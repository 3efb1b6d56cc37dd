"""What differs between the lab's two configurations.  The numbers that customers call are the same."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """One configuration: names, numbers and feature codes that scenarios use."""

    name: str
    conf: str  # folder of the configuration
    trunk: str  # the provider's endpoint
    inside: str  # the phones' context
    member: str  # a queue member's interface
    state: str  # and its state interface
    queues: dict[str, str]  # the lab's name of a queue -> its name here
    campaign: str  # where an answered customer of a campaign goes
    campaign_queue: str
    toggle_codes: tuple[str, ...]  # log in, pause, come back, log out
    noanswer: str  # DID of an agent without a mailbox
    queue_extensions: dict[str, str] = field(default_factory=dict)  # what an agent dials to reach a queue
    park: str = "700"  # parking extension, its first place, and those of the lot with a short time
    park_slot: str = "701"
    park_short: str = "720"
    park_short_slot: str = "721"
    directed_pickup: str = "**"  # and the extension
    abort_transfer: str = "*1"  # during an attended transfer by code
    three_way: str = "*3"


PLAIN = Flavour(
    name="plain",
    conf="conf",
    trunk="trunk",
    inside="agents",
    member="PJSIP/%s",
    state="PJSIP/%s",
    queues={"short": "priority"},
    campaign="campaign",
    campaign_queue="queue",
    toggle_codes=("*51", "*53", "*54", "*52"),
    noanswer="442079460002",
    queue_extensions={"support": "610", "sales": "611", "priority": "612"},
)

FREEPBX = Flavour(
    name="freepbx",
    conf="conf-freepbx",
    trunk="voip-provider",
    inside="from-internal",
    member="Local/%s@from-queue/n",
    state="hint:%s@ext-local",
    queues={
        "support": "600",
        "sales": "601",
        "priority": "602",
        "dynamic": "603",
        "short": "604",
        "keys": "605",
        "small": "606",
    },
    campaign="from-internal",
    campaign_queue="600",
    toggle_codes=("*45603", "*46603", "*46603", "*45603"),
    noanswer="442079460003",
    queue_extensions={"support": "600", "sales": "601", "priority": "602"},
    park="70",
    park_slot="71",
    park_short="80",
    park_short_slot="81",
    abort_transfer="*3",
    three_way="*5",
)

FLAVOURS = {flavour.name: flavour for flavour in (PLAIN, FREEPBX)}
