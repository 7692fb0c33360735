"""The link by which people join a team. Its hash finds it; sealed, it can be shown to the captain again."""

from models.party import Kind, Party, State
from services import audit as audits
from services.account import one_time
from services.party import find
from services.party.refusals import Dissolved, NotForTeams
from services.stamp import Stamp


def renew_link(party: Party, *, stamp: Stamp) -> str:
    """A new link; an older one opens nothing from now on. Answers its token."""
    find.hold(party)
    if party.kind is not Kind.TEAM:
        raise NotForTeams
    if party.state is State.DISSOLVED:
        raise Dissolved
    token = one_time.new_token()
    party.token, party.token_hash = token, one_time.token_hash(token)
    audits.record("party.link_renewed", party, stamp=stamp)
    return token


def close_link(party: Party, *, stamp: Stamp) -> None:
    """Nobody joins any more, until the link is renewed."""
    find.hold(party)
    party.token, party.token_hash = None, None
    audits.record("party.link_closed", party, stamp=stamp)
