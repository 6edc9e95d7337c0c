"""Telling people what failed: by e-mail, webhook or chat, wherever a URL of Apprise points."""

import logging

from pydantic import SecretStr


class AlertError(Exception):
    """People could not be told; the message names the kind of place, never its URL, which may hold a password."""


def send_alert(urls: SecretStr | None, title: str, text: str) -> None:
    """Send a plain text to every URL; raises AlertError where one is not understood or does not take it."""
    from apprise import Apprise, NotifyFormat, NotifyType

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would name addresses and answers of servers
    failed = []
    for url in urls.get_secret_value().split() if urls else []:
        place = Apprise()
        kind = url.partition(":")[0]
        if not place.add(url) or not place.notify(text, title, NotifyType.FAILURE, body_format=NotifyFormat.TEXT):
            failed.append(kind)
    if failed:
        raise AlertError(
            f"HIRING_PULSE_ALERT_URLS: {', '.join(failed)} did not take the message; "
            "look at the address, the password and whether the server answers"
        )
