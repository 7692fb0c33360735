# ruff: noqa: E501  a line a case
"""Hostile words through the doors of lists and forms, and out again by every file that leaves the house (R29, R33).

A word is either refused in the row it stands in, with the cell named, or kept and given back as the same text; and it
is never a formula, a link, or markup of the page.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
import python_calamine
import sqlalchemy as sa
from flask import Flask

from models.account import Role, ScopeKind
from models.activity import EntryMode
from models.base import db
from models.intake import Intake, State, Verdict
from models.organisation import Organisation
from models.registration import Registration
from services import intake as intakes
from services import party as parties
from services.transaction import transaction
from tests.corpus.test_exports import CORPUS, STARTS
from tests.services.intake.conftest import Unit, unit_of
from tests.support import factories as make
from tests.support import lists
from tests.support.doors import Client, outside

MORE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>', "{{7*7}}", "{%raw%}", "${7*7}", "#{7*7}", "%s%n%d",
    "'; DROP TABLE person;--", "' OR '1'='1", "\" OR 1=1--", "%", "_", "\\", "../../etc/passwd", "\u202e文字", "\u2066x\u2069", "\u200f\u200e",
    "甲\u200b乙", "甲\u00ad乙", "\ufeff甲", "甲\x00乙", "甲\x1b[31m乙", "甲\r\nSet-Cookie: a=b", "𰻞𪚥𠀀", "\U000310ff\U0003134a", "㐀䶵", "豈更", "👨‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301\u0301\u0301\u0301\u0301\u0301", "ﷺ", "İıſK", "长" * 90, "长" * 1_999, "x" * 2_000, "=" * 300, "@" * 90, "\t=1+1", "\n=1+1", "\r=1+1", "＝1＋1",
    "=HYPERLINK(\"http://evil.example\")", "=IMAGE(\"http://evil.example/x\")", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    "DDE(\"cmd\";\"/C calc\";\"1\")", "file:///etc/passwd", "javascript:alert(1)", "http://evil.example/?a=b", "\\\\evil.example\\share", "null", "undefined", "NaN", "0", "-0", "1e309",
)  # fmt: skip
WORDS = [
    text for text in dict.fromkeys([*CORPUS, *MORE]) if text and len(text) <= 2_000 and "\ud800" not in text
]
"""A workbook cannot hold half characters, and no list a longer cell: `hostile` has files that try."""

Table = list[list[str]]


def test_there_are_enough() -> None:
    assert len(WORDS) >= 150


def listed(start: int = 0) -> bytes:
    """Each word three times: as a name, as a unit, as post and remark of somebody sound."""
    rows = []
    for number, word in enumerate(WORDS):
        for place in range(3):
            (row,) = lists.people(1, start + 3 * number + place)
            if place == 0:
                row[0] = word
            elif place == 1:
                row[4] = word
            else:
                row[5] = row[6] = word
            rows.append(row)
    return lists.workbook(rows)


def sent(client: Client, page: str, data: bytes) -> Intake:
    fields = client.hidden(page)
    with outside():
        answer = client.http.post(
            page, base_url="http://localhost", data={**fields, "file": (io.BytesIO(data), "名单.xlsx")}
        )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    db.session.rollback()
    found = db.session.scalars(
        sa.select(Intake).where(Intake.code == answer.location.rpartition("/")[2])
    ).one()
    intakes.work(found.id, stamp=make.stamp(found.made_by))
    db.session.expire_all()
    assert found.state is State.CHECKED, found.state
    return found


def entered(client: Client, intake: Intake) -> None:
    page = f"/intake/{intake.code}"
    assert client.post(f"{page}/enter", page, which="good").status_code == 303
    intakes.work(intake.id, stamp=make.stamp(intake.made_by))
    db.session.expire_all()
    assert intake.state is State.ENTERED, intake.note


def must_be_harmless(page: str) -> None:
    """The page of a list: what somebody typed is text."""
    for raw in ("<script>alert", "<img src=x", "<svg/onload", "<b>x</b>", "onerror=alert(1)>"):
        assert raw not in page, raw


def pages(client: Client, intake: Intake) -> Iterator[str]:
    for verdict in ("all", *(each.value for each in Verdict)):
        for number in range(1, 20):
            answer = client.get(f"/intake/{intake.code}?verdict={verdict}&page={number}")
            assert answer.status_code == 200
            text = answer.get_data(as_text=True)
            yield text
            if f"page={number + 1}" not in text:
                break


def opened(data: bytes) -> Table:
    """A workbook as another program opens it, after a look at what it is made of: cells of text, and nothing active."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert not re.search("externalLink|vba|activeX|embeddings|connections|comments", name), name
            text = package.read(name).decode("utf-8", "surrogateescape")
            assert 'TargetMode="External"' not in text, name
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(r"<f[ >/]|<hyperlink", text), name
                assert set(re.findall(r'<c [^>]*t="(\w+)"', text)) <= {"s"}, name
                assert not re.search(r"<c r=[^>]*><v>", text.replace(' t="s"><v>', "")), name
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def split(data: bytes) -> Table:
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data[3:].decode(), newline="")))
    for row in rows:
        for cell in row:
            assert cell[:1] not in STARTS, cell
            assert cell.lstrip(" \u3000\u00a0\ufeff\u200b\v\f")[:1] not in STARTS, cell
    return rows


