"""The counters of certificates are 0 in health, and find what they are there to find."""

from collections.abc import Callable

import pytest

from models.base import db
from models.certificate import Certificate, State, Wish, new_token
from services import certificate as certificates
from services import invariants
from services.transaction import transaction
from tests.services.certificate.conftest import Hall
from tests.support import factories as make
from tests.support import honours
from tests.support.application import Hand


@pytest.fixture
def rows(hall: Hall) -> list[Certificate]:
    """One issued, one revoked, one reissued and its next version."""
    made = honours.issued([honours.order(hall.activity, name=f"张{n}") for n in range(3)], hall.officer)
    with transaction():
        certificates.fall(made[1].subject, "更正", stamp=make.stamp())
        asked = certificates.ask_change(made[2], Wish.REISSUE, "更名", by=hall.officer, stamp=make.stamp())
    with transaction():
        made.append(certificates.decide_change(asked, True, by=hall.other, stamp=make.stamp()))
    certificates.sign_due(stamp=make.stamp())
    return made


def wrong() -> set[str]:
    db.session.rollback()
    return {name for name, found in invariants.count().items() if found and name.startswith("certificates.")}


def test_all_is_well(rows: list[Certificate]) -> None:
    assert wrong() == set()


def _no_claim(rows: list[Certificate]) -> None:
    rows[0].claim = None


def _claim_of_the_dead(rows: list[Certificate]) -> None:
    rows[1].claim = rows[1].subject


def _other_words(rows: list[Certificate]) -> None:
    rows[0].facts = rows[0].facts.replace("张0", "张9")


def _other_token(rows: list[Certificate]) -> None:
    rows[0].token = new_token()


def _same_number(rows: list[Certificate]) -> None:
    rows[1].number = rows[2].number


def _torn_chain(rows: list[Certificate]) -> None:
    rows[3].replaces_id = None


def _living_twice(rows: list[Certificate]) -> None:
    rows[2].state = State.ISSUED


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (_no_claim, "certificates.claim_differs"),
        (_claim_of_the_dead, "certificates.claim_differs"),
        (_other_words, "certificates.unproven"),
        (_other_token, "certificates.unproven"),
        (_same_number, "certificates.number_shared"),
        (_torn_chain, "certificates.versions_broken"),
        (_living_twice, "certificates.versions_broken"),
    ],
)
def test_harm_is_found(
    rows: list[Certificate], harm: Callable[[list[Certificate]], None], found: str
) -> None:
    with transaction():
        harm(rows)
    assert found in wrong()


def test_what_is_not_signed_in_time_is_found(hall: Hall, clock: Hand) -> None:
    with transaction():
        certificates.issue([honours.order(hall.activity)], by=hall.officer, stamp=make.stamp())
    assert wrong() == set()
    clock.advance(minutes=5)
    assert wrong() == {"certificates.unsigned"}
