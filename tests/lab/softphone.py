"""A scriptable SIP phone over UDP, enough for call-centre scenarios on loopback.

One :class:`Phone` is one SIP user agent on one UDP port.  It takes several calls at once,
rings, answers, refuses, forwards (302), puts on hold (re-INVITE), transfers (REFER, with and
without Replaces), sends DTMF (RFC 4733) and plays a tone into the call, and notes for every
call when each thing happened.  It repeats none of its own requests: loopback does not lose
packets at these rates.
"""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.lab.audio import RtpStream
from tests.lab.sip import (
    ALLOW,
    Headers,
    Message,
    build,
    media_of,
    new_branch,
    quoted,
    sdp,
    tag_of,
    uri_of,
    user_of,
)


class Call:
    """One dialog.

    ``times`` holds the first instant (``time.time()``) of each mark: invite, ringing, answer,
    ack, end, refer, refer_accepted, ...; ``marks`` all of them in order, as (name, instant, detail).
    """

    number: str
    caller: str | None
    local_party: str
    remote_party: str
    request_uri: str
    branch: str

    def __init__(self, phone: Phone, call_id: str, outgoing: bool) -> None:
        self.phone = phone
        self.call_id = call_id
        self.outgoing = outgoing
        self.state = "new"  # new, ringing, up, ended
        self.times: dict[str, float] = {}
        self.marks: list[tuple[str, float, Any]] = []
        self.code: int | None = None  # final response code
        self.ended_by: str | None = None  # "us", "them", "cancel", "rejected"
        self.cancel_reason: str | None = None
        self.changed = threading.Condition()
        self.local_tag = f"{random.getrandbits(32):08x}"
        self.remote_tag: str | None = None
        self.cseq = random.randint(1, 1000)
        self.remote_target = ""
        self.invite: Message | None = None
        self.last_reply = ("", "")
        self.transfer_status: int | None = None
        self.from_header = self.to_header = ""
        self.sdp_version = 1
        self.pending_hold: str | None = None  # the re-INVITE under way: "hold" or "unhold"
        self.rtp = RtpStream(phone.ip, phone.audio, phone.through)
        self.plan: dict[str, Any] = {}
        self.display: str | None = None  # the name that an outgoing call shows

    # -- waiting ------------------------------------------------------------

    def mark(self, name: str, detail: Any = None) -> None:
        now = time.time()
        with self.changed:
            self.times.setdefault(name, now)
            self.marks.append((name, now, detail))
            self.changed.notify_all()

    def set_state(self, state: str, by: str | None = None) -> None:
        with self.changed:
            if self.state == "ended":
                return
            self.state = state
            if state == "ended":
                self.ended_by = self.ended_by or by
                self.times.setdefault("end", time.time())
            self.changed.notify_all()
        if state == "ended":
            self.rtp.stop()

    def wait(self, condition: Callable[[Call], Any], timeout: float) -> bool:
        """Wait until condition(call) holds; says whether it did."""
        deadline = time.time() + timeout
        with self.changed:
            while not condition(self):
                left = deadline - time.time()
                if left <= 0:
                    return False
                self.changed.wait(left)
        return True

    def wait_state(self, *states: str, timeout: float = 30) -> bool:
        return self.wait(lambda c: c.state in states, timeout)

    def seconds(self, start: str, end: str) -> float | None:
        """Seconds between two marks, or None."""
        if start in self.times and end in self.times:
            return round(self.times[end] - self.times[start], 3)
        return None

    def holds(self) -> list[list[float | None]]:
        """Every hold, from the 200 of its re-INVITE to the 200 of the one that ended it."""
        spans: list[list[float | None]] = []
        for name, at, _ in self.marks:
            if name == "hold_ok":
                spans.append([at, None])
            elif name == "unhold_ok" and spans:
                spans[-1][1] = at
        return spans

    # -- media ----------------------------------------------------------------

    def sdp(self, direction: str = "sendrecv") -> str:
        self.sdp_version += 1
        return sdp(self.phone.ip, self.rtp.port, self.sdp_version, direction)

    def learn_sdp(self, body: str) -> None:
        self.rtp.remote = media_of(body) or self.rtp.remote

    # -- what a person does -------------------------------------------------

    def ring(self) -> None:
        self.mark("ringing")
        self.phone.reply(self, self._invited, 180, "Ringing")
        self.set_state("ringing")

    def answer(self) -> None:
        self.mark("answer")
        self.phone.reply(self, self._invited, 200, "OK", self.sdp())
        self.set_state("up")
        self.rtp.start()

    def reject(self, code: int = 486, reason: str = "Busy Here") -> None:
        self.code = code
        self.mark("rejected", code)
        self.phone.reply(self, self._invited, code, reason)
        self.set_state("ended", "rejected")

    def forward(self, number: str) -> None:
        """Refuse with 302: "try there"."""
        self.code = 302
        self.mark("rejected", 302)
        host, port = self.phone.server
        self.phone.reply(self, self._invited, 302, "Moved Temporarily", contact=f"<sip:{number}@{host}:{port}>")
        self.set_state("ended", "rejected")

    def hangup(self) -> None:
        if self.state == "ended":
            return
        if self.state == "up":
            self.mark("bye_sent")
            self.phone.request(self, "BYE")
            self.set_state("ended", "us")
        elif self.outgoing:
            self.cancel()
        else:
            self.reject(603, "Decline")

    def cancel(self) -> None:
        self.mark("cancel_sent")
        self.phone.send_cancel(self)
        self.ended_by = "cancel"

    def hold(self) -> None:
        self._reinvite("hold", "sendonly")

    def unhold(self) -> None:
        self._reinvite("unhold", "sendrecv")

    def _reinvite(self, name: str, direction: str) -> None:
        self.mark(name)
        self.pending_hold = name
        self.phone.request(self, "INVITE", body=self.sdp(direction))
        self.wait(lambda c: c.pending_hold is None or c.state == "ended", 2)

    def dtmf(self, digits: str) -> None:
        self.mark("dtmf", digits)
        self.rtp.press(digits)

    def refer(self, number: str) -> None:
        """Blind transfer to a number."""
        self.mark("refer", number)
        host, port = self.phone.server
        self.phone.request(
            self,
            "REFER",
            [("Refer-To", f"<sip:{number}@{host}:{port}>"), ("Referred-By", f"<{self.phone.aor}>")],
        )

    def refer_replaces(self, other: Call) -> None:
        """Attended transfer: join the far ends of this call and of another."""
        self.mark("refer", "Replaces")
        dialog = other.call_id.replace("@", "%40")
        replaces = f"{dialog}%3Bto-tag%3D{other.remote_tag}%3Bfrom-tag%3D{other.local_tag}"
        self.phone.request(
            self,
            "REFER",
            [
                ("Refer-To", f"<{other.remote_uri}?Replaces={replaces}>"),
                ("Referred-By", f"<{self.phone.aor}>"),
            ],
        )

    def referred(self, timeout: float = 5) -> bool:
        """Wait for the transfer's outcome; says whether it succeeded."""
        self.wait(
            lambda c: (c.transfer_status or 0) >= 200 or "refer_refused" in c.times or c.state == "ended",
            timeout,
        )
        return self.transfer_status == 200

    @property
    def remote_uri(self) -> str:
        return uri_of(self.to_header if self.outgoing else self.from_header)

    @property
    def _invited(self) -> Message:
        assert self.invite is not None, "only an incoming call can be answered"
        return self.invite


