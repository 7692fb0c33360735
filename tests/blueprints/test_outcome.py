"""The doors of outcomes: a sheet filled, handed in and confirmed by two; nothing typed is ever lost."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account
from models.activity import Kind
from models.base import db
from models.outcome import Award, Correction, Line, Sheet, State
from services import outcome as outcomes
from services.registration import listing
from tests.support.application import Hand
from tests.support.contest import Contest, completed, contest, scored
from tests.support.doors import Client

FIELD = re.compile(r'name="([\w-]+)" value="([^"]*)"')


@pytest.fixture
def made(context: Flask, clock: Hand) -> Contest:
    row = contest(3)
    clock.set(row.over)
    return row


def page_of(made: Contest) -> str:
    return f"/desk/activity/{made.activity.code}/outcome/{made.track.code}"


def values(made: Contest, *scores: str, **more: str) -> dict[str, str]:
    found = {"action": "save", "version": "0"}
    for row, score in zip(made.people, scores, strict=True):
        found |= {f"score-{row.code}": score, f"verdict-{row.code}": "competed"}
    return found | more


def shown(page: str, name: str, code: str) -> str:
    return dict(FIELD.findall(page))[f"{name}-{code}"]


def chosen(page: str, name: str, code: str) -> str:
    select = re.search(f'<select[^>]*name="{name}-{code}".*?</select>', page, re.DOTALL)
    assert select is not None
    found = re.search('value="([^"]*)" selected', select[0])
    return found[1] if found else ""


def sheet_of(made: Contest) -> Sheet | None:
    db.session.rollback()
    return outcomes.find_sheet(made.track)


def test_the_road_of_a_small_contest(context: Flask, made: Contest) -> None:
    page, clerk, judge = page_of(made), Client(context, made.clerk), Client(context, made.judge)
    codes = [row.code for row in made.people]
    ranked = clerk.post(page, **values(made, "80", "91.5", "80", action="rank"))
    assert ranked.status_code == 200
    assert [shown(ranked.text, "rank", code) for code in codes] == ["2", "1", "2"]
    assert "尚未保存" in ranked.text
    assert sheet_of(made) is None
    ranks = {f"rank-{code}": rank for code, rank in zip(codes, "213", strict=True)}
    awarded = clerk.post(page, **values(made, "80", "91.5", "80", action="ratio", **ranks)).text
    assert [chosen(awarded, "award", code) for code in codes] == ["third_prize", "first_prize", ""]
    awards = {f"award-{codes[1]}": "first_prize", f"title_proposed-{codes[1]}": "y"}
    sent = clerk.post(page, **values(made, "80", "91.5", "80", action="submit", **ranks, **awards))
    assert (sent.status_code, sent.location) == (303, page)
    assert "由您登记或提交" in clerk.get(page).text
    assert clerk.post(page + "/confirm", page, decision="confirm").status_code == 409
    waiting = judge.get("/desk/outcome").text
    assert made.track.full_name in waiting
    done = judge.post(page + "/confirm", page, decision="confirm", version=str(sheet_of(made).version))  # type: ignore[union-attr]
    assert done.status_code == 303
    sheet = sheet_of(made)
    assert sheet is not None
    assert sheet.state is State.CONFIRMED
    winner = Client(context, account_of(made, 1))
    own = winner.get(f"/registration/{codes[1]}").text
    assert "成绩 91.50 · 第 1 名 · 一等奖" in own
    drafted = clerk.post(page + "/notice", page)
    assert drafted.status_code == 303
    notice = clerk.get(drafted.location).text
    assert made.people[1].person.name in notice
    assert "一等奖" in notice


def account_of(made: Contest, index: int) -> Account | None:
    return listing.account_of(made.people[index].person_id)


def test_before_it_is_confirmed_nobody_sees_their_own(context: Flask, made: Contest) -> None:
    made.submitted(scored("91.5", 1), scored("80", 2), scored("70", 3))
    own = Client(context, account_of(made, 0)).get(f"/registration/{made.people[0].code}").text
    assert "91.50" not in own


def test_a_wrong_row_loses_no_other(context: Flask, made: Contest) -> None:
    refused = Client(context, made.clerk).post(
        page_of(made), **values(made, "80", "八十", "70.555", **{f"remark-{made.people[0].code}": "迟到"})
    )
    assert refused.status_code == 422
    codes = [row.code for row in made.people]
    assert [shown(refused.text, "score", code) for code in codes] == ["80", "八十", "70.555"]
    assert shown(refused.text, "remark", codes[0]) == "迟到"
    assert f"第 2 行 {made.people[1].person.name}：得分应是数" in refused.text
    assert sheet_of(made) is None


def test_a_stale_page_shows_both(context: Flask, made: Contest) -> None:
    page, first, second = page_of(made), Client(context, made.clerk), Client(context, made.second)
    assert first.post(page, **values(made, "80", "81", "82")).status_code == 303
    late = second.post(page, **values(made, "10", "81", "82"))
    assert late.status_code == 409
    assert shown(late.text, "score", made.people[0].code) == "10"
    assert "现在保存的是：成绩 80.00" in late.text
    assert late.text.count("现在保存的是") == 1
    version = re.search('name="version"[^>]*value="([0-9]+)"', late.text)
    assert version is not None
    again = second.post(page, **values(made, "10", "81", "82", version=version[1]))
    assert again.status_code == 303
    assert {line.score for line in db.session.query(Line)} == {10, 81, 82}


def test_a_column_from_a_spreadsheet_fills_all_or_nothing(context: Flask, made: Contest) -> None:
    page, clerk = page_of(made), Client(context, made.clerk)
    codes = [row.code for row in made.people]
    names = [row.person.name for row in made.people]
    good = clerk.post(
        page,
        **values(
            made, "", "", "", action="paste", paste=f"{names[2]}\t70\n{names[0]}\t88.5\n{names[1]} 缺赛"
        ),
    )
    assert good.status_code == 200
    assert [shown(good.text, "score", code) for code in codes] == ["88.50", "", "70.00"]
    assert chosen(good.text, "verdict", codes[1]) == "absent"
    bad = clerk.post(page, **values(made, "1", "2", "3", action="paste", paste="70\n八\n90"))
    assert bad.status_code == 422
    assert "第 2 行" in bad.text
    assert [shown(bad.text, "score", code) for code in codes] == ["1", "2", "3"]
    assert "70\n八\n90" in bad.text


def test_fixed_numbers_of_awards(context: Flask, made: Contest) -> None:
    ranks = {f"rank-{row.code}": str(number) for number, row in enumerate(made.people, start=1)}
    clerk = Client(context, made.clerk)
    given = clerk.post(
        page_of(made), **values(made, "90", "80", "70", action="counts", first="1", second="1", **ranks)
    ).text
    codes = [row.code for row in made.people]
    assert [chosen(given, "award", code) for code in codes] == ["first_prize", "second_prize", ""]
    none = clerk.post(page_of(made), **values(made, "90", "80", "70", action="counts", **ranks))
    assert none.status_code == 422


def test_a_class_fills_its_hours_at_once(context: Flask, clock: Hand) -> None:
    made = contest(2, Kind.TRAINING_CLASS)
    clock.set(made.over)
    said = {f"verdict-{made.people[0].code}": "completed", f"verdict-{made.people[1].code}": "failed"}
    clerk = Client(context, made.clerk)
    filled = clerk.post(page_of(made), action="hours", all_hours="32", version="0", **said).text
    assert shown(filled, "hours", made.people[0].code) == "32"
    assert shown(filled, "hours", made.people[1].code) == ""


def test_a_correction_is_asked_and_decided(context: Flask, made: Contest) -> None:
    made.confirmed(scored("91.5", 1, award=Award.FIRST_PRIZE), scored("80", 2), scored("70", 3))
    line = made.line().code
    clerk, judge = Client(context, made.clerk), Client(context, made.judge)
    door = f"/desk/outcome/line/{line}/correct"
    empty = clerk.post(door, verdict="competed", points="91.5", rank="1", award="second_prize")
    assert empty.status_code == 422
    same = clerk.post(door, verdict="competed", points="91.5", rank="1", award="first_prize", reason="复核")
    assert same.status_code == 409
    asked = clerk.post(door, verdict="competed", points="85", rank="1", award="second_prize", reason="复核")
    assert asked.status_code == 303
    place = asked.location
    assert "等待另一位人员决定" in clerk.get(place).text
    assert clerk.post(place, decision="accept").status_code == 409
    assert judge.post(place, decision="refuse").status_code == 409
    page = judge.get(place).text
    assert "成绩 91.50 · 第 1 名 · 一等奖" in page
    assert "成绩 85.00 · 第 1 名 · 二等奖" in page
    assert judge.post(place, decision="accept").status_code == 303
    assert db.session.query(Correction).one().is_accepted
    assert made.line().award is Award.SECOND_PRIZE


def test_who_only_confirms_does_not_enter_and_strangers_find_nothing(context: Flask, made: Contest) -> None:
    other = contest(1)
    judge, stranger = Client(context, made.judge), Client(context, other.clerk)
    page = page_of(made)
    assert "结果还在登记" in judge.get(page).text
    assert judge.post(page, **values(made, "1", "2", "3")).status_code == 403
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, page_of(other), **values(made, "1", "2", "3")).status_code == 404
    assert stranger.post(page + "/confirm", page_of(other), decision="confirm").status_code == 404


def test_many_rows_ask_the_database_no_more_often_than_few(context: Flask, clock: Hand) -> None:
    def asked(count: int) -> int:
        made = contest(count, Kind.TRAINING_CLASS)
        clock.set(made.over)
        made.entered(made.entries(*[completed()] * count), made.clerk)
        page, browser = page_of(made), Client(context, made.clerk)
        statements: list[int] = []

        def note(*_arguments: object) -> None:
            statements.append(1)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert browser.get(page).status_code == 200
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    assert asked(60) <= asked(4)
