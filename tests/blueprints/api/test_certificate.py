"""One's own certificates for programs."""

from flask import Flask

from services import certificate as certificates
from services.transaction import transaction
from tests.support import factories as make
from tests.support import honours
from tests.support.program import Program


def test_a_program_sees_its_persons_certificates_and_no_others(context: Flask) -> None:
    with transaction():
        activity = honours.contest()
        officer, holder, other = honours.officer(activity), make.account(make.person()), make.person()
    assert holder.person is not None
    people = (holder.person, holder.person, other)
    rows = honours.issued([honours.order(activity, person) for person in people], officer)
    with transaction():
        certificates.fall(rows[1].subject, "更正", stamp=make.stamp())
    items = Program(context, holder).get("/me/certificates").get_json()["items"]
    assert [(item["number"], item["state"]) for item in items] == [
        (rows[1].number, "revoked"),
        (rows[0].number, "issued"),
    ]
    assert items[0]["check_url"] is None
    assert items[1]["check_url"].endswith(f"/v/{rows[0].token}")
    assert items[1]["name"] == holder.person.name
    assert items[1]["award"] == "一等奖"
    assert Program(context).get("/me/certificates").status_code == 401
