"""Alerts reach a stand-in of each platform and of a mail server, and never show a secret."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from yanbao.base.errors import GateBlockedError, LockedError, ReleaseError, YanbaoError
from yanbao.base.settings import Settings
from yanbao.cli.main import main
from yanbao.nightly import alerts
from yanbao.releases.release_store import Release

KEY = "s3cr3t-7f1e"
LOOPBACK = "127.0.0.1"
TAKEN = {
    "wecom": '{"errcode": 0, "errmsg": "ok"}',
    "feishu": '{"code": 0, "msg": "success"}',
    "dingtalk": '{"errcode": 0, "errmsg": "ok"}',
    "slack": "ok",
}
# What each platform answers where it refuses, its status first, and how that is named.
REFUSED = {
    "wecom": (200, '{"errcode": 93000, "errmsg": "invalid webhook url"}', "errcode 93000"),
    "feishu": (200, '{"code": 19024, "msg": "Key Words Not Found"}', "code 19024"),
    "dingtalk": (200, '{"errcode": 310000, "errmsg": "keywords"}', "errcode 310000"),
    "slack": (403, "invalid_token", "HTTP status 403"),
}
STALE = "a_share_bars: stale, data to 2024-10-29 serve: due through 2024-10-31"


@dataclass
class StandIn:
    """A web server on loopback: what it answers next, and what it was sent."""

    port: int = 0
    status: int = 200
    answer: str = "ok"
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def address(self, form: str) -> str:
        return f"{form}+http://{LOOPBACK}:{self.port}/hook?key={KEY}"


@dataclass
class Post:
    """What a mail server on loopback received."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 taken"

    @property
    def address(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}/?from=yanbao@desk.example&to=a@desk.example"


