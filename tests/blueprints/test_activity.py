import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from models.activity import Activity, Division, Industry, Kind, Series
from models.base import db
from models.person import Category
from services import activity as activities
from services.activity import Query
from services.transaction import transaction
from tests.support.application import Hand
from tests.support.staff import NOW, START, Staff, ask, staff
from tests.support.statements import statements


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = ask(client, "GET", path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def titles(query: Query) -> list[str]:
    return [each.title for each in activities.search(query, now=NOW).items]


def test_an_empty_list_says_what_will_appear(house: Staff, client: FlaskClient) -> None:
    assert house.unit
    assert "近期活动发布后会出现在这里" in read(client, "/")
    assert "没有符合条件的活动" in read(
        client, "/?q=无&kind=forum&industry=x&month=2026-13&page=zz&audience=%01"
    )


def test_text_from_people_stays_text(house: Staff, client: FlaskClient) -> None:
    made = house.published(
        title="<b>甲</b> A&B<C \"'", summary="<script>x</script>", description="- <i>一</i>"
    )
    for path in ("/", f"/activity/{made.code}"):
        page = read(client, path)
        assert "<b>甲" not in page
        assert "<script>x" not in page
        assert "&lt;b&gt;甲&lt;/b&gt; A&amp;B&lt;C" in page
    plain = ask(client, "GET", f"/activity/{made.code}/text")
    assert plain.content_type == "text/plain; charset=utf-8"
    assert "<b>甲</b> A&B<C" in plain.get_data(as_text=True)


def test_the_list_takes_few_statements_however_long(house: Staff, client: FlaskClient) -> None:
    for number in range(3):
        house.published(title=f"讲座{number}", tracks=2)
    app_cache = client.application.extensions["page_cache"]
    read(client, "/")
    app_cache.clear()
    with statements() as few:
        read(client, "/")
    for number in range(12):
        house.published(title=f"论坛{number}", kind=Kind.FORUM, tracks=3)
    app_cache.clear()
    with statements() as many:
        page = read(client, "/")
    assert page.count('class="entry sheet"') == 15
    assert len(many) == len(few)
    assert len(many) <= 14, many


def test_one_page_of_an_activity_takes_few_statements(house: Staff, client: FlaskClient) -> None:
    small, large = house.published(title="小", tracks=1), house.published(title="大", tracks=12)
    cache = client.application.extensions["page_cache"]
    read(client, f"/activity/{small.code}")
    cache.clear()
    with statements() as few:
        read(client, f"/activity/{small.code}")
    with statements() as many:
        read(client, f"/activity/{large.code}")
    assert len(many) == len(few) <= 9, many


def test_no_more_than_twenty_a_page(house: Staff) -> None:
    for number in range(23):
        house.published(title=f"讲座{number:02}")
    first, second = activities.search(Query(), now=NOW), activities.search(Query(page=2), now=NOW)
    assert (len(first.items), len(second.items), first.total, first.pages) == (20, 3, 23, 2)
    assert activities.search(Query(page=99), now=NOW).page == 2
    assert not {each.id for each in first.items} & {each.id for each in second.items}


def test_what_the_list_is_narrowed_by(house: Staff) -> None:
    later = START + dt.timedelta(days=40)
    house.published(title="甲讲座", industry=Industry.DIGITAL, audience=(Category.EXPERT,))
    house.published(title="乙论坛", kind=Kind.FORUM, starts_at=later, ends_at=later + dt.timedelta(hours=3))
    house.drafted(title="丙草稿")
    assert titles(Query()) == ["甲讲座", "乙论坛"]
    assert titles(Query(kind=Kind.FORUM)) == ["乙论坛"]
    assert titles(Query(industry=Industry.DIGITAL)) == ["甲讲座"]
    assert titles(Query(audience=Category.EXPERT)) == ["甲讲座", "乙论坛"]
    assert titles(Query(audience=Category.PUPIL)) == ["乙论坛"]
    assert titles(Query(month="2027-01")) == ["乙论坛"]
    assert titles(Query(month="2026-12")) == ["甲讲座"]
    assert titles(Query(town="中山路街道")) == ["甲讲座", "乙论坛"]
    assert titles(Query(town="朱沱镇")) == []
    assert titles(Query(venue=house.venue.code)) == ["甲讲座", "乙论坛"]
    assert titles(Query(when="past")) == []
    after = START + dt.timedelta(days=1)
    assert [a.title for a in activities.search(Query(when="past"), now=after).items] == ["甲讲座"]


def test_words_are_looked_for_as_they_stand(house: Staff) -> None:
    house.published(title="折扣100%不打折", tracks=1)
    house.published(title="下划_线")
    house.published(title="Robot 大赛")
    assert titles(Query(text="100%")) == ["折扣100%不打折"]
    assert titles(Query(text="%")) == ["折扣100%不打折"]
    assert titles(Query(text="_")) == ["下划_线"]
    assert titles(Query(text="robot 大赛")) == ["Robot 大赛"]
    assert len(titles(Query(text="公共实训"))) == 3
    assert titles(Query(text="\\")) == []
    assert titles(Query(text="'; --")) == []


def test_months_hold_what_begins_at_their_edges_in_yongchuan(house: Staff) -> None:
    edge = dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)
    house.published(title="元旦零点", starts_at=edge, ends_at=edge + dt.timedelta(hours=3))
    assert titles(Query(month="2027-01")) == ["元旦零点"]
    assert titles(Query(month="2026-12")) == []


