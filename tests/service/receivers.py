"""Real receivers on loopback: a web server and a mail server that keep what arrives, and fail as they are told."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hook:
    """A web server. `answers`: a status for each request to come, None hangs up; 200 when they are used up."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int | None] = []
        self.port = 0


@contextmanager
def hook() -> Iterator[Hook]:
    """A web server while the block runs."""
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            kept.received.append((self.path, dict(self.headers), self.rfile.read(length)))
            status = kept.answers.pop(0) if kept.answers else 200
            if status is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Mailbox:
    """A mail server. `refusals`: replies to verbs, such as {"DATA": "554 no"}; None hangs up instead of a reply."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes]] = []
        self.refusals: dict[str, str | None] = {}
        self.port = 0


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mail server (RFC 5321, without extensions) while the block runs."""
    kept = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            sender, recipients = "", []
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                verb = verb.upper()
                reply = kept.refusals.get(verb, _REPLIES.get(verb, "250 ok"))
                if verb == "MAIL":
                    sender = rest
                if verb == "RCPT" and reply and reply.startswith("250"):
                    recipients.append(rest)
                if not self._say(reply):
                    return
                if verb == "DATA" and reply == _REPLIES["DATA"] and not self._take(sender, recipients):
                    return
                if verb == "QUIT":
                    return

        def _take(self, sender: str, recipients: list[str]) -> bool:
            lines = iter(self.rfile.readline, b".\r\n")
            kept.received.append((sender, list(recipients), b"".join(lines)))
            return self._say(kept.refusals.get(".", "250 taken"))

        def _say(self, reply: str | None) -> bool:
            if reply is None:
                return False
            self.wfile.write(reply.encode() + b"\r\n")
            return True

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_REPLIES = {"DATA": "354 go on", "QUIT": "221 bye"}


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
