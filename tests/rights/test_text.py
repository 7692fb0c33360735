"""R24: whatever people write is shown as they wrote it, and is never a part of the page."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from tests.rights import registry, tables
from tests.rights.conftest import Scene
from tests.rights.forms import FORMS, PROGRAMS
from tests.rights.test_forgery import writing

PAYLOADS = (
    "<xss>",
    "<script>xss()</script>",
    "<img src=x onerror=xss()>",
    "<svg/onload=xss()>",
    '"><xss>',
    "'><xss>",
    '" onmouseover="xss()',
    "' onfocus='xss()' x='",
    "` onclick=`xss()",
    "</title><xss>",
    "</textarea><xss>",
    "</script><xss>",
    "</style><xss>",
    "<!--<xss>",
    "--><xss>",
    "]]><xss>",
    "javascript:xss()",
    "data:text/html,<xss>",
    "{{7*7}}<xss>",
    "{% raw %}<xss>",
    "${7*7}<xss>",
    "&lt;xss&gt;<xss>",
    "<a href=//xss.example>x",
    "<base href=//xss.example>",
    "<iframe srcdoc=xss>",
    "<xss\nonx=1>",
    "x\r\nX-XSS:1<xss>",
    "=cmd|' /C xss'!A0<xss>",
)
PEOPLE = (
    "anonymous",
    "contestant",
    "unit_manager",
    "organiser",
    "activity_approver",
    "certificate_officer",
    "reviewer",
    "district_organiser",
    "reporter",
    "aggregator",
    "checkin_helper",
    "security_admin",
)
KNOWN = re.compile("^(https?:|mailto:|tel:|/|#|[?]|$)")
ADDRESSES = frozenset({"href", "src", "action", "formaction", "srcdoc", "xlink:href", "data", "poster"})


class Page(HTMLParser):
    """What a browser would make of a page, where it is not ours."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.texts = ""
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (
            not re.fullmatch("[a-z][a-z0-9]*", tag)
            or tag.startswith("xss")
            or tag in ("iframe", "base", "object")
        ):
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if (
                name.startswith("on")
                or name in ("style", "srcdoc")
                or not re.fullmatch("[a-zA-Z:-]+[0-9]*", name)
            ):
                self.faults.append(f"<{tag} {name}=…>")
            if name in ADDRESSES and not KNOWN.match((value or "").strip()):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ADDRESSES and (value or "").startswith("//"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            self.texts += f" {value or ''}"
        self._within = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within and "xss" in data:
            self.faults.append(f"within <{self._within}>: {data[:60]}")
        self.texts += data


class Judge:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.pages, self.faults = scene, 0, []
        self.seen: set[str] = set()

    def look(self, answer: object, name: str) -> None:
        status, kind = answer.status_code, answer.content_type or ""  # type: ignore[attr-defined]
        if status >= 500 and "readyz" not in name:
            self.faults.append(f"{name}: {status}")
        body = answer.get_data().decode("utf-8", "replace")  # type: ignore[attr-defined]
        self.pages += 1
        if kind.startswith("text/html"):
            page = Page(body)
            self.faults += [f"{name}: {fault}" for fault in page.faults]
            self.seen |= {text for text in PAYLOADS if text in page.texts}
        elif kind.startswith("text/calendar"):
            self.faults += [f"{name}: {line}" for line in body.splitlines() if line.startswith("X-XSS")]
        headers = answer.headers  # type: ignore[attr-defined]
        self.faults += [f"{name}: a header" for header, _value in headers if header.lower() == "x-xss"]

    def done(self, least: int) -> None:
        assert self.pages > 50
        assert not self.faults, "\n".join(self.faults)
        assert len(self.seen) >= least, sorted(set(PAYLOADS) - self.seen)


def test_every_column_of_text_is_planted_or_named(worker_app: object) -> None:
    assert sorted(tables.unplaced()) == []


@pytest.mark.parametrize("turn", range(2))
def test_what_is_stored_is_shown_as_text(scene: Scene, turn: int) -> None:
    count = iter(range(turn, 10**9, 1))
    unique = {"name", "title"}

    def payload(_table: str, column: str, row: int) -> str:
        text = PAYLOADS[next(count) % len(PAYLOADS)]
        return f"{row}{text}" if column in unique else text

    tables.plant(scene.app, payload)
    judge = Judge(scene)
    for name in PEOPLE[turn::2]:
        for rule in registry.rules(scene.app):
            if "GET" in registry.methods(rule) and rule.endpoint not in ("static", "bootstrap.static"):
                answer = scene.ask(scene.person(name, scene.world.a), "GET", scene.path(rule, scene.world.a))
                judge.look(answer, f"{rule.rule} as {name}")
    judge.done(len(PAYLOADS) // 2)


def test_what_is_sent_back_in_a_form_is_shown_as_text(scene: Scene) -> None:
    """Each form with a payload in each of its fields; most are refused, and show what was sent."""
    judge, count = Judge(scene), iter(range(10**9))
    for rule in writing(scene.app):
        if rule.endpoint in PROGRAMS:
            continue
        form, side = FORMS[rule.endpoint], scene.world.a
        fields = {name: value for name, value in form.fields(side).items() if isinstance(value, str)}
        names = [*fields, "q", "next", "contact", "name", "title", "body", "note", "reason", "display_name"]
        sent = {name: PAYLOADS[next(count) % len(PAYLOADS)] for name in names}
        answer = scene.ask(
            scene.person(form.who, side), "POST", scene.path(rule, side), sent | scene.hidden()
        )
        judge.look(answer, f"POST {rule.rule}")
        if answer.status_code < 400:
            scene.restore()
    judge.done(len(PAYLOADS) // 2)


def test_what_is_asked_in_an_address_is_shown_as_text(scene: Scene) -> None:
    judge, count = Judge(scene), iter(range(10**9))
    names = (
        "q",
        "next",
        "page",
        "kind",
        "state",
        "type",
        "month",
        "when",
        "town",
        "venue",
        "activity",
        "by",
        "plan",
    )
    who = scene.world.a.people["district_organiser"]
    for rule in registry.rules(scene.app):
        if "GET" not in registry.methods(rule):
            continue
        query = "&".join(f"{name}={quote(PAYLOADS[next(count) % len(PAYLOADS)])}" for name in names)
        path = f"{scene.path(rule, scene.world.a)}?{query}"
        judge.look(scene.ask(who, "GET", path), f"{rule.rule}?…")
    judge.done(5)
