"""The roster that a phone keeps, and what it sends when the network is back: each scan once, whatever happens."""

import datetime as dt
import hashlib
import json
from collections import Counter
from itertools import chain
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from models.account import Account
from models.activity import Session
from models.attendance import Attendance
from models.base import CODE_ALPHABET, db
from models.registration import PASS_LENGTH, Registration, State
from services import attendance as attendances
from services.attendance import BadRoster, RosterOver, field
from services.attendance.refusals import OtherDoorsRoster
from services.transaction import transaction
from tests.services.attendance.conftest import HOUR, Hall
from tests.support import factories as make
from tests.support.crowd import Crowd, in_threads

MINUTE = dt.timedelta(minutes=1)


def ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def scan(entry: Registration, at: dt.datetime, key: str = "", **more: object) -> dict[str, Any]:
    return {
        "key": key or hashlib.sha256(f"{entry.code}{at}".encode()).hexdigest()[:32],
        "pass": entry.pass_code,
        "at": ms(at),
        "way": "camera",
        "direction": "in",
        **more,
    }


def given(hall: Hall, now: dt.datetime | None = None, point: Any = None) -> dict[str, Any]:
    now = now or hall.whole.starts_at
    made = field.roster(hall.activity, hall.whole, point, by=hall.helper, now=now)
    return field.read_head(made["head"], made["signature"])


def send(hall: Hall, head: dict[str, Any], scans: list[Any], when: dt.datetime) -> list[field.Taken]:
    with transaction():
        return field.take_in(
            hall.activity, hall.whole, head, scans, by=hall.helper, stamp=make.stamp(hall.helper, when)
        )


def stored() -> int:
    return db.session.scalar(sa.select(sa.func.count(Attendance.id))) or 0


def test_the_roster_knows_passes_by_hash_and_people_by_a_masked_name(hall: Hall) -> None:
    with transaction():
        hall.entries[0].person.name = "欧阳示例"
        hall.entries[1].state = State.WITHDRAWN
    hall.check_in(hall.entries[2])
    made = field.roster(hall.activity, hall.second, None, by=hall.helper, now=hall.whole.starts_at)
    head, lines = json.loads(made["head"]), json.loads(made["lines"])
    assert hashlib.sha256(made["lines"].encode()).hexdigest() == head["digest"]
    by_hash = {line[0]: line for line in lines}
    own = by_hash[field.pass_hash(head["salt"], hall.entries[0].pass_code)]
    assert own[1] == "欧**例"
    assert "不参加" in own[3], "another track's sitting"
    assert "已退出" in by_hash[field.pass_hash(head["salt"], hall.entries[1].pass_code)][3]
    for entry in hall.entries:
        for secret in (entry.pass_code, entry.person.phone, entry.person.document.number, entry.person.name):
            assert str(secret) not in made["lines"] or len(str(secret)) < 4
    of_whole = field.roster(hall.activity, hall.whole, None, by=hall.helper, now=hall.whole.starts_at)
    came = {line[4] for line in json.loads(of_whole["lines"])}
    assert len(came) == 2, "one came, and when"


def test_a_head_that_was_changed_is_refused(hall: Hall) -> None:
    made = field.roster(hall.activity, hall.whole, None, by=hall.helper, now=hall.whole.starts_at)
    head = json.loads(made["head"])
    for other in (head | {"issued": 0}, head | {"session": hall.second.code}):
        with pytest.raises(BadRoster):
            field.read_head(json.dumps(other, separators=(",", ":")), made["signature"])
    assert field.read_head(made["head"], made["signature"]) == head
    with pytest.raises(BadRoster), transaction():
        field.take_in(hall.activity, hall.second, head, [], by=hall.helper, stamp=make.stamp(hall.helper))


