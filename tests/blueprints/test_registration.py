"""The review desk's doors: the full number (a yes, a no, and too often), comments by
field, many at once, and who sees what."""

import re

from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Role, ScopeKind
from models.base import db
from models.person import Category
from models.registration import Registration, Source, State
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.staff import ask, hidden, sign_in


def test_the_full_number_is_shown_for_a_reason_and_at_most_twenty_times_an_hour(
    client: FlaskClient, context: Flask
) -> None:
    with transaction():
        reviewer = make.account(make.person())
        make.grant(reviewer, Role.REVIEWER)
        row = registrations.register(
            make.track(), make.person(), Entry(Category.OTHER), by=None, stamp=make.stamp()
        )
        code, document = row.code, row.person.document
        assert document is not None
        number = document.number
    sign_in(client, reviewer, make.now())
    page, door = f"/desk/registrations/{code}", f"/desk/registrations/{code}/unmask"
    seen = ask(client, "GET", page).text
    assert number not in seen
    assert "<details" in seen
    assert not OPEN_FOLD.search(seen)
    no = ask(client, "POST", door, hidden(seen) | {"reason": ""})
    assert (no.status_code, bool(OPEN_FOLD.search(no.text))) == (422, True)
    for _ in range(20):
        shown = ask(client, "POST", door, hidden(ask(client, "GET", page).text) | {"reason": "核对证件"})
        assert (shown.status_code, number in shown.text) == (200, True)
    often = ask(client, "POST", door, hidden(ask(client, "GET", page).text) | {"reason": "核对证件"})
    assert (often.status_code, number in often.text) == (429, False)
    assert int(often.headers["Retry-After"]) > 0


OPEN_FOLD = re.compile(r"<details[^>]* open[ >]")
TICK = re.compile(r'name="entries" value="([^"]+)"')
BULK = "/desk/registrations/bulk"


def test_several_are_shown_before_and_decided_on_together(client: FlaskClient, context: Flask) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    ticks = TICK.findall(ask(client, "GET", "/desk/registrations").text)
    assert len(ticks) == 3
    shown = ask(client, "GET", f"{BULK}?decision=accept&entries={ticks[0]}&entries={ticks[1]}").text
    assert "将处理 2 份" in shown
    assert {state_of(row) for row in rows} == {State.SUBMITTED}, "a page that is read changes nothing"
    done = ask(client, "POST", BULK, hidden(shown) | {"decision": "accept", "entries": ticks[:2]})
    assert done.status_code == 303
    assert sorted(state_of(row) for row in rows) == [State.ACCEPTED, State.ACCEPTED, State.SUBMITTED]
    page = ask(client, "GET", done.location).text
    assert "整体撤回" in page
    back = ask(client, "POST", f"{done.location}/undo", hidden(page))
    assert (back.status_code, back.location) == (303, done.location)
    assert {state_of(row) for row in rows} == {State.SUBMITTED}


def test_a_no_on_many_needs_words(client: FlaskClient, context: Flask) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    ticks = TICK.findall(ask(client, "GET", "/desk/registrations").text)
    shown = ask(client, "GET", f"{BULK}?decision=reject&entries={ticks[0]}").text
    no = ask(client, "POST", BULK, hidden(shown) | {"decision": "reject", "entries": ticks[:1]})
    assert (no.status_code, "请写明原因" in no.text) == (422, True)
    assert {state_of(row) for row in rows} == {State.SUBMITTED}
    yes = ask(
        client, "POST", BULK, hidden(no.text) | {"decision": "reject", "entries": ticks[:1], "note": "不符"}
    )
    assert yes.status_code == 303


def test_nothing_ticked_is_said(client: FlaskClient, context: Flask) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    for entries in ("", "nonsense", "0123456789abcdef:x"):
        led = ask(client, "GET", f"{BULK}?decision=accept&entries={entries}")
        assert led.location == "/desk/registrations"
        listed = ask(client, "GET", "/desk/registrations").text
        assert "请先勾选" in listed
    page = ask(client, "GET", f"{BULK}?decision=accept&entries={rows[0].code}:1").text
    no = ask(client, "POST", BULK, hidden(page) | {"decision": "accept", "entries": []})
    assert no.status_code == 422
    assert {state_of(row) for row in rows} == {State.SUBMITTED}


def test_what_changed_since_the_list_was_shown_is_left_out_and_named(
    client: FlaskClient, context: Flask
) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    ticks = TICK.findall(ask(client, "GET", "/desk/registrations").text)
    shown = ask(
        client, "GET", f"{BULK}?decision=accept&" + "&".join(f"entries={tick}" for tick in ticks)
    ).text
    with transaction():
        registrations.amend(rows[1], Entry(Category.CITIZEN), stamp=make.stamp())
        name = rows[1].person.name
    no = ask(client, "POST", BULK, hidden(shown) | {"decision": "accept", "entries": ticks})
    assert no.status_code == 409
    summary = no.text.split("error-summary", 1)[1].split("</div>", 1)[0]
    assert (name in summary, rows[0].person.name in summary) == (True, False)
    assert len(TICK.findall(no.text)) == 2, "the changed one is to be looked at first"
    assert {state_of(row) for row in rows} == {State.SUBMITTED}


