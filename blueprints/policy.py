"""Who may knock at a door. Every endpoint carries one of these, or the app does not start (R10).

A policy speaks of roles only. Whether somebody may have a certain row is asked by the loader that fetches it.
"""

from dataclasses import dataclass, field

from models.account import Role
from services.access import Principal


@dataclass(frozen=True)
class Policy:
    name: str
    needs_sign_in: bool = False
    roles: frozenset[Role] = field(default_factory=frozenset)
    fresh: bool = False
    """Only within ten minutes of the last proof of identity (R07)."""
    before_second_factor: bool = False
    """Also for staff who have not yet given their second factor."""
    local: bool = False
    """Only from the machine itself."""

    def admits(self, principal: Principal) -> bool:
        if self.needs_sign_in and not principal.is_signed_in:
            return False
        return not self.roles or principal.may(self.roles)


everyone = Policy("everyone")
signed_in = Policy("signed_in", needs_sign_in=True)
signed_in_anyhow = Policy("signed_in_anyhow", needs_sign_in=True, before_second_factor=True)
signed_in_fresh = Policy("signed_in_fresh", needs_sign_in=True, fresh=True)
machine_local = Policy("machine_local", local=True)


def holding(*roles: Role, fresh: bool = False) -> Policy:
    """Those who hold one of these roles, in whatever scope."""
    name = "holding:" + "|".join(sorted(role.value for role in roles)) + (":fresh" if fresh else "")
    return Policy(name, needs_sign_in=True, roles=frozenset(roles), fresh=fresh)
