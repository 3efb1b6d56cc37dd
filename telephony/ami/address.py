"""Where a manager listens, and how a TLS connection to it is checked."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the manager listens. `tls` is None for a plain connection: keep that to loopback or a VPN."""

    host: str
    port: int = 5038
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    connect_timeout: float = 10.0  # seconds, TLS handshake included

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'tls://' if self.tls else ''}{host}:{self.port}"


def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """A context that checks the PBX's certificate and name.

    ca_file: PEM file with the authority, or the PBX's self-signed certificate itself.
    """
    return ssl.create_default_context(cafile=ca_file)