@pytest.fixture
def web() -> Iterator[StandIn]:
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stand_in.paths.append(self.path)
            stand_in.bodies.append(json.loads(body))
            self.send_response(stand_in.status)
            self.end_headers()
            self.wfile.write(stand_in.answer.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    stand_in.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield stand_in
    server.shutdown()
    server.server_close()


@pytest.fixture
def post() -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        received = Post(probe.getsockname()[1])
    server = Controller(received, hostname=LOOPBACK, port=received.port)
    server.start()
    yield received
    server.stop()


@pytest.fixture
def settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(alerts, "PAUSES", (0.0, 0.0))
    monkeypatch.setenv("YANBAO_CLOCK", "2024-10-31T18:45:00")
    return Settings(home)


def name_addresses(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setenv(alerts.SETTING, " ".join(words))


def text_of(form: str, body: dict[str, Any]) -> str:
    """The text of a message, from where the platform's documentation puts it."""
    if form == "slack":
        assert set(body) == {"text"}
        return str(body["text"])
    kind, part, inner = {
        "wecom": ("msgtype", "text", "content"),
        "dingtalk": ("msgtype", "text", "content"),
        "feishu": ("msg_type", "content", "text"),
    }[form]
    assert body[kind] == "text"
    return str(body[part][inner])


@pytest.mark.parametrize("form", TAKEN)
def test_each_platform_takes_an_alert_in_its_own_form(
    settings: Settings, web: StandIn, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    name_addresses(monkeypatch, web.address(form))
    web.answer = TAKEN[form]
    assert alerts.send(settings, *alerts.of_stale("r000007", [STALE])) == []
    assert web.paths == [f"/hook?key={KEY}"]
    first, second, place = text_of(form, web.bodies[0]).splitlines()
    assert first == "研报 Yanbao: release r000007 is published with stale data (code 3)"
    assert second == STALE
    assert place.endswith("2024-10-31 18:45 Beijing")


@pytest.mark.parametrize("form", REFUSED)
def test_refusal_is_named_by_its_code_and_without_the_secret(
    settings: Settings, web: StandIn, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    name_addresses(monkeypatch, web.address(form))
    web.status, web.answer, why = REFUSED[form]
    (line,) = alerts.send(settings, "a test", [])
    label = alerts.FORMATS[form].label
    assert line.startswith(f"{label} at {LOOPBACK}: did not take the alert: {why} →")
    assert KEY not in line
    assert len(web.bodies) == 1, "a refused alert is not sent again"


def test_a_mail_server_takes_an_alert(
    settings: Settings, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_addresses(monkeypatch, f"{post.address},b@desk.example")
    assert alerts.send(settings, *alerts.of_failure(ReleaseError("no room", hint="tidy"))) == []
    (envelope,) = post.envelopes
    assert envelope.rcpt_tos == ["a@desk.example", "b@desk.example"]
    mail = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
    assert mail["Subject"] == "研报 Yanbao: run ended with code 1"
    assert mail.get_content().splitlines()[0] == "no room → tidy"


def test_password_is_not_sent_to_a_mail_server_without_tls(
    settings: Settings, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_addresses(monkeypatch, post.address.replace("//", f"//desk:{KEY}@"))
    (line,) = alerts.send(settings, "a test", [])
    assert "the password was not sent" in line
    assert KEY not in line
    assert post.envelopes == []


def test_address_that_is_out_of_reach_keeps_no_other_from_its_alert(
    settings: Settings, web: StandIn, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = f"wecom+http://{LOOPBACK}:1/hook?key={KEY}"
    name_addresses(monkeypatch, nobody, web.address("slack"), post.address)
    (line,) = alerts.send(settings, "a test", [])
    assert "no answer: ConnectionRefusedError" in line
    assert KEY not in line
    assert (len(web.bodies), len(post.envelopes)) == (1, 1)


def test_addresses_of_the_platforms_are_known_by_their_hosts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_addresses(
        monkeypatch,
        f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}",
        f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}",
        f"https://oapi.dingtalk.com/robot/send?access_token={KEY}",
        f"https://hooks.slack.com/services/T0/B0/{KEY}",
    )
    found = alerts.addresses(settings)
    assert [one.format for one in found] == [*alerts.FORMATS.values()]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        (f"https://hook.desk.example/{KEY}", "feishu+https://"),
        (f"fei+https://hook.desk.example/{KEY}", "feishu"),
        (f"smtp://desk:{KEY}@mail.desk.example/?to=a@desk.example", "without from="),
        (f"ftp://desk.example/{KEY}", "no address"),
        (f"https://[{KEY}/hook", "no address"),
    ],
)
def test_wrong_address_is_named_by_its_place_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, word: str, says: str
) -> None:
    name_addresses(monkeypatch, word)
    (line,) = alerts.send(settings, "a test", [])
    assert line.startswith("YANBAO_ALERTS, address 1: ")
    assert says in line
    assert KEY not in line


def test_long_alert_is_cut_between_characters(
    settings: Settings, web: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_addresses(monkeypatch, web.address("slack"))
    alerts.send(settings, "a test", ["过期" * 2000])
    text = text_of("slack", web.bodies[0])
    assert 1990 < len(text.encode()) <= alerts.LONGEST
    assert text.endswith(("过", "期"))


@pytest.mark.parametrize(
    ("error", "options", "is_told"),
    [
        (ReleaseError("x", hint="y"), (), True),
        (GateBlockedError("x", hint="y"), (), True),
        (YanbaoError("x", hint="y"), (), True),
        (LockedError("x", hint="y"), ("--wait", "0.001"), True),
        (LockedError("x", hint="y"), (), False),
    ],
)
def test_night_that_failed_is_told_and_keeps_its_exit_code(
    settings: Settings,
    web: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    error: YanbaoError,
    options: tuple[str, ...],
    is_told: bool,
) -> None:
    def night(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("yanbao_dagster.nightly_run.run_nightly", night)
    name_addresses(monkeypatch, web.address("slack"))
    assert main(["run", "-q", *options]) == error.exit_code
    assert len(web.bodies) == is_told
    if is_told:
        subject, line, _ = web.bodies[0]["text"].splitlines()
        assert subject == f"研报 Yanbao: run ended with code {error.exit_code}"
        assert line == error.line()


def test_stale_night_is_told_from_the_folders_own_file_and_no_secret_is_shown(
    settings: Settings,
    web: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from yanbao_dagster.nightly_run import Outcome

    release = Release("r000007", settings.home, {})
    outcome = Outcome(release, (), (STALE,), is_unchanged=False)
    monkeypatch.setattr("yanbao_dagster.nightly_run.run_nightly", lambda *_, **__: outcome)
    broken = f"wecom+http://{LOOPBACK}:1/hook?key={KEY}"
    (settings.home / ".env").write_text(
        f"{alerts.SETTING}='{web.address('slack')} {broken}'\n", encoding="utf-8"
    )
    with caplog.at_level(logging.DEBUG):
        assert main(["run", "-q"]) == 3
    assert STALE in web.bodies[0]["text"]
    out, err = capfd.readouterr()
    assert "企业微信 at 127.0.0.1: no answer" in err
    assert KEY not in out + err + caplog.text


def test_doctor_sends_a_test(
    settings: Settings,
    web: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    name_addresses(monkeypatch, web.address("slack"))
    main(["doctor", "--test-alerts"])
    out = capfd.readouterr().out
    assert "sent to Slack at 127.0.0.1" in out
    assert "Alerts arrive here." in web.bodies[0]["text"]
    assert KEY not in out