def test_scans_are_stored_once_with_the_time_of_the_phone(hall: Hall) -> None:
    start = hall.whole.starts_at
    head = given(hall, start)
    scans = [scan(entry, start + MINUTE) for entry in hall.entries[:2]]
    assert [each.tone for each in send(hall, head, scans, start + HOUR)] == ["open", "open"]
    assert [each.tone for each in send(hall, head, scans, start + 2 * HOUR)] == ["open", "open"]
    rows = attendances.arrivals(hall.entries)
    row = rows[hall.entries[0].id][0]
    assert (stored(), ms(row.happened_at), row.at) == (2, ms(start + MINUTE), start + HOUR)
    with transaction():
        attendances.undo(row, "误扫", by=hall.helper, stamp=make.stamp(hall.helper, start + 2 * HOUR))
    send(hall, head, scans, start + 3 * HOUR)
    assert not attendances.was_present(hall.entries[0]), "what was undone does not come back by itself"


def test_a_clock_that_is_wrong_is_brought_within_the_roster_and_now(hall: Hall) -> None:
    start = hall.whole.starts_at
    head = given(hall, start)
    send(
        hall,
        head,
        [scan(hall.entries[0], start - 3 * HOUR), scan(hall.entries[1], start + 5 * HOUR)],
        start + HOUR,
    )
    rows = attendances.arrivals(hall.entries)
    assert ms(rows[hall.entries[0].id][0].noted_at or start) == ms(start)
    assert rows[hall.entries[1].id][0].noted_at == start + HOUR


def test_conflicts_are_said_plainly_and_the_others_go_on(hall: Hall) -> None:
    start = hall.whole.starts_at
    with transaction():
        east = attendances.points.add(hall.activity, "东门", stamp=make.stamp())
        hall.helper.display_name = "李示例"
    head = given(hall, start, east)
    hall.check_in(hall.entries[0], when=start)
    with transaction():
        hall.entries[1].state = State.WITHDRAWN
    elsewhere = make.accepted(make.track())
    unknown = scan(hall.entries[3], start, key="u" * 20) | {"pass": "00000000"}
    taken = send(
        hall,
        head,
        [
            scan(hall.entries[0], start + MINUTE),
            scan(hall.entries[1], start + 2 * MINUTE),
            scan(elsewhere, start + 3 * MINUTE),
            scan(hall.entries[2], start + 4 * MINUTE),
            unknown,
        ],
        start + HOUR,
    )
    said = {each.key: each for each in taken}
    tones = Counter(each.tone for each in taken)
    assert tones == {"warn": 1, "full": 3, "open": 1}
    assert "李*例" in said[scan(hall.entries[0], start + MINUTE)["key"]].sentence
    assert "已退出" in said[scan(hall.entries[1], start + 2 * MINUTE)["key"]].sentence
    assert said[unknown["key"]].name == ""
    assert attendances.arrivals([hall.entries[2]])[hall.entries[2].id][0].point == east


def test_a_queue_is_taken_until_three_days_later(hall: Hall) -> None:
    start = hall.whole.starts_at
    head = given(hall, start)
    late = start + dt.timedelta(days=3)
    assert send(hall, head, [scan(hall.entries[0], start)], late)[0].tone == "open"
    with pytest.raises(RosterOver):
        send(hall, head, [scan(hall.entries[1], start)], start + dt.timedelta(days=5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "x"},
        {"key": 1},
        {"pass": None},
        {"at": "now"},
        {"at": -1},
        {"at": 2**60},
        {"way": "paper"},
        {"direction": "up"},
    ],
)
def test_what_is_no_scan_is_refused(hall: Hall, wrong: dict[str, Any]) -> None:
    start = hall.whole.starts_at
    with pytest.raises(BadRoster):
        send(hall, given(hall, start), [scan(hall.entries[0], start) | wrong], start + HOUR)
    assert stored() == 0


def test_leaving_without_a_network(hall: Hall) -> None:
    with transaction():
        hall.whole.takes_exit = True
    start = hall.whole.starts_at
    entry = hall.entries[0]
    both = [scan(entry, start + HOUR, direction="out"), scan(entry, start)]
    assert [each.tone for each in send(hall, given(hall, start), both, start + 2 * HOUR)] == ["open", "open"]
    assert str(attendances.hours([entry])[entry.code]) == "1.3"


# --- two tabs, one queue ------------------------------------------------------------------------------


