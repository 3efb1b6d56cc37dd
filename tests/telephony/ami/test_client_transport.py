"""IPv6 and TLS."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from telephony.ami.address import tls_context
from telephony.errors import ConnectionLostError
from tests.telephony.ami.clients import Naps, client_for
from tests.telephony.ami.manager import Manager


async def test_it_connects_by_ipv6() -> None:
    """The address is shown in brackets."""
    async with Manager(host="::1") as manager, client_for(manager) as client:
        await client.wait_logged_in()
        assert str(client.address) == f"[::1]:{manager.port}"
        assert (await client.action("Ping")).success


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, key in the same file."""
    path = tmp_path_factory.mktemp("tls") / "pbx.pem"
    key = path.with_suffix(".key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=pbx", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    """What the manager shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


async def test_tls_with_a_known_certificate(certificate: Path) -> None:
    """A self-signed certificate that was given as the authority is trusted."""
    async with (
        Manager(tls=server_context(certificate)) as manager,
        client_for(manager, tls=tls_context(str(certificate))) as client,
    ):
        await client.wait_logged_in()
        assert (await client.action("Ping")).success
        assert str(client.address).startswith("tls://")


async def test_tls_with_an_unknown_certificate_is_refused(certificate: Path) -> None:
    """No login is sent to whom we do not know."""
    async with (
        Manager(tls=server_context(certificate)) as manager,
        client_for(manager, tls=tls_context(), sleep=Naps(rests=0)) as client,
    ):
        with pytest.raises(ConnectionLostError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.wait_logged_in()
    assert manager.actions == []
