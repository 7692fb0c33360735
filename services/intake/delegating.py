"""单位推荐: a unit's list reaches such a track through its delegation alone, with seats and the unit's opinion."""

from models.activity import EntryMode, Track
from models.organisation import Organisation
from models.party import Party, State
from services import party as parties
from services.intake.refusals import ByDelegation
from services.text import _

ROW = _("这个组别按单位名额报名：请在“单位报名”里把这些人导入本单位的名单，这里去掉这一行。")


def is_bound(track: Track | None, organisation: Organisation | None, party: Party | None) -> bool:
    """Whether people may not be entered there one by one: what the organisers type in for others may."""
    return track is not None and track.mode is EntryMode.UNIT and organisation is not None and party is None


def must_not_be_bound(track: Track | None, organisation: Organisation | None, party: Party | None) -> None:
    """Raises `ByDelegation`."""
    if is_bound(track, organisation, party):
        assert track is not None
        raise ByDelegation(track)


def delegation(track: Track, organisation: Organisation) -> Party | None:
    """The unit's list for a track, where it takes people now: it gathers, and its seats were not refused."""
    found = parties.list_of(track, organisation)
    if found is None or found.state is not State.GATHERING or found.allotted == 0:
        return None
    return found
