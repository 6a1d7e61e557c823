"""Delivery: a digest goes to a web address or to people's mail, if the settings name some."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

import httpx
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from accord import __version__
from accord.errors import AccordError, UsageError
from accord.operations.digest import Digest
from accord.settings import Settings

_TIMEOUT = 30.0
"""Seconds until a server has to answer."""

_ATTEMPTS, _PAUSE = 3, 5.0
"""How often a server is asked that does not answer, and the seconds in between."""


class DeliveryError(AccordError):
    """A digest that could not be handed over; it is on disk all the same."""


def deliver(digest: Digest, settings: Settings, pause: float = _PAUSE) -> list[str]:
    """Send a digest to all that the settings name, and return where it went.

    Each is tried, also when another fails.

    :param pause: seconds between two attempts
    :raises DeliveryError: naming what could not be reached
    """
    done, failures = [], []
    ways: list[tuple[str, str, Callable[[Digest, str, Settings], None]]] = []
    if settings.report_webhook:
        ways.append((settings.report_webhook.get_secret_value(), "the webhook", _post))
    if settings.report_mail:
        ways.append((settings.report_mail, settings.report_mail, _mail))
    for target, name, way in ways:
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type((httpx.HTTPError, OSError)),
                stop=stop_after_attempt(_ATTEMPTS),
                wait=wait_fixed(pause),
            ):
                with attempt:
                    way(digest, target, settings)
            done.append(name)
        except RetryError as error:
            failures.append(f"{name}: {_reason(error.last_attempt.exception())}")
        except (UsageError, httpx.InvalidURL) as error:
            failures.append(f"{name}: {error}")
    if failures:
        raise DeliveryError(
            f"The digest could not be sent to {'; '.join(failures)}.",
            "Look at the settings report_webhook, report_mail and mail_server.",
        )
    return done


def _post(digest: Digest, address: str, settings: Settings) -> None:
    """Send JSON: ``text`` is what chat services show, the rest is for other machines."""
    body = {"text": digest.markdown(), "html": digest.html(), "digest": digest.document()}
    agent = {"User-Agent": f"accord/{__version__}"}
    # A redirect is an error: the address is a secret, and what it leads to is not what was set.
    answer = httpx.post(address, json=body, headers=agent, timeout=_TIMEOUT)
    if not answer.is_success:
        raise httpx.HTTPError(f"it answered {answer.status_code}")


def _mail(digest: Digest, people: str, settings: Settings) -> None:
    if not settings.mail_server:
        raise UsageError(
            "The setting report_mail names people, but mail_server no server.",
            "Set mail_server = host:port in accord.toml.",
        )
    host, _, port = settings.mail_server.partition(":")
    message = EmailMessage()
    message["Subject"] = digest.title
    message["From"] = settings.mail_from or settings.mail_user or f"accord@{host}"
    message["To"] = people
    message.set_content(digest.markdown())
    message.add_alternative(digest.html(), subtype="html")
    with smtplib.SMTP(host, int(port or 25), timeout=_TIMEOUT) as server:
        if server.ehlo()[0] == 250 and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user and settings.mail_password:
            if not isinstance(server.sock, ssl.SSLSocket):
                raise UsageError(
                    f"{settings.mail_server} offers no encryption (STARTTLS), and the password "
                    "would go out in the open.",
                    "Name the provider's server for submission, mostly on port 587.",
                )
            server.login(settings.mail_user, settings.mail_password.get_secret_value())
        server.send_message(message)


def _reason(error: BaseException | None) -> str:
    return str(error) or type(error).__name__