def bare(cell: str) -> str:
    """A cell of a CSV without the mark before what could be a formula."""
    return cell.removeprefix("'")


def exported(client: Client, unit: Unit) -> None:
    """Every list that goes out, in both kinds, says what is stored."""
    rows = db.session.scalars(
        sa.select(Registration)
        .where(Registration.activity_id == unit.activity.id, Registration.claim.is_not(None))
        .order_by(Registration.id)
    ).all()
    assert len(rows) > 200
    stored = {(row.person.name, row.answer.workplace) for row in rows if row.answer}
    remarks = {row.answer.remark for row in rows if row.answer}
    for kind in ("summary", "call", "signing"):
        path = f"/activity/{unit.activity.code}/list/{kind}.xlsx"
        sheet = opened(client.get(path).data)
        text = split(client.get(f"{path}?as=csv").data)
        if kind == "summary":
            assert {(row[2], row[5]) for row in sheet[2:] if row[2]} == stored
            assert {(bare(row[2]), bare(row[5])) for row in text[1:]} == {
                (bare(a), bare(b)) for a, b in stored
            }
            assert {row[11] for row in sheet[2:] if row[2]} == remarks
        else:
            assert {row[1] for row in text[1:]} <= {
                row[1] if row[1][:1] not in STARTS else f"'{row[1]}" for row in sheet[2:]
            }


@pytest.fixture
def unit(context: Flask) -> Unit:
    made = unit_of(5_000)
    with transaction():
        made.activity.title = '=HYPERLINK("http://evil.example","=1+1")<script>alert(1)</script>'
        made.track.name = "@SUM(1+1)*cmd|' /C calc'!A0"
        made.track.needs_review = False
    return made


def test_through_the_list_of_a_unit_and_out_again(context: Flask, unit: Unit) -> None:
    client = Client(context, unit.manager)
    intake = sent(client, f"/intake/new?activity={unit.activity.code}", listed())
    assert intake.good + intake.bad + intake.known == 3 * len(WORDS)
    assert intake.good > len(WORDS)
    assert intake.bad > 50
    for page in pages(client, intake):
        must_be_harmless(page)
    report = opened(client.get(f"/intake/{intake.code}/errors.xlsx").data)
    assert len(report) > intake.bad
    assert {row[1][:1] for row in report[2:] if row[1]} <= set("ABCDEFG")
    opened(client.get(f"/intake/template.xlsx?activity={unit.activity.code}").data)
    entered(client, intake)
    exported(client, unit)


def test_through_a_list_that_fills_a_delegation_and_out_again(context: Flask, unit: Unit) -> None:
    with transaction():
        unit.track.mode, unit.track.unit_limit = EntryMode.UNIT, 4_000
        party = parties.make_list(unit.track, unit.organisation, by=unit.manager, stamp=unit.stamp)
    client = Client(context, unit.manager)
    intake = sent(client, f"/intake/new?party={party.code}", listed())
    entered(client, intake)
    roll = client.get(f"/list/{party.code}").get_data(as_text=True)
    must_be_harmless(roll)
    answer = client.post(
        f"/list/{party.code}/lock", opinion='=cmd|"/C calc"!A0<script>alert(1)</script>', promise="y"
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    must_be_harmless(client.get(f"/list/{party.code}").get_data(as_text=True))
    exported(client, unit)


def test_through_a_form_and_out_again(context: Flask) -> None:
    """One after the other, each as unit, post and remark; the organiser takes the lists."""
    with transaction():
        host: Organisation = make.organisation()
        activity = make.activity(organiser=host)
        track = make.track(activity, capacity=1_000, needs_review=False, needs_document=False)
        organiser = make.account(make.person())
        make.grant(organiser, Role.ORGANISER, ScopeKind.ORGANISATION, host.code)
        comers = [(word, make.account(make.person(documented=False))) for word in WORDS]
    path, kept = f"/register/{track.code}", 0
    for word, account in comers:
        client = Client(context, account)
        typed = {"category": "citizen", "workplace": word, "post": word, "remark": word, "promise": "y"}
        answer = client.post(path, **typed)
        wanted = {400} if "\x00" in word else {303, 409, 422}
        assert answer.status_code in wanted, (word, answer.status_code)
        shown = client.get(answer.location) if answer.status_code == 303 else answer
        must_be_harmless(shown.get_data(as_text=True))
        kept += answer.status_code == 303
    assert 60 < kept < len(WORDS)
    client = Client(context, organiser)
    stored = {
        row.answer.workplace
        for row in db.session.scalars(sa.select(Registration).where(Registration.track_id == track.id))
        if row.answer
    }
    listing = f"/activity/{activity.code}/list/summary.xlsx"
    assert {row[5] for row in opened(client.get(listing).data)[2:] if row[2]} == stored
    assert len(split(client.get(f"{listing}?as=csv").data)) == kept + 1