def tab(session_id: int, helper_id: int, head: dict[str, Any], scans: list[Any]) -> list[str]:
    with transaction():
        session, helper = db.session.get_one(Session, session_id), db.session.get_one(Account, helper_id)
        taken = field.take_in(
            session.activity,
            session,
            head,
            scans,
            by=helper,
            stamp=make.stamp(helper, session.starts_at + HOUR),
        )
        return [each.tone for each in taken]


def tabs(*arguments: Any) -> list[str]:
    app = current_app._get_current_object()
    return list(chain.from_iterable(in_threads(app, 2, tab, *arguments)))


def test_a_queue_sent_by_many_tabs_at_once_is_stored_once(context: Flask, crowd: Crowd, hall: Hall) -> None:
    start = hall.whole.starts_at
    with transaction():
        entries = [make.accepted(hall.tracks[0]) for _ in range(15)]
    scans = [scan(entry, start + MINUTE) for entry in entries]
    said = list(
        chain.from_iterable(crowd.run(2, tabs, hall.whole.id, hall.helper.id, given(hall, start), scans))
    )
    assert Counter(said) == {"open": 4 * 15}, "every tab is told that its scans are stored"
    db.session.rollback()
    keys = db.session.scalars(sa.select(Attendance.device_key)).all()
    assert sorted(keys) == sorted(each["key"] for each in scans)  # type: ignore[type-var]


@pytest.mark.parametrize("more", [{"way": []}, {"way": {}}, {"direction": []}, {"direction": {"in": 1}}])
def test_a_scan_that_is_none_is_refused_in_words(hall: Hall, more: dict[str, Any]) -> None:
    start = hall.whole.starts_at
    with pytest.raises(BadRoster):
        send(hall, given(hall, start), [scan(hall.entries[0], start, **more)], start + HOUR)


def test_what_was_noted_after_the_roster_ended_is_a_conflict_with_its_reason(hall: Hall) -> None:
    start = hall.whole.starts_at
    head = given(hall, start)
    over = dt.datetime.fromtimestamp(head["expires"] / 1000, dt.UTC)
    late, early = scan(hall.entries[0], over + MINUTE), scan(hall.entries[1], start + MINUTE)
    said = {each.key: each for each in send(hall, head, [late, early], over + HOUR)}
    assert (said[late["key"]].tone, said[early["key"]].tone) == ("full", "open")
    assert "名单已过期" in said[late["key"]].sentence
    assert stored() == 1


def test_a_roster_of_another_door_is_not_uploaded_with_the_right_to_one(hall: Hall) -> None:
    start = hall.whole.starts_at
    with transaction():
        east, west = (
            attendances.points.add(hall.activity, name, stamp=make.stamp()) for name in ("东门", "西门")
        )

    def upload(point: Any, key: str) -> list[field.Taken]:
        with transaction():
            return field.take_in(
                hall.activity,
                hall.whole,
                given(hall, start, point),
                [scan(hall.entries[0], start + MINUTE, key=key * 20)],
                by=hall.helper,
                stamp=make.stamp(hall.helper, start + HOUR),
                doors=[west],
            )

    for point in (east, None):
        with pytest.raises(OtherDoorsRoster):
            upload(point, "a")
    assert stored() == 0
    assert [each.tone for each in upload(west, "b")] == ["open"]


def test_a_roster_does_not_give_its_passes_away_to_who_tries_all(hall: Hall) -> None:
    made = field.roster(hall.activity, hall.whole, None, by=hall.helper, now=hall.whole.starts_at)
    head, lines = json.loads(made["head"]), json.loads(made["lines"])
    assert {len(line[0]) for line in lines} == {head["signs"]}
    assert len({line[0] for line in lines}) == len(hall.entries)
    passes = len(CODE_ALPHABET) ** PASS_LENGTH
    assert passes / 16 ** head["signs"] > 1_000, "a thousand passes and more share the few signs of each"


def test_passes_that_would_be_taken_for_each_other_get_more_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field, "HASH", 1)
    codes = [f"{number:08d}" for number in range(40)]
    salt, signs = field._told_apart(codes)
    assert signs > 1
    assert len({field.pass_hash(salt, code, signs) for code in codes}) == 40
