"""Rights: a role, in a scope."""

import datetime as dt

import pytest

from models.account import Role, ScopeKind
from services.access import (
    ANONYMOUS,
    DISTRICT,
    REPROOF,
    SECOND_FACTOR,
    STAFF,
    MustProve,
    Principal,
    Right,
    require,
    require_fresh_proof,
)
from services.errors import Missing

HERE = (ScopeKind.ORGANISATION, "here")
THERE = (ScopeKind.ORGANISATION, "there")
NOON = dt.datetime(2027, 3, 1, 4, 0, tzinfo=dt.UTC)


def who(*rights: tuple[Role, tuple[ScopeKind, str | None]]) -> Principal:
    return Principal(1, "code", rights=frozenset(Right(role, scope) for role, scope in rights))


@pytest.mark.parametrize(
    ("rights", "scope", "may"),
    [
        ([], HERE, False),
        ([(Role.ORGANISER, HERE)], HERE, True),
        ([(Role.ORGANISER, THERE)], HERE, False),
        ([(Role.ORGANISER, DISTRICT)], HERE, True),
        ([(Role.REVIEWER, HERE)], HERE, False),
        ([(Role.REVIEWER, HERE), (Role.ORGANISER, THERE)], HERE, False),
        ([(Role.ORGANISER, (ScopeKind.ACTIVITY, "here"))], HERE, False),
        ([(Role.ORGANISER, HERE)], DISTRICT, False),
    ],
)
def test_a_role_counts_where_it_was_given(
    rights: list[tuple[Role, tuple[ScopeKind, str | None]]], scope: tuple[ScopeKind, str | None], may: bool
) -> None:
    principal = who(*rights)
    assert principal.may([Role.ORGANISER], [scope]) is may
    if may:
        require(principal, [Role.ORGANISER], [scope])
    else:
        with pytest.raises(Missing):
            require(principal, [Role.ORGANISER], [scope])


def test_without_a_scope_anywhere_counts() -> None:
    assert who((Role.ORGANISER, THERE)).may([Role.ORGANISER])
    assert not ANONYMOUS.may(Role)


def test_codes_of_all_places_of_a_role() -> None:
    principal = who(
        (Role.ORGANISER, HERE), (Role.ORGANISER, THERE), (Role.REVIEWER, (ScopeKind.ORGANISATION, "x"))
    )
    assert principal.scope_codes([Role.ORGANISER], ScopeKind.ORGANISATION) == {"here", "there"}
    assert not principal.is_district_wide([Role.ORGANISER])
    assert who((Role.ORGANISER, DISTRICT)).is_district_wide([Role.ORGANISER])


def test_who_approves_decodes_issues_or_administers_needs_a_second_factor() -> None:
    assert SECOND_FACTOR < STAFF
    assert {
        Role.ACTIVITY_APPROVER,
        Role.CODING_JUDGE,
        Role.CERTIFICATE_OFFICER,
        Role.SYSTEM_ADMIN,
    } <= SECOND_FACTOR
    assert not {Role.CONTESTANT, Role.UNIT_MANAGER, Role.CHECKIN_HELPER} & SECOND_FACTOR


def test_a_proof_of_identity_grows_old() -> None:
    principal = Principal(1, "code", proven_at=NOON)
    require_fresh_proof(principal, NOON + REPROOF)
    with pytest.raises(MustProve):
        require_fresh_proof(principal, NOON + REPROOF + dt.timedelta(seconds=1))
    with pytest.raises(MustProve):
        require_fresh_proof(ANONYMOUS, NOON)
