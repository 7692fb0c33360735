"""我的报名: what is due first, and what stands in the history of an entry."""

import datetime as dt

from flask import Flask

from models.registration import Registration, State, Step
from services.transaction import transaction
from tests.support import factories
from tests.support.doors import Client


def test_only_the_first_thing_that_is_due_is_the_main_action(context: Flask) -> None:
    with transaction():
        person = factories.person()
        account = factories.account(person)
        for _each in range(2):
            row = factories.accepted(factories.track(), person)
            row.state, row.due_at = State.RETURNED, factories.now() + dt.timedelta(days=1)
    page = Client(context, account).get("/me/registrations").get_data(as_text=True)
    assert page.count("补正并重新提交</a>") == 2
    assert page.count('class="btn btn-primary"') == 1


def test_of_offers_that_passed_by_the_latest_stands_and_the_others_are_folded(context: Flask) -> None:
    with transaction():
        person = factories.person()
        account = factories.account(person)
        row: Registration = factories.accepted(factories.track(), person)
        row.state, row.queue_position = State.WAITLISTED, 1
        for note in ("", "第一次", "第二次", "第三次"):
            row.steps.append(Step(state=State.WAITLISTED, at=factories.now(), note=note))
    page = Client(context, account).get(f"/registration/{row.code}").get_data(as_text=True)
    said, _fold, folded = page.partition("此前 2 次未能轮到的原因")
    assert "第三次" in said
    assert "第一次" not in said
    assert "第二次" not in said
    assert "第一次" in folded
    assert "第二次" in folded
