"""代填 on the pages: the queue of stamped paper, the decision, and what the person entered reads."""

from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from models.stamped_copy import StampedCopy, State
from services.transaction import transaction
from tests.services.stamped_copy.test_behalf import reviewer_of, typed_in
from tests.support import factories as make
from tests.support.staff import ask, hidden, sign_in


def test_a_scan_is_opened_sent_back_and_sent_again(client: FlaskClient, context: Flask) -> None:
    copy, entries, _typist = typed_in()
    with transaction():
        reviewer = reviewer_of(entries[0].activity)
    sign_in(client, reviewer, make.now())
    code, batch, entry = copy.code, entries[0].batch.code, entries[0].code
    assert f"/desk/stamped/{code}" in ask(client, "GET", "/desk/stamped").get_data(as_text=True)
    shown = ask(client, "GET", f"/desk/stamped/{code}").get_data(as_text=True)
    assert all(row.person.name in shown for row in entries)
    review = ask(client, "GET", f"/desk/registrations/{entry}").get_data(as_text=True)
    assert ("纸质名单由示例镇人民政府送交" in review, f"/stamped/{code}/picture" in review) == (True, True)
    decision = {"decision": "refuse", "note": "印章不清楚"}
    said = ask(client, "POST", f"/desk/stamped/{code}", hidden(shown) | decision)
    assert said.status_code == 303
    db.session.expire_all()
    assert db.session.query(StampedCopy).one().state is State.REFUSED
    assert "印章不清楚" in ask(client, "GET", f"/batch/{batch}/stamped").get_data(as_text=True)


def test_the_person_entered_reads_whose_paper_it_was(client: FlaskClient, context: Flask) -> None:
    _copy, entries, typist = typed_in()
    with transaction():
        own = make.account(entries[0].person)
    sign_in(client, own, make.now())
    shown = ask(client, "GET", f"/registration/{entries[0].code}").get_data(as_text=True)
    assert "纸质名单由示例镇人民政府送交" in shown
    assert typist.display_name in shown
