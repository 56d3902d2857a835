"""Alerts: what a desk has to know of a night, sent to every address that it has named.

``YANBAO_ALERTS`` holds the addresses, with blanks between them: webhooks of 企业微信, 飞书,
钉钉 and Slack as these give them, and mail servers. Each one is a secret: it stands in no log
and no error, which name its kind and its host alone.
"""

from __future__ import annotations

import http.client
import json
import smtplib
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from yanbao.base import clock
from yanbao.base.errors import YanbaoError, nearest
from yanbao.base.settings import Settings, secret

SETTING = "YANBAO_ALERTS"
SECONDS = 10.0
PAUSES = (1.0, 5.0)  # before the second and the third try
LONGEST = 2000  # bytes; 企业微信 takes 2,048
HINT = f"correct it in {SETTING}; docs/operations.md shows how addresses are written"


class AlertError(YanbaoError):
    """An address is not understood, or did not take an alert."""


@dataclass(frozen=True)
class Format:
    """How a platform takes text, at which host, and the field of its reply that is 0 where
    it took it; a reply without fields is the word ``ok``."""

    label: str
    host: str
    body: Callable[[str], object]
    status: str = ""


FORMATS = {
    "wecom": Format(
        "企业微信",
        "qyapi.weixin.qq.com",
        lambda text: {"msgtype": "text", "text": {"content": text}},
        "errcode",
    ),
    "feishu": Format(
        "飞书",
        "open.feishu.cn",
        lambda text: {"msg_type": "text", "content": {"text": text}},
        "code",
    ),
    "dingtalk": Format(
        "钉钉",
        "oapi.dingtalk.com",
        lambda text: {"msgtype": "text", "text": {"content": text}},
        "errcode",
    ),
    "slack": Format("Slack", "hooks.slack.com", lambda text: {"text": text}),
}
MAIL = ("smtp", "smtps")


@dataclass(frozen=True)
class Alert:
    """A subject and the lines below it."""

    subject: str
    lines: tuple[str, ...]

    def text(self) -> str:
        """The whole message, cut where a platform would refuse it."""
        whole = "\n".join((self.subject, *self.lines))
        return whole.encode()[:LONGEST].decode(errors="ignore")


@dataclass(frozen=True)
class Address:
    """A webhook or a mail server with its receivers; never print ``url``."""

    url: SplitResult
    format: Format | None

    @property
    def name(self) -> str:
        """What may be shown of it."""
        return f"{self.format.label if self.format else 'mail'} at {self.url.hostname}"

    def send(self, alert: Alert) -> None:
        """Send once; raises AlertError where the receiver refuses, OSError where no answer
        came."""
        if self.format:
            self._post(alert, self.format)
        else:
            self._mail(alert)

    def _post(self, alert: Alert, form: Format) -> None:
        request = urllib.request.Request(  # noqa: S310 - http or https: see _address
            self.url.geturl(),
            json.dumps(form.body(alert.text()), ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8"},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310
                answer = reply.read(65536).decode(errors="replace")
        except urllib.error.HTTPError as error:
            raise self._refused(f"HTTP status {error.code}") from None
        except (http.client.HTTPException, ValueError) as error:
            raise self._refused(type(error).__name__) from None
        if not form.status:
            if answer.strip() != "ok":
                raise self._refused("its reply is not ok")
            return
        try:
            status = json.loads(answer)[form.status]
        except (ValueError, KeyError, TypeError):
            raise self._refused(f"its reply has no {form.status}") from None
        if status != 0:
            raise self._refused(f"{form.status} {status}")

    def _mail(self, alert: Alert) -> None:
        query = parse_qs(self.url.query)
        message = EmailMessage()
        message["Subject"] = alert.subject
        message["From"], message["To"] = query["from"][0], query["to"][0]
        message["Date"] = formatdate(clock.now().timestamp())
        message.set_content("\n".join(alert.lines))
        try:
            with self._mail_server() as server:
                server.send_message(message)
        except smtplib.SMTPResponseException as error:
            raise self._refused(f"SMTP status {error.smtp_code}") from None
        except smtplib.SMTPException as error:
            raise self._refused(type(error).__name__) from None

    def _mail_server(self) -> smtplib.SMTP:
        """Connected, in TLS where the server offers it, and logged in; no password in clear."""
        host, port = self.url.hostname or "", self.url.port or 0
        tls = ssl.create_default_context()
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=tls)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=tls)
            elif self.url.username:
                raise self._refused("it offers no TLS, so the password was not sent")
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    def _refused(self, why: str) -> AlertError:
        return AlertError(f"did not take the alert: {why}", where=self.name, hint=HINT)


