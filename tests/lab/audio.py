"""Sound and DTMF of the softphone: G.711 mu-law tones and RTP packets."""

from __future__ import annotations

import math
import random
import socket
import struct
import threading
import time
from collections import deque

DTMF_EVENTS = {digit: n for n, digit in enumerate("0123456789*#ABCD")}
HEADER = 12
FRAME = 160  # samples in 20 ms at 8 kHz
FRAME_SECONDS = 0.02
TELEPHONE_EVENT = 101  # payload type


def ulaw(sample: int) -> int:
    """One 16-bit sample as G.711 mu-law."""
    sign = 0x80 if sample < 0 else 0
    sample = min(abs(sample), 32635) + 0x84
    exponent = sample.bit_length() - 8
    mantissa = (sample >> (exponent + 3)) & 0x0F
    return ~(sign | (exponent << 4) | mantissa) & 0xFF


def tone(hertz: float, seconds: float = 4.0, on: float = 1.0, off: float = 1.0, level: int = 8000) -> bytes:
    """Mu-law audio: a tone that is on and off in turn, like someone speaking."""
    out = bytearray()
    for n in range(int(seconds * 8000)):
        speaking = (n / 8000.0) % (on + off) < on
        out.append(ulaw(int(level * math.sin(2 * math.pi * hertz * n / 8000)) if speaking else 0))
    return bytes(out)


def steady(hertz: int, level: int = 8000) -> bytes:
    """A tone without a pause: played in a loop, it goes on without a click."""
    return tone(hertz, seconds=4 + FRAME_SECONDS, on=1, off=0, level=level)


def linear(code: int) -> int:
    """The sample of a byte of mu-law."""
    told = ~code & 0xFF
    size = (((told & 0x0F) << 3) + 0x84 << ((told & 0x70) >> 4)) - 0x84
    return -size if told & 0x80 else size


LINEAR = [linear(code) for code in range(256)]


def loudness(audio: bytes, hertz: float) -> float:
    """The amplitude of a tone within mu-law audio (Goertzel)."""
    turn = 2 * math.cos(2 * math.pi * hertz / 8000)
    before, last = 0.0, 0.0
    for code in audio:
        before, last = last, LINEAR[code] + turn * last - before
    power = before * before + last * last - turn * before * last
    return 2 * math.sqrt(max(power, 0.0)) / max(len(audio), 1)


def rising() -> int:
    """A first sequence number above that of every earlier stream, but for once in ten minutes.

    Asterisk 22.10 leaves whoever comes second out of a recording while his numbers lie below the first one's.
    """
    return int(time.time() % 600 * 100)


class RtpStream:
    """Sends a tone in a loop, and digits when asked; keeps the last two seconds of what it receives.

    through: the tone goes on while digits are sent, so that a pause in what is heard is the PBX's doing. `play` puts
    other audio in the tone's place, once, from an instant on.
    """

    def __init__(self, ip: str, audio: bytes, through: bool = False) -> None:
        self.audio = audio
        self.through = through
        self.remote: tuple[str, int] | None = None
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((ip, 0))
        self.sock.settimeout(0)
        self.port: int = self.sock.getsockname()[1]
        self.received: deque[bytes] = deque(maxlen=100)
        self._at = 0
        self._script: tuple[float, bytes] | None = None
        self._stop = threading.Event()
        self._digits: list[int] = []
        self._thread: threading.Thread | None = None
        self._ssrc, self._stamp = random.getrandbits(32), 0
        self._seq = rising() if through else random.getrandbits(15)

    def hears(self, hertz: float) -> float:
        """How loud a tone is in what was received lately."""
        return loudness(b"".join(self.received), hertz)

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is None:
            self.sock.close()

    def press(self, digits: str) -> None:
        self._digits.extend(DTMF_EVENTS[digit] for digit in digits)

    def _run(self) -> None:
        next_at = time.monotonic()
        while not self._stop.is_set():
            if self._digits:
                next_at = self._send_digit(self._digits.pop(0), next_at)
                continue
            self._send_sound()
            self._stamp += FRAME
            self._drain()
            next_at = _sleep_until(next_at + FRAME_SECONDS)
        self.sock.close()

    def play(self, audio: bytes, began: float) -> None:
        """From this instant (`time.time()`) on; what of it is past is left out."""
        self._script = (began, audio)

    def _send_sound(self) -> None:
        self._send(0, self._scripted() or self.audio[self._at : self._at + FRAME], self._stamp)
        self._at = (self._at + FRAME) % (len(self.audio) - FRAME)

    def _scripted(self) -> bytes:
        """The frame of the script that is due now; nothing before it and after it."""
        began, audio = self._script or (0.0, b"")
        number = round((time.time() - began) / FRAME_SECONDS) if audio else -1
        frame = audio[number * FRAME : (number + 1) * FRAME] if number >= 0 else b""
        return frame if len(frame) == FRAME else b""

    def _send_digit(self, event: int, next_at: float) -> float:
        """140 ms of a digit, its end packet three times, and a pause of 80 ms (RFC 4733)."""
        began = self._stamp
        for n, end in enumerate([0] * 6 + [1] * 3):
            body = struct.pack("!BBH", event, (0x80 if end else 0) | 10, FRAME * min(n + 1, 7))
            self._send(TELEPHONE_EVENT | (0x80 if n == 0 else 0), body, began)
            if not end or n == 6:
                next_at = self._pass_frame(next_at)
        for _ in range(4):
            next_at = self._pass_frame(next_at)
        return next_at

    def _pass_frame(self, next_at: float) -> float:
        if self.through:
            self._send_sound()
        self._stamp += FRAME
        return _sleep_until(next_at + FRAME_SECONDS)

    def _send(self, payload_type: int, payload: bytes, stamp: int) -> None:
        header = struct.pack("!BBHII", 0x80, payload_type, self._seq & 0xFFFF, stamp & 0xFFFFFFFF, self._ssrc)
        self._seq += 1
        try:
            if self.remote and self.remote[1]:
                self.sock.sendto(header + payload, self.remote)
        except OSError:
            pass  # the far end closed its port

    def _drain(self) -> None:
        try:
            while True:
                packet = self.sock.recv(2048)
                if len(packet) == HEADER + FRAME and packet[1] & 0x7F == 0:
                    self.received.append(packet[HEADER:])
        except OSError:
            pass


def _sleep_until(moment: float) -> float:
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)
    return moment
