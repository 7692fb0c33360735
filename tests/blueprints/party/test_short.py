"""缺员: who leaves a team is told what it costs, who speaks for it hears of it, and the organiser sees it."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Role, ScopeKind
from models.base import db
from models.notification import Channel, Message
from models.party import Party
from models.party import Role as Part
from models.registration import Registration
from services import party as parties
from services import registration as registrations
from services.transaction import transaction
from tests.services.party.test_team import join, sent, somebody, team_track
from tests.services.party.test_team import made as gathering
from tests.support import factories as make
from tests.support.staff import ask, hidden, sign_in


def told(who: Account) -> int:
    wanted = sa.select(sa.func.count()).select_from(Message).where(Message.account_id == who.id)
    return (
        db.session.scalar(wanted.where(Message.kind == "party.short", Message.channel == Channel.INBOX)) or 0
    )


def team(least: int = 2) -> tuple[Party, Account, Account, Registration]:
    with transaction():
        second = somebody()
        party, captain = sent(team_track(team_least=least), second)
        row = next(row for row in parties.entries(party) if row.person_id == second.person_id)
    return party, captain, second, row


def test_who_leaves_reads_it_before_the_button_and_the_captain_hears_of_it(
    client: FlaskClient, context: Flask
) -> None:
    party, captain, second, row = team()
    with transaction():
        party.organisation = make.organisation()
        manager = make.account(make.person())
        make.grant(manager, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, party.organisation.code)
    sign_in(client, second, make.now())
    page = ask(client, "GET", f"/registration/{row.code}/withdraw")
    assert "只剩 1 名正式队员，少于规定的 2 人" in page.text
    assert ask(client, "POST", f"/registration/{row.code}/withdraw", hidden(page.text)).status_code == 303
    db.session.expire_all()
    assert (told(captain), told(manager), told(second)) == (1, 1, 0)
    sign_in(client, captain, make.now())
    assert "缺员" in ask(client, "GET", f"/party/{party.code}").text
    sign_in(client, manager, make.now())
    assert party.organisation is not None
    assert "缺员" in ask(client, "GET", f"/organisation/{party.organisation.code}/entries").text


def test_the_organiser_sees_it_in_the_list_on_the_entry_and_before_ending_one(
    client: FlaskClient, context: Flask
) -> None:
    party, _captain, _second, row = team()
    with transaction():
        organiser = make.account(make.person())
        make.grant(organiser, Role.ORGANISER)
    sign_in(client, organiser, make.now())
    kept = next(each for each in parties.entries(party) if each is not row)
    assert "缺员" not in ask(client, "GET", "/desk/registrations").text
    assert "只剩 1 名正式队员" in ask(client, "GET", f"/desk/registrations/{row.code}/end").text
    with transaction():
        registrations.reject(row, "不符合条件", by=organiser, stamp=make.stamp(organiser))
    assert "缺员" in ask(client, "GET", "/desk/registrations").text
    assert "缺员" in ask(client, "GET", f"/desk/registrations/{kept.code}").text


def test_nobody_is_told_where_enough_are_left_or_all_went(context: Flask) -> None:
    party, captain, _second, row = team(least=1)
    assert registrations.would_lack(row) is None
    with transaction():
        registrations.withdraw(row, stamp=make.stamp())
    assert told(captain) == 0
    whole, other, _third, one = team()
    assert registrations.would_lack(one) is not None
    with transaction():
        parties.withdraw_all(whole, "", stamp=make.stamp())
    assert told(other) == 0
    assert registrations.lacking([party.id, whole.id]) == {}


def test_a_substitute_may_go(context: Flask) -> None:
    with transaction():
        captain, second, aside = somebody(), somebody(), somebody()
        party = gathering(team_track(), captain)
        join(party, second)
        join(party, aside, Part.SUBSTITUTE)
        parties.send(party, by=captain, stamp=make.stamp(captain))
        row = next(row for row in parties.entries(party) if row.person_id == aside.person_id)
        assert registrations.would_lack(row) is None
        registrations.withdraw(row, stamp=make.stamp(aside))
    assert told(captain) == 0
