"""Visitors without a browser, many at a time: threads that speak HTTP to a running site as a browser would."""

import http.client
import io
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.account import Account
from services.account import sign_ins
from services.stamp import Stamp, clock

FIELD = re.compile(r'name="(csrf_token|idempotency_key)"[^>]*value="([^"]*)"')


def cookie_of(app: Flask, account: Account) -> str:
    """The cookie of a browser in which this account has just signed in. Needs a running transaction."""
    token = sign_ins.begin(account, stamp=Stamp(clock.now(), account.code, account.id))
    interface = app.session_interface
    signer = interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    session = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": "0" * 40}
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}"


@dataclass
class Answer:
    status: int
    location: str
    body: str
    seconds: float


class Visitor:
    """One browser's worth of HTTP: a cookie, a kept connection, forms with their hidden fields."""

    def __init__(self, base_url: str, cookie: str = "") -> None:
        self._place = urlsplit(base_url)
        self._cookie = cookie
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self,
        method: str,
        path: str,
        values: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Answer:
        """`file`: a name and bytes, sent as the field `file` of the form."""
        headers = {"Cookie": self._cookie, "Accept-Language": "zh-CN"}
        body: str | bytes | None = None
        if file is not None:
            mark, body = encode_multipart(
                {**(values or {}), "file": FileStorage(io.BytesIO(file[1]), file[0])}
            )
            headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        elif values is not None:
            body = urlencode(values)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        for attempt in (1, 2):
            connection = self._connection or http.client.HTTPConnection(
                self._place.hostname or "", self._place.port, timeout=60
            )
            self._connection = connection
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                text = response.read().decode("utf-8", "replace")
            except (http.client.HTTPException, ConnectionError):
                connection.close()
                self._connection = None
                if attempt == 2 or method != "GET":
                    raise
                continue
            return Answer(
                response.status, response.headers.get("Location", ""), text, time.perf_counter() - began
            )
        raise AssertionError("unreachable")

    def twin(self) -> "Visitor":
        """The same browser, over a connection of its own."""
        return Visitor(f"{self._place.scheme}://{self._place.netloc}", self._cookie)

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the form on a page."""
        return dict(FIELD.findall(self.ask("GET", path).body))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def at_once(tasks: Iterable[Callable[[], Answer]], together: int) -> list[Answer]:
    """Run tasks on so many threads; all begin at the same moment."""
    waiting, answers, lock = list(tasks), [], threading.Lock()
    start = threading.Barrier(min(together, max(1, len(waiting))))

    def work() -> None:
        start.wait()
        while True:
            with lock:
                if not waiting:
                    return
                task = waiting.pop()
            answer = task()
            with lock:
                answers.append(answer)

    threads = [threading.Thread(target=work) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def statuses(answers: Iterable[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)