def addresses(settings: Settings) -> list[Address]:
    """Every address of the setting; raises AlertError, which gives the place of a bad one."""
    words = secret(settings, SETTING).split()
    return [_address(word, number) for number, word in enumerate(words, 1)]


def _address(word: str, number: int) -> Address:
    """An address with its format: by its first word (``feishu+https://``), else its host."""
    where = f"{SETTING}, address {number}"
    try:
        named, _, scheme = urlsplit(word).scheme.rpartition("+")
        url = urlsplit(word.removeprefix(f"{named}+"))
        host, _ = url.hostname, url.port
    except ValueError:
        raise AlertError("no address", where=where, hint=HINT) from None
    if scheme in MAIL and host and not named:
        query = parse_qs(url.query)
        for wanted in ("from", "to"):
            if wanted not in query:
                raise AlertError(f"a mail server without {wanted}=", where=where, hint=HINT)
        return Address(url, None)
    if scheme not in ("http", "https") or not host:
        raise AlertError("no address of a webhook or mail server", where=where, hint=HINT)
    if named:
        if named not in FORMATS:
            raise AlertError(
                f"no format is called {named!r}", where=where, hint=nearest(named, FORMATS)
            )
        return Address(url, FORMATS[named])
    form = next((one for one in FORMATS.values() if one.host == host), None)
    if form is None:
        raise AlertError(
            "the format of this host is not known",
            where=where,
            hint=f"write it before the address, as in feishu+https:// ({', '.join(FORMATS)})",
        )
    return Address(url, form)


def send(settings: Settings, subject: str, lines: Sequence[str]) -> list[str]:
    """Send an alert to every address; one line for each that did not take it.

    An alert must not change how a night ends, so nothing is raised.
    """
    try:
        found = addresses(settings)
    except AlertError as error:
        return [error.line()]
    moment = clock.now().astimezone(clock.SHANGHAI)
    place = f"{settings.home.name} on {socket.gethostname()}, {moment:%Y-%m-%d %H:%M} Beijing"
    alert = Alert(f"研报 Yanbao: {subject}", (*lines, place))
    return [line for one in found for line in _deliver(one, alert)]


def _deliver(address: Address, alert: Alert) -> Iterator[str]:
    for pause in (*PAUSES, None):
        try:
            address.send(alert)
        except AlertError as error:
            yield error.line()
        except OSError as error:
            if pause is not None:
                time.sleep(pause)
                continue
            # Not the error's own words: they may hold the address.
            why = type(getattr(error, "reason", error)).__name__
            yield AlertError(f"no answer: {why}", where=address.name, hint=HINT).line()
        return


def of_failure(error: Exception, run: str = "run") -> tuple[str, list[str]]:
    """The subject and line of a run that ended with an error."""
    if isinstance(error, YanbaoError):
        return f"{run} ended with code {error.exit_code}", [error.line()]
    # Words of other software may hold what is secret.
    return f"{run} ended with code 1", [f"{type(error).__name__}: see the output of the run"]


def of_stale(release_id: str, stale: Sequence[str]) -> tuple[str, list[str]]:
    """The subject and lines of a release that serves older data than it should."""
    return f"release {release_id} is published with stale data (code 3)", [*stale]


def of_old_data(day: date, lines: Sequence[str]) -> tuple[str, list[str]]:
    """The subject and lines of datasets whose data end longer ago than they may on a day."""
    return f"data are older than allowed on {day}", [*lines]