def competition(house: Staff, contests: int = 4) -> Activity:
    who = house.stamp(house.organiser)
    made = house.drafted(
        title="永川区第三届职业技能大赛", kind=Kind.COMPETITION, series=Series.DISTRICT, tracks=0
    )
    with transaction():
        for number in range(contests):
            for division, name in ((Division.EMPLOYEE, "职工组"), (Division.STUDENT, "学生组")):
                entry = house.track(name=f"赛项{number} · {name}", division=division, capacity=10)
                activities.add_track(made, entry, stamp=who)
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=who)
    with transaction():
        activities.approve(made, by=house.by(house.approver), stamp=house.stamp(house.approver))
    with transaction():
        activities.publish(made, stamp=who)
    return made


def test_a_competition_is_one_card_and_one_page_with_its_divisions(house: Staff, client: FlaskClient) -> None:
    made = competition(house)
    page = read(client, "/")
    assert page.count('class="entry sheet"') == 1
    assert "4 个赛项" in page
    assert "职工组、学生组" in page
    assert "剩 80" in page
    page = read(client, f"/activity/{made.code}")
    assert page.count("/register/") == 8
    only = read(client, f"/activity/{made.code}?division=student")
    assert only.count("/register/") == 4
    assert "赛项0 · 学生组" in only


def test_full_closed_and_not_yet_open_are_said(house: Staff, client: FlaskClient, clock: Hand) -> None:
    made = house.published()
    track = made.tracks[0]
    assert "11月" in read(client, "/") or "12月" in read(client, "/")
    with transaction():
        track.taken, track.waiting = track.capacity, 14
    page = read(client, f"/activity/{made.code}")
    assert "已满 · 候补 14 人" in page
    assert "加入候补" in page
    clock.set(track.closes_at)
    assert "加入候补" in read(client, f"/activity/{made.code}")
    clock.set(track.closes_at + dt.timedelta(seconds=1))
    client.application.extensions["page_cache"].clear()
    page = read(client, f"/activity/{made.code}")
    assert "报名已截止" in page
    assert "/register/" not in page
    clock.set(START + dt.timedelta(hours=1))
    assert "进行中" in read(client, f"/activity/{made.code}")
    clock.set(START + dt.timedelta(days=1))
    assert "已结束" in read(client, f"/activity/{made.code}")


def test_what_is_not_public_is_not_there(house: Staff, client: FlaskClient) -> None:
    made = house.drafted(title="机密草稿")
    for path in ("", "/text", ".ics"):
        assert "机密草稿" not in read(client, f"/activity/{made.code}{path}", 404)
    assert "机密草稿" not in read(client, "/activity/calendar.ics")
    with transaction():
        activities.cancel(made, "不办了", stamp=house.stamp(house.organiser))
    read(client, f"/activity/{made.code}", 404)


def test_the_calendar_is_read_back(house: Staff, client: FlaskClient) -> None:
    made = house.published(title="甲，乙；丙 \\ <b>A&B</b>")
    with transaction():
        made.tracks[0].name = "x"
        db.session.execute(sa.update(Activity).values(summary="行一\r\nBEGIN:VEVENT\r\nSUMMARY:假"))
    answer = ask(client, "GET", f"/activity/{made.code}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    body = answer.get_data()
    assert b"\r\n" in body
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len(events) == 1
    event = events[0]
    assert str(event["summary"]) == "甲，乙；丙 \\ <b>A&B</b> · 讲座"
    assert event.decoded("dtstart") == START
    assert event.decoded("dtend") == START + dt.timedelta(hours=2)
    assert "智能制造实训中心" in str(event["location"])
    assert str(event["url"]).endswith(f"/activity/{made.code}")
    again = ask(
        client, "GET", f"/activity/{made.code}.ics", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_feed_follows_the_filters_and_marks_what_is_cancelled(house: Staff, client: FlaskClient) -> None:
    house.published(title="论坛", kind=Kind.FORUM)
    gone = house.published(title="工匠课堂")
    with transaction():
        activities.cancel(gone, "雨", stamp=house.stamp(house.organiser))
    events = Calendar.from_ical(ask(client, "GET", "/activity/calendar.ics?kind=lecture").get_data()).walk(
        "VEVENT"
    )
    assert [(str(each["status"]), str(each["summary"])) for each in events] == [
        ("CANCELLED", "（已取消）工匠课堂 · 讲座")
    ]


def test_a_cached_page_changes_with_what_it_shows(house: Staff, client: FlaskClient) -> None:
    made = house.published()
    path = f"/activity/{made.code}"
    first = ask(client, "GET", path)
    kept = ask(client, "GET", path, headers={"If-None-Match": first.headers["ETag"]})
    assert kept.status_code == 304
    with transaction():
        activities.cancel(made, "停电检修", stamp=house.stamp(house.organiser))
    assert "停电检修" in read(client, path)
