"""A relay that cannot prove who it is gets neither the login nor a letter, and nothing goes in the clear."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.notifications.mailer import RelayError, TemporaryDeliveryError
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from tests.notifications.test_smtp import COMMUNE, LETTER, LOGIN, SERVICE, failure
from tests.smtp_server import HANG_UP, SmtpServer

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    server: ssl.SSLContext
    trusting: ssl.SSLContext


def certificate(folder: Path, name: str) -> Certificate:
    """Make a self-signed certificate for `name`, and a client that trusts it and nothing else."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the test certificates, is not on this machine")
    subprocess.run(
        f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
        f" -addext subjectAltName={name} -addext keyUsage=critical,digitalSignature,keyCertSign"
        f" -keyout key.pem -out cert.pem".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Certificate(serving, ssl.create_default_context(cafile=folder / "cert.pem"))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("ours"), "IP:127.0.0.1")


@pytest.fixture(scope="module")
def misnamed(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("misnamed"), "DNS:other.example")


def secure(server: SmtpServer, tls: Tls, trust: ssl.SSLContext | None) -> SmtpMailer:
    return SmtpMailer("127.0.0.1", server.port, *LOGIN, tls, ssl_context=trust)


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_login_and_letter_go_encrypted_to_a_relay_that_is_trusted(ours: Certificate, tls: Tls) -> None:
    with (
        SmtpServer(tls=ours.server, implicit=tls is Tls.IMPLICIT, login=LOGIN) as server,
        closing(secure(server, tls, ours.trusting)) as mailer,
    ):
        mailer.send(SERVICE, COMMUNE, LETTER)
        mailer.send(SERVICE, COMMUNE, LETTER)
        assert [(letter.encrypted, letter.logged_in) for letter in server.messages] == [(True, True)] * 2
        assert server.stages.count("CONNECT") == 1


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_relay_with_a_certificate_nobody_vouches_for_gets_neither_login_nor_letter(
    ours: Certificate, tls: Tls
) -> None:
    with (
        SmtpServer(tls=ours.server, implicit=tls is Tls.IMPLICIT, login=LOGIN) as server,
        closing(secure(server, tls, None)) as mailer,
    ):
        error = failure(mailer)
        assert type(error) is RelayError
        assert error.reply.startswith(
            "không lập được đường truyền mã hóa tin được với máy chủ thư ([SSL: CERTIFICATE_VERIFY_FAILED]"
        )
        assert {"AUTH", "MAIL"}.isdisjoint(server.stages)
        assert server.messages == []


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_relay_with_another_hosts_certificate_gets_nothing(misnamed: Certificate, tls: Tls) -> None:
    with (
        SmtpServer(tls=misnamed.server, implicit=tls is Tls.IMPLICIT, login=LOGIN) as server,
        closing(secure(server, tls, misnamed.trusting)) as mailer,
    ):
        assert type(failure(mailer)) is RelayError
        assert {"AUTH", "MAIL"}.isdisjoint(server.stages)


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_relay_without_tls_gets_nothing_in_the_clear(tls: Tls) -> None:
    with SmtpServer(login=LOGIN) as server, closing(secure(server, tls, None)) as mailer:
        assert type(failure(mailer)) is RelayError
        assert {"AUTH", "MAIL"}.isdisjoint(server.stages)
        assert server.messages == []


def test_a_line_that_breaks_after_the_letter_leaves_doubt_under_tls_too(ours: Certificate) -> None:
    with (
        SmtpServer(tls=ours.server, login=LOGIN) as server,
        closing(secure(server, Tls.STARTTLS, ours.trusting)) as mailer,
    ):
        server.script("DOT", HANG_UP)
        error = failure(mailer)
        assert isinstance(error, TemporaryDeliveryError)
        assert error.ambiguous
        mailer.send(SERVICE, COMMUNE, LETTER)
        assert [letter.content for letter in server.messages] == [LETTER] * 2