def test_comments_by_field_reach_the_applicant_and_only_what_was_mended_comes_back(
    client: FlaskClient, context: Flask
) -> None:
    reviewer, rows = three_wait()
    with transaction():
        own = make.account(rows[0].person)
    code, phrase = rows[0].code, "请填写具体岗位"
    sign_in(client, reviewer, make.now())
    page = ask(client, "GET", f"/desk/registrations/{code}").text
    said = {"decision": "send_back", "phrase_post": phrase, "comment_workplace": "请写全称"}
    assert ask(client, "POST", f"/desk/registrations/{code}", hidden(page) | said).status_code == 303
    other = client.application.test_client()
    sign_in(other, own, make.now())
    mine = ask(other, "GET", f"/registration/{code}").text
    assert (phrase in mine, "请写全称" in mine) == (True, True)
    edit = ask(other, "GET", f"/registration/{code}/edit").text
    assert "请写全称" in edit
    mended = {"category": "other", "workplace": "示例精密机械有限公司", "promise": "y"}
    assert ask(other, "POST", f"/registration/{code}/edit", hidden(edit) | mended).status_code == 303
    again = ask(client, "GET", f"/desk/registrations/{code}").text
    changed = again.split('class="mended"', 1)[1].split("</dl>", 1)[0]
    assert ("示例精密机械有限公司" in changed, changed.count("<dt>")) == (True, 1)
    assert phrase in again, "what was not mended is still asked"
    listed = ask(client, "GET", "/desk/registrations?mended=1").text
    assert (rows[0].person.name in listed, rows[1].person.name in listed) == (True, False)


def test_a_reviewer_of_one_track_or_unit_sees_no_others(client: FlaskClient, context: Flask) -> None:
    _reviewer, rows = three_wait()
    with transaction():
        activity = rows[0].activity
        unit, track = make.organisation(), make.track(activity)
        theirs = registrations.register(track, make.person(), Entry(), by=None, stamp=make.stamp())
        of_unit = registrations.register(
            make.track(),
            make.person(),
            Entry(),
            by=None,
            source=Source.UNIT,
            organisation=unit,
            stamp=make.stamp(),
        )
        for_track, for_unit = make.account(make.person()), make.account(make.person())
        make.grant(for_track, Role.REVIEWER, ScopeKind.TRACK, track.code)
        make.grant(for_unit, Role.REVIEWER, ScopeKind.UNIT, unit.code)
        seen = {for_track.id: theirs.code, for_unit.id: of_unit.code}
        codes = {theirs.code, of_unit.code, *(row.code for row in rows)}
    for account in (for_track, for_unit):
        mine = client.application.test_client()
        sign_in(mine, account, make.now())
        ticks = TICK.findall(ask(mine, "GET", "/desk/registrations").text)
        assert [tick.partition(":")[0] for tick in ticks] == [seen[account.id]]
        for code in codes:
            answer = ask(mine, "GET", f"/desk/registrations/{code}")
            assert answer.status_code == (200 if code == seen[account.id] else 404)
        foreign = f"{rows[0].code}:1"
        page = ask(mine, "GET", f"{BULK}?decision=send_back&entries={ticks[0]}&entries={foreign}").text
        assert TICK.findall(page) == ticks
        no = ask(
            mine,
            "POST",
            BULK,
            hidden(page) | {"decision": "send_back", "note": "请补正", "entries": [ticks[0], foreign]},
        )
        assert no.status_code == 404


def three_wait() -> tuple[Account, list[Registration]]:
    with transaction():
        reviewer, track = make.account(make.person()), make.track()
        make.grant(reviewer, Role.REVIEWER)
        return reviewer, [
            registrations.register(track, make.person(), Entry(Category.OTHER), by=None, stamp=make.stamp())
            for _ in range(3)
        ]


def state_of(row: Registration) -> State:
    db.session.refresh(row)
    return row.state


def test_an_organiser_ends_an_entry_with_a_reason_after_seeing_what_follows(
    client: FlaskClient, context: Flask
) -> None:
    with transaction():
        track = make.track(capacity=1)
        first, second = (
            registrations.register(track, make.person(), Entry(), by=None, stamp=make.stamp())
            for _ in range(2)
        )
        organiser, reviewer = make.account(make.person()), make.account(make.person())
        make.grant(organiser, Role.ORGANISER, ScopeKind.ACTIVITY, track.activity.code)
        make.grant(reviewer, Role.REVIEWER, ScopeKind.ACTIVITY, track.activity.code)
        name = second.person.name
    door = f"/desk/registrations/{first.code}/end"
    sign_in(client, reviewer, make.now())
    assert ask(client, "GET", door).status_code == 403
    mine = client.application.test_client()
    sign_in(mine, organiser, make.now())
    page = ask(mine, "GET", door).text
    assert name in page, "who gets the place"
    assert ask(mine, "POST", door, hidden(page) | {"instead": "", "note": ""}).status_code == 422
    done = ask(mine, "POST", door, hidden(ask(mine, "GET", door).text) | {"instead": "", "note": "受伤"})
    assert done.status_code == 303
    assert (state_of(first), state_of(second)) == (State.WITHDRAWN, State.OFFERED)
