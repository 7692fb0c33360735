"""Where messages end in tests: an SMS gateway and a mail server on this machine that can fail, hang and refuse."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

Mood = Callable[[int], int | None]
"""What to answer to the n-th letter, counted from 0: a status, or None to say nothing at all."""


def kindly(_number: int) -> int | None:
    return 0


@dataclass
class Sink:
    """``accepted``: ids in order; ``tried``: how often each came; ``mood`` may be changed at any time."""

    mood: Mood = kindly
    hang: float = 3.0
    delay: float = 0.0
    accepted: list[str] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def judge(self, code: str, letter: Any) -> int | None:
        """What to answer; 0 is whatever means yes here."""
        with self.lock:
            number = sum(self.tried.values())
            self.tried[code] += 1
            verdict = self.mood(number)
            if verdict == 0:
                self.accepted.append(code)
                self.letters.append(letter)
        time.sleep(self.delay)
        return verdict


def gateway(sink: Sink) -> ThreadingHTTPServer:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            facts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            verdict = sink.judge(facts["id"], facts)
            if verdict is None:
                time.sleep(sink.hang)
                return
            try:
                self.send_response(verdict or 202)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                return  # whoever asked was killed

        def log_message(self, *_arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    sink.url = f"http://127.0.0.1:{server.server_address[1]}/sms"
    return server


class MailDoor:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("refused"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the same
        letter: Message = message_from_bytes(envelope.content, policy=default)
        verdict = self.sink.judge(str(letter["Message-ID"]), letter)
        return "250 OK" if verdict == 0 else f"{verdict or 451} not now"


@pytest.fixture
def sms_sink() -> Iterator[Sink]:
    """An SMS gateway that takes everything until its mood changes."""
    sink = Sink()
    server = gateway(sink)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield sink
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail_sink() -> Iterator[Sink]:
    """A mail server that takes everything until its mood changes. Mailboxes named refused… it never has."""
    sink = Sink()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(MailDoor(sink), hostname="127.0.0.1", port=port)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    controller.stop()
