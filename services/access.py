"""Who may what. Pure: it knows principals, roles and scopes, and neither accounts nor requests.

A right is a role within a scope for a time. A door's policy asks whether somebody may knock at all; a loader asks,
with the row in hand, whether they may have this one, and raises `Missing` where they may not, so that another's thing
and no thing look alike.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from models.account import Role, ScopeKind
from services.errors import Denied, Missing
from services.text import _

Scope = tuple[ScopeKind, str | None]

DISTRICT: Scope = (ScopeKind.DISTRICT, None)

STAFF = frozenset(Role) - {Role.CONTESTANT, Role.UNIT_MANAGER, Role.TEACHER, Role.COACH}
"""Roles that work for the organisers' side: shorter sign-ins, a second factor."""

SECOND_FACTOR = STAFF - {Role.CHECKIN_HELPER, Role.EXPERT}
"""Roles that approve, decode, issue or administer: a second factor is mandatory in production (R05)."""


@dataclass(frozen=True)
class Right:
    role: Role
    scope: Scope


@dataclass(frozen=True)
class Principal:
    """Who knocks. Nobody is `ANONYMOUS`."""

    account_id: int | None = None
    account_code: str = ""
    person_id: int | None = None
    rights: frozenset[Right] = field(default_factory=frozenset)
    proven_at: dt.datetime | None = None
    """When they last proved who they are (R07)."""
    second_factor: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(right.role for right in self.rights)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & SECOND_FACTOR)

    def may(self, roles: Iterable[Role], scopes: Iterable[Scope] = ()) -> bool:
        """Whether they hold one of these roles in one of these scopes; without scopes, anywhere."""
        wanted, places = frozenset(roles), frozenset(scopes)
        return any(
            right.role in wanted and (not places or right.scope in places or right.scope == DISTRICT)
            for right in self.rights
        )

    def scope_codes(self, roles: Iterable[Role], kind: ScopeKind) -> frozenset[str]:
        """The codes of all things of a kind in which they hold one of these roles."""
        wanted = frozenset(roles)
        return frozenset(
            code
            for right in self.rights
            for k, code in [right.scope]
            if right.role in wanted and k == kind and code
        )

    def is_district_wide(self, roles: Iterable[Role]) -> bool:
        return self.may(roles, [DISTRICT])


ANONYMOUS = Principal()


def require(principal: Principal, roles: Iterable[Role], scopes: Iterable[Scope]) -> None:
    """Raise `Missing` unless they hold one of the roles there: another's thing looks like no thing."""
    if not principal.may(roles, scopes):
        raise Missing


class MustProve(Denied):
    """They may, but must first say again who they are (R07)."""

    sentence = _("为了安全，请重新验证身份后再继续。")


REPROOF = dt.timedelta(minutes=10)


def require_fresh_proof(principal: Principal, now: dt.datetime) -> None:
    if principal.proven_at is None or now - principal.proven_at > REPROOF:
        raise MustProve
