"""All phones of a campaign in one process: the provider with its customers, and the crew.

    python -m tests.lab.campaigns.phones --sip HOST:PORT --provider HOST:PORT --agent-port N --agents 12 --seed 1
                                         --out truth.jsonl [--steady]

Commands come as lines on its input: `register`, `cut EPOCH` where the PBX died, `close`. Each call that is over is a
line of the truth; those that are not when it closes are told as they are then. It says `ready` when all listen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tests.lab.campaigns.agents import FIRST, Moods, crew
from tests.lab.campaigns.customers import plan_of
from tests.lab.campaigns.dialogs import Dialog
from tests.lab.campaigns.phone import Phone
from tests.lab.campaigns.sound import Sound

CUSTOMERS_HERTZ, AGENTS_HERTZ = 440, 880
EXTENSIONS = 1000  # an extension's port is the agents' port and what it has beyond this
PROVIDER = "provider"


class Crowd:
    """The phones, and the file of their truth."""

    def __init__(self, args: argparse.Namespace, out: TextIO) -> None:
        self._args, self._out = args, out
        self._phones: list[Phone] = []
        self._sounds: list[Sound] = []

    async def open(self) -> None:
        """All listen, and the crew is registered."""
        host, port = self._args.provider
        sound = self._sound(host, CUSTOMERS_HERTZ)
        provider = Phone(PROVIDER, self._args.sip, sound, lambda dialog: plan_of(dialog.number), self._note)
        await provider.open(host, port)
        self._phones.append(provider)
        moods = Moods(self._args.seed, steady=self._args.steady)
        sound = self._sound("127.0.0.1", AGENTS_HERTZ)
        for name in crew(self._args.agents):
            phone = Phone(name, self._args.sip, sound, moods.plan, self._note)
            await phone.open("127.0.0.1", self._args.agent_port + int(name) - EXTENSIONS)
            self._phones.append(phone)
        self.register()

    def register(self) -> None:
        for phone in self._phones[1:]:
            phone.register()

    def cut(self, at: float) -> None:
        for phone in self._phones:
            phone.cut(at)

    async def close(self) -> None:
        for phone in self._phones:
            phone.close()
        for sound in self._sounds:
            await sound.close()

    def _sound(self, host: str, hertz: int) -> Sound:
        self._sounds.append(Sound(host, hertz))
        return self._sounds[-1]

    def _note(self, dialog: Dialog) -> None:
        print(json.dumps(dialog.leg().told()), file=self._out, flush=True)


async def serve(crowd: Crowd) -> None:
    """Until it is told to close, or nobody is there any more to tell it."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await crowd.open()
    print("ready", flush=True)
    try:
        while line := await reader.readline():
            word, _, rest = line.decode().strip().partition(" ")
            match word:
                case "register":
                    crowd.register()
                case "cut":
                    crowd.cut(float(rest))
                case "close":
                    break
            print(word, flush=True)
    finally:
        await crowd.close()


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--sip", type=_place, required=True, help="of the PBX")
    found.add_argument("--provider", type=_place, required=True)
    found.add_argument(
        "--agent-port", type=int, required=True, help=f"of extension {EXTENSIONS}; {FIRST} is on from it"
    )
    found.add_argument("--agents", type=int, default=8)
    found.add_argument("--seed", type=int, default=1)
    found.add_argument("--steady", action="store_true", help="every agent answers, and ends no call")
    found.add_argument("--out", type=Path, required=True)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    args = options().parse_args(arguments)
    with args.out.open("a", encoding="utf-8") as out:
        asyncio.run(_run(args, out))
    return 0


async def _run(args: argparse.Namespace, out: TextIO) -> None:
    await serve(Crowd(args, out))


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    sys.exit(main())
