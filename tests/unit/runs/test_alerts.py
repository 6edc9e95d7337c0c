"""People are told over a real mail server and a real web server of this machine; nothing secret is said on the way."""

import logging
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from pydantic import SecretStr

from dagster_project.runs.alerts import AlertError, send_alert
from tests.support.postgres_server import free_port
from tests.support.web_hook import web_hook

TITLE, TEXT = "my_feed: monthly_hiring_report 2025-11 failed", "raw gate: <b>posts</b> did not arrive\n\nrun again"


class Mailbox:
    """Keeps what a mail server was given."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
def mail() -> Iterator[tuple[str, Mailbox]]:
    """Host and port of a mail server that asks for a password, and what it was given."""
    mailbox = Mailbox()

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=b"s3cret/word" in (getattr(data, "password", b""),))

    options = {"authenticator": authenticate, "auth_require_tls": False, "auth_required": True}
    controller = Controller(mailbox, "127.0.0.1", free_port(), **options)
    controller.start()
    yield f"127.0.0.1:{controller.port}", mailbox
    controller.stop()


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Host and port of a web server that takes a POST to /hook, and what it was given."""
    with web_hook() as (address, posted):
        yield address, posted


def mail_url(address: str, password: str = "s3cret%2Fword") -> str:
    return f"mailto://pulse:{password}@{address}?mode=insecure&from=pulse@example.org&to=team@example.org"


def test_a_mail_and_a_webhook_say_the_sentence(
    mail: tuple[str, Mailbox], hook: tuple[str, list[dict[str, str]]]
) -> None:
    (smtp, mailbox), (http, posted) = mail, hook
    send_alert(SecretStr(f"{mail_url(smtp)} json://{http}/hook"), TITLE, TEXT)
    (envelope,) = mailbox.envelopes
    message = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
    assert (message["subject"], envelope.rcpt_tos) == (TITLE, ["team@example.org"])
    (said,) = posted
    assert said["title"] == TITLE
    for text in (message.get_body(("plain",)).get_content(), said["message"]):  # type: ignore[union-attr]
        assert text.split() == TEXT.split()


def test_a_place_that_does_not_take_it_is_told_without_its_password_and_the_others_are_told(
    mail: tuple[str, Mailbox], hook: tuple[str, list[dict[str, str]]], caplog: pytest.LogCaptureFixture
) -> None:
    (smtp, mailbox), (http, posted) = mail, hook
    urls = f"{mail_url(smtp, 'w0rd')} json://u:t0ken@{http}/gone nonsense json://{http}/hook"
    with caplog.at_level(logging.DEBUG), pytest.raises(AlertError, match="mailto, json, nonsense") as error:
        send_alert(SecretStr(urls), TITLE, TEXT)
    assert len(posted) == 1
    assert mailbox.envelopes == []
    said = f"{error.value}{caplog.text}"
    assert "w0rd" not in said and "t0ken" not in said


def test_nobody_is_told_where_nobody_is_named() -> None:
    send_alert(None, TITLE, TEXT)