class Phone:
    """A SIP user agent.  Incoming calls go to on_call(call) in a thread of their own.

    through: its voice goes on while it presses keys.
    """

    through = False

    def __init__(self, user: str, ip: str, port: int, server: tuple[str, int], audio: bytes) -> None:
        self.user, self.ip, self.port, self.server = user, ip, port, server
        self.audio = audio
        self.aor = f"sip:{user}@{ip}:{port}"
        self.calls: dict[str, Call] = {}
        self.history: list[Call] = []
        self.on_call: Callable[[Call], None] = lambda call: call.reject()
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((ip, port))
        self.sock.settimeout(0.2)
        self.running = True
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.running = False
        self.thread.join(2)
        self.sock.close()

    @property
    def contact(self) -> str:
        return f"<sip:{self.user}@{self.ip}:{self.port}>"

    # -- sending ------------------------------------------------------------

    def _send(self, text: str) -> None:
        self.sock.sendto(text.encode(), self.server)

    def _via(self, branch: str | None = None) -> str:
        return f"SIP/2.0/UDP {self.ip}:{self.port};branch={branch or new_branch()};rport"

    def reply(
        self,
        call: Call | None,
        request: Message,
        code: int,
        reason: str,
        body: str = "",
        contact: str | None = None,
    ) -> None:
        to = request.get("to")
        if code > 100 and call and not tag_of(to):
            to += ";tag=" + call.local_tag
        headers = [("Via", v) for v in request.all("via")]
        headers += [("Record-Route", v) for v in request.all("record-route")]
        headers += [
            ("From", request.get("from")),
            ("To", to),
            ("Call-ID", request.get("call-id")),
            ("CSeq", request.get("cseq")),
            ("Contact", contact or self.contact),
            ALLOW,
        ]
        text = build(f"SIP/2.0 {code} {reason}", headers, body)
        if call:
            call.last_reply = (request.get("cseq"), text)
        self._send(text)

    def request(self, call: Call, method: str, extra: Headers = (), body: str = "") -> None:
        """A request inside a dialog."""
        call.cseq += 1
        headers = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", call.local_party),
            ("To", call.remote_party),
            ("Call-ID", call.call_id),
            ("CSeq", f"{call.cseq} {method}"),
            ("Contact", self.contact),
            *extra,
        ]
        self._send(build(f"{method} {call.remote_target} SIP/2.0", headers, body))

    def _ack(self, call: Call, response: Message) -> None:
        number = response.get("cseq").split()[0]
        if response.code < 300:
            via, target = self._via(), call.remote_target
        else:
            via, target = response.get("via"), call.request_uri
        headers = [
            ("Via", via),
            ("Max-Forwards", "70"),
            ("From", response.get("from")),
            ("To", response.get("to")),
            ("Call-ID", call.call_id),
            ("CSeq", f"{number} ACK"),
        ]
        self._send(build(f"ACK {target} SIP/2.0", headers))

    def call(
        self,
        number: str,
        caller_id: str | None = None,
        display: str | None = None,
        extra: Headers = (),
        host: str | None = None,
    ) -> Call:
        """Call a number through the server; returns at once."""
        call = Call(self, f"{random.getrandbits(64):016x}@lab", True)
        user = caller_id or self.user
        call.number, call.caller, call.display = number, user, display
        self.calls[call.call_id] = call
        self.history.append(call)
        call.request_uri = call.remote_target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        origin = f"sip:{user}@{host}" if host else f"sip:{user}@{self.ip}:{self.port}"
        call.local_party = f"{quoted(display or user)} <{origin}>;tag={call.local_tag}"
        call.remote_party = f"<{call.request_uri}>"
        call.from_header, call.to_header = call.local_party, call.remote_party
        call.branch = new_branch()
        call.mark("invite")
        headers = [
            *self._request_headers(call, "INVITE"),
            ("Contact", self.contact),
            ALLOW,
            ("Supported", "replaces"),
            *extra,
        ]
        self._send(build(f"INVITE {call.request_uri} SIP/2.0", headers, call.sdp()))
        return call

    def _request_headers(self, call: Call, method: str) -> list[tuple[str, str]]:
        return [
            ("Via", self._via(call.branch)),
            ("Max-Forwards", "70"),
            ("From", call.local_party),
            ("To", call.remote_party),
            ("Call-ID", call.call_id),
            ("CSeq", f"{call.cseq} {method}"),
        ]

    def send_cancel(self, call: Call) -> None:
        initial = [
            (n, f"<{call.request_uri}>" if n == "To" else v) for n, v in self._request_headers(call, "CANCEL")
        ]
        self._send(build(f"CANCEL {call.request_uri} SIP/2.0", initial))

    def register(self, expires: int = 300) -> None:
        """Register without waiting for the answer (the lab's AORs ask for no password)."""
        host, port = self.server
        me = f"<sip:{self.user}@{host}:{port}>"
        headers = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", me + ";tag=r"),
            ("To", me),
            ("Call-ID", f"{random.getrandbits(64):016x}@reg"),
            ("CSeq", "1 REGISTER"),
            ("Contact", self.contact),
            ("Expires", str(expires)),
        ]
        self._send(build(f"REGISTER sip:{host}:{port} SIP/2.0", headers))

    # -- receiving ----------------------------------------------------------

    def _loop(self) -> None:
        while self.running:
            try:
                data, _ = self.sock.recvfrom(65535)
            except TimeoutError:
                continue
            except OSError:
                return
            if len(data) < 10:
                continue  # a keep-alive
            message = Message(data)
            call = self.calls.get(message.get("call-id"))
            if message.is_request:
                self._on_request(message, call)
            elif call:
                self._on_response(message, call)

    def _on_request(self, message: Message, call: Call | None) -> None:
        handlers: dict[str, Callable[[Message, Call | None], None]] = {
            "INVITE": self._on_invite,
            "ACK": self._on_ack,
            "CANCEL": self._on_cancel,
            "BYE": self._on_bye,
            "NOTIFY": self._on_notify,
        }
        handlers.get(message.method, self._on_other)(message, call)

    def _on_invite(self, message: Message, call: Call | None) -> None:
        if call is None:
            call = self._incoming(message)
            self.reply(call, message, 100, "Trying")
            threading.Thread(target=self.on_call, args=(call,), daemon=True).start()
        elif call.last_reply[0] == message.get("cseq"):
            self._send(call.last_reply[1])  # a retransmission
        elif tag_of(message.get("to")):
            call.learn_sdp(message.body)  # re-INVITE: accept
            self.reply(call, message, 200, "OK", call.sdp())

    def _incoming(self, message: Message) -> Call:
        call = Call(self, message.get("call-id"), False)
        call.invite = message
        call.remote_target = uri_of(message.get("contact"))
        call.remote_tag = tag_of(message.get("from"))
        call.from_header, call.to_header = message.get("from"), message.get("to")
        call.local_party = message.get("to") + ";tag=" + call.local_tag
        call.remote_party = message.get("from")
        call.number = user_of(message.first.split(" ")[1])
        call.caller = user_of(uri_of(message.get("from")))
        call.learn_sdp(message.body)
        call.mark("invite")
        self.calls[call.call_id] = call
        self.history.append(call)
        return call

    def _on_ack(self, message: Message, call: Call | None) -> None:
        if call:
            call.mark("ack")

    def _on_cancel(self, message: Message, call: Call | None) -> None:
        self.reply(call, message, 200, "OK")
        if call and call.invite and call.state in ("new", "ringing"):
            call.cancel_reason = message.get("reason")
            call.mark("cancelled")
            self.reply(call, call.invite, 487, "Request Terminated")
            call.set_state("ended", "cancel")

    def _on_bye(self, message: Message, call: Call | None) -> None:
        self.reply(call, message, 200, "OK")
        if call:
            call.mark("bye_received")
            call.set_state("ended", "them")

    def _on_notify(self, message: Message, call: Call | None) -> None:
        self.reply(call, message, 200, "OK")
        found = re.search(r"SIP/2.0 (\d+)", message.body)
        if call and found:
            call.transfer_status = int(found.group(1))
            call.mark("notify", call.transfer_status)

    def _on_other(self, message: Message, call: Call | None) -> None:
        """OPTIONS, INFO, UPDATE, ..."""
        self.reply(
            call,
            message,
            200,
            "OK",
            call.sdp() if call and message.method == "UPDATE" and message.body else "",
        )

    def _on_response(self, message: Message, call: Call) -> None:
        if message.method == "REFER" and message.code >= 200:
            call.mark("refer_accepted" if message.code < 300 else "refer_refused", message.code)
        elif message.method == "INVITE" and message.code > 100:
            self._on_invite_response(message, call)

    def _on_invite_response(self, message: Message, call: Call) -> None:
        code = message.code
        if code < 200:
            call.remote_tag = tag_of(message.get("to")) or call.remote_tag
            call.to_header = message.get("to")
            call.mark("ringing", code)
            if call.state == "new":
                call.set_state("ringing")
        elif code < 300:
            self._on_accepted(message, call)
        else:
            self._ack(call, message)
            call.pending_hold = None
            if call.state in ("new", "ringing"):
                call.code = code
                call.set_state("ended", call.ended_by or "rejected")

    def _on_accepted(self, message: Message, call: Call) -> None:
        call.remote_target = uri_of(message.get("contact"))
        call.remote_tag = tag_of(message.get("to"))
        if call.outgoing:
            call.remote_party = call.to_header = message.get("to")
        call.learn_sdp(message.body)
        self._ack(call, message)
        if call.pending_hold:
            name, call.pending_hold = call.pending_hold, None
            call.mark(name + "_ok")
        elif call.state in ("new", "ringing"):
            call.code = code = message.code
            call.mark("answer", code)
            call.set_state("up")
            call.rtp.start()
