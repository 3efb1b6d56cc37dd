"""SIP messages as the softphone needs them: parsing, tags, building."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

ALLOW = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, INFO, UPDATE")
Headers = Sequence[tuple[str, str]]


class Message:
    """A parsed SIP message."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.first = lines[0]
        self.headers = [
            (name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])
        ]
        self.is_request = not self.first.startswith("SIP/2.0")
        self.method = self.first.split(" ")[0] if self.is_request else self.get("cseq").split()[1]
        self.code = 0 if self.is_request else int(self.first.split(" ")[1])

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.headers if key == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def build(first: str, headers: Headers, body: str = "") -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append("Content-Type: application/sdp")
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines) + "\r\n\r\n" + body


def tag_of(value: str) -> str | None:
    found = re.search(r";tag=([^;>\s]+)", value)
    return found.group(1) if found else None


def uri_of(value: str) -> str:
    found = re.search(r"<([^>]+)>", value)
    return found.group(1) if found else value.split(";")[0].strip()


def user_of(uri: str) -> str:
    return re.sub(r"^sip:|@.*$", "", uri)


def new_branch() -> str:
    return f"z9hG4bK{random.getrandbits(64):016x}"


def quoted(display: str) -> str:
    """A display name as a SIP quoted string."""
    return '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'


def sdp(ip: str, port: int, version: int, direction: str = "sendrecv") -> str:
    return (
        f"v=0\r\no=- 1 {version} IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
        f"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na={direction}\r\n"
    )


def media_of(body: str) -> tuple[str, int] | None:
    """Where the far end wants its RTP."""
    media = re.search(r"^m=audio (\d+)", body, re.M)
    address = re.search(r"^c=IN IP4 (\S+)", body, re.M)
    return (address.group(1), int(media.group(1))) if media and address else None
