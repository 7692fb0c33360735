"""Tracks that people do not enter one by one: a unit's list reaches one of 单位推荐 through its delegation alone, with
seats and the unit's opinion; a team comes as a team.
"""

from models.activity import EntryMode, Track
from models.organisation import Organisation
from models.party import Party, State
from services import party as parties
from services.intake.refusals import ByDelegation, ByTeam
from services.text import Sentence, _

ROW = _("这个组别按单位名额报名：请在“单位报名”里把这些人导入本单位的名单，这里去掉这一行。")

ROW_OF_TEAM = _("这个组别按队报名：请由队长或单位建队，再把这些人加入队伍，这里去掉这一行。")


def is_bound(track: Track | None, organisation: Organisation | None, party: Party | None) -> bool:
    """Whether people may not be entered there one by one: what the organisers type in for others may."""
    return track is not None and track.mode is EntryMode.UNIT and organisation is not None and party is None


def fault(track: Track | None, organisation: Organisation | None, party: Party | None) -> Sentence | None:
    """What is wrong with a row that names such a track."""
    if is_bound(track, organisation, party):
        return ROW
    return ROW_OF_TEAM if _wants_team(track, party) else None


def must_be_free(track: Track | None, organisation: Organisation | None, party: Party | None) -> None:
    """Raises `ByDelegation`, `ByTeam`."""
    if track is not None and is_bound(track, organisation, party):
        raise ByDelegation(track)
    if track is not None and _wants_team(track, party):
        raise ByTeam(track)


def _wants_team(track: Track | None, party: Party | None) -> bool:
    return track is not None and track.mode is EntryMode.TEAM and party is None


def delegation(track: Track, organisation: Organisation) -> Party | None:
    """The unit's list for a track, where it takes people now: it gathers, and its seats were not refused."""
    found = parties.list_of(track, organisation)
    if found is None or found.state is not State.GATHERING or found.allotted == 0:
        return None
    return found
