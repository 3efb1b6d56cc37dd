"""A SIP phone over asyncio that only takes calls: as many at once as there come, each by a plan of its own.

What loopback can lose under load is sent again: a 200 until it is acknowledged, a BYE until it is answered. An INVITE
that comes again is the same call.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

from tests.lab.campaigns.dialogs import OK, Dialog, Plan
from tests.lab.campaigns.sound import Sound
from tests.lab.sip import ALLOW, Headers, Message, build, new_branch, sdp, tag_of

AGAIN_SECONDS = 0.5  # RFC 3261, T1
TIMES = 6
REGISTER_SECONDS = 3600
KEEP_ALIVE = 10  # bytes; less is no message


class Phone(asyncio.DatagramProtocol):
    """One user agent. `plan` says what to do with a call, `ended` is told of each that is over."""

    def __init__(
        self,
        name: str,
        server: tuple[str, int],
        sound: Sound,
        plan: Callable[[Dialog], Plan],
        ended: Callable[[Dialog], None],
    ) -> None:
        self.name = name
        self.dialogs: dict[str, Dialog] = {}
        self._server, self._sound, self._plan, self._ended = server, sound, plan, ended
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.DatagramTransport | None = None
        self._host, self._port = "", 0

    async def open(self, host: str, port: int) -> None:
        """Listen there."""
        self._host, self._port = host, port
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, (host, port))

    def close(self) -> None:
        """No more calls; those in progress are told as they are."""
        self.cut(time.time())
        for task in self._tasks:
            task.cancel()
        if self._transport is not None:
            self._transport.close()

    def cut(self, at: float) -> None:
        """The PBX died: what was not over at that moment is over."""
        for dialog in list(self.dialogs.values()):
            self._over(dialog, "cut", at)

    def register(self) -> None:
        """Tell the PBX where this phone is, without waiting for its answer."""
        host, port = self._server
        me = f"<sip:{self.name}@{host}:{port}>"
        headers = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", f"{me};tag=r"),
            ("To", me),
            ("Call-ID", f"{random.getrandbits(64):016x}@reg"),
            ("CSeq", "1 REGISTER"),
            ("Contact", self._contact),
            ("Expires", str(REGISTER_SECONDS)),
        ]
        self._send(build(f"REGISTER sip:{host}:{port} SIP/2.0", headers).encode())

    # -- the course of a call -----------------------------------------------------------

    async def _course(self, dialog: Dialog, plan: Plan) -> None:
        if plan.ring != 0:
            dialog.ringing = time.time()
            self._reply(dialog, dialog.invite, 180, "Ringing")
            if await _over_within(dialog, plan.ring):
                return
        if plan.code != OK:
            dialog.code = plan.code
            self._reply(dialog, dialog.invite, plan.code, plan.reason)
            self._over(dialog, "refused")
            return
        self._answer(dialog, plan)
        await self._until_acknowledged(dialog)
        if not await _over_within(dialog, plan.talk):
            await self._hang_up(dialog)

    def _answer(self, dialog: Dialog, plan: Plan) -> None:
        dialog.answer, dialog.code = time.time(), OK
        self._reply(dialog, dialog.invite, OK, "OK", sdp(self._host, self._sound.port, 1))
        if plan.sound and dialog.media is not None:
            self._sound.start(dialog.call_id, dialog.media)

    async def _until_acknowledged(self, dialog: Dialog) -> None:
        for _ in range(TIMES):
            if await _within(dialog.acknowledged, AGAIN_SECONDS) or dialog.is_over:
                return
            self._send(dialog.last_reply[1])

    async def _hang_up(self, dialog: Dialog) -> None:
        self._over(dialog, "us")
        goodbye = self._goodbye(dialog)
        for _ in range(TIMES):
            self._send(goodbye)
            if await _within(dialog.goodbye, AGAIN_SECONDS):
                return

    def _over(self, dialog: Dialog, by: str, at: float | None = None) -> None:
        if dialog.is_over:
            return
        dialog.ends(by, at)
        self._sound.stop(dialog.call_id)
        self._ended(dialog)

    # -- what arrives ---------------------------------------------------------------------

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        if len(data) < KEEP_ALIVE:
            return
        message = Message(data)
        dialog = self.dialogs.get(message.get("call-id"))
        if not message.is_request:
            if dialog is not None and message.method == "BYE":
                dialog.goodbye.set()
        elif message.method == "INVITE":
            self._on_invite(message, dialog)
        elif dialog is None:
            self._reply(None, message, OK, "OK")
        else:
            self._on_request(message, dialog)

    def _on_invite(self, message: Message, dialog: Dialog | None) -> None:
        if dialog is None:
            self._begin(message)
        elif dialog.last_reply[0] == message.get("cseq"):
            dialog.repeats += 1
            self._send(dialog.last_reply[1])
        elif tag_of(message.get("to")):
            self._reply(dialog, message, OK, "OK", sdp(self._host, self._sound.port, 2))

    def _begin(self, message: Message) -> None:
        dialog = Dialog(phone=self.name, invite=message)
        self.dialogs[dialog.call_id] = dialog
        self._reply(dialog, message, 100, "Trying")
        dialog.plan = self._plan(dialog)
        task = asyncio.get_running_loop().create_task(self._course(dialog, dialog.plan))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_request(self, message: Message, dialog: Dialog) -> None:
        match message.method:
            case "ACK":
                dialog.acknowledged.set()
            case "CANCEL":
                self._reply(None, message, OK, "OK")
                if dialog.answer is None and not dialog.is_over:
                    dialog.code = 487
                    self._reply(dialog, dialog.invite, 487, "Request Terminated")
                    self._over(dialog, "cancel")
            case "BYE":
                self._reply(None, message, OK, "OK")
                self._over(dialog, "them")
            case _:
                has_sound = message.method == "UPDATE" and message.body
                self._reply(None, message, OK, "OK", sdp(self._host, self._sound.port, 2) if has_sound else "")

    # -- what is sent ---------------------------------------------------------------------

    def _reply(self, dialog: Dialog | None, request: Message, code: int, reason: str, body: str = "") -> None:
        to = request.get("to")
        if dialog is not None and code > 100 and not tag_of(to):
            to = dialog.local
        headers = [("Via", each) for each in request.all("via")]
        headers += [("Record-Route", each) for each in request.all("record-route")]
        headers += [
            ("From", request.get("from")),
            ("To", to),
            ("Call-ID", request.get("call-id")),
            ("CSeq", request.get("cseq")),
            ("Contact", self._contact),
            ALLOW,
        ]
        text = build(f"SIP/2.0 {code} {reason}", headers, body).encode()
        if dialog is not None:
            dialog.last_reply = request.get("cseq"), text
        self._send(text)

    def _goodbye(self, dialog: Dialog) -> bytes:
        headers: Headers = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", dialog.local),
            ("To", dialog.invite.get("from")),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{dialog.cseq} BYE"),
            ("Contact", self._contact),
        ]
        return build(f"BYE {dialog.target} SIP/2.0", headers).encode()

    def _send(self, text: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(text, self._server)

    def _via(self) -> str:
        return f"SIP/2.0/UDP {self._host}:{self._port};branch={new_branch()};rport"

    @property
    def _contact(self) -> str:
        return f"<sip:{self.name}@{self._host}:{self._port}>"


async def _over_within(dialog: Dialog, seconds: float | None) -> bool:
    """Whether the call was over before that; None waits for it."""
    return await _within(dialog.over, seconds)


async def _within(event: asyncio.Event, seconds: float | None) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
