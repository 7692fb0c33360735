"""Why this room says no, each with what to do next."""

from models.activity import Track
from models.party import Party
from services.errors import Missing, Refused
from services.text import _
from services.words import say_moment


class NotForTeams(Refused):
    sentence = _("这一项不接受组队报名。")


class NotForUnits(Refused):
    sentence = _("这一项须由队长组队报名，单位可在参赛队中作为所属单位。")


class InAnotherTeam(Refused):
    """One team a person and activity."""

    sentence = _("您已在本活动的另一支队伍中。每人只能加入一支；要改队，请先退出原来的队伍。")


class InAnotherParty(Refused):
    """As a unit reads it: whose list it is stays unsaid."""

    sentence = _("此人已在本活动的另一份名单或队伍中，不能重复加入。请与本人核实。")


class AlreadyHere(Refused):
    sentence = _("此人已在名单中。")


class LinkClosed(Missing):
    """Closed, renewed, or never there: all look alike."""

    sentence = _("这条邀请链接已停用。请向队长要新的链接。")


class TeamFull(Refused):
    def __init__(self, most: int, *, substitutes: bool) -> None:
        super().__init__(
            _("替补最多 %(most)s 人，已经满了。", most=most)
            if substitutes
            else _("正式队员最多 %(most)s 人，已经满了。您可以请队长调整，或选择替补。", most=most)
        )


class TooFew(Refused):
    def __init__(self, least: int, found: int) -> None:
        super().__init__(
            _(
                "正式队员至少 %(least)s 人，现在 %(found)s 人，还差 %(left)s 人。",
                least=least,
                found=found,
                left=least - found,
            )
        )


class BelowLeast(Refused):
    def __init__(self, least: int, left: int) -> None:
        super().__init__(
            _(
                "退出后只剩 %(left)s 名正式队员，少于规定的 %(least)s 人。请先更换选手；不再参赛的，请整队退出。",
                left=left,
                least=least,
            )
        )


class Empty(Refused):
    sentence = _("名单上还没有人，请先添加人员。")


class Unranked(Refused):
    sentence = _("有人还没有排序，或序号重复。请先排好顺序：前面的先报名，后面的为替补。")


class SeatsUndecided(Refused):
    sentence = _("名额申请还没有答复，答复后才能锁定名单。")


class SeatsNeeded(Refused):
    sentence = _("这一项按分配的名额报名，请先申请名额。")


class NoSeats(Refused):
    sentence = _("本单位在这一项没有名额，不能报送名单。")


class Locked(Refused):
    """It was sent: what follows is by substitution or withdrawal."""

    sentence = _("名单已经报送，不能再这样改动。需要调整时，请更换选手或办理退出。")


class NotSent(Refused):
    sentence = _("名单还没有报送。")


class Dissolved(Refused):
    sentence = _("这支队伍已经解散。")


class Frozen(Refused):
    """From here on the unit or captain may only substitute."""

    def __init__(self, track: Track) -> None:
        when = track.frozen_at or track.closes_at
        super().__init__(
            _("队伍名单已于 %(when)s 冻结，不能再增减人员，只能更换选手。", when=say_moment(when))
        )


class CaptainStays(Refused):
    sentence = _("队长要退出，请先把队长移交给另一名队员。")


class NoAccountYet(Refused):
    sentence = _("对方还没有登录过平台，不能接任队长。")


class NoReason(Refused):
    sentence = _("请写明原因，对方会看到这段文字。")


class OverAllotted(Refused):
    def __init__(self, track: Track, given: int) -> None:
        super().__init__(
            _(
                "“%(track)s”共 %(capacity)s 个名额，分配合计 %(given)s 个，超出 %(over)s 个。",
                track=track.name,
                capacity=track.capacity,
                given=given,
                over=given - track.capacity,
            )
        )


class BelowEntered(Refused):
    def __init__(self, party: Party) -> None:
        super().__init__(
            _(
                "“%(unit)s”的名单已经报送，名额不能再改。",
                unit=party.organisation.label if party.organisation else "",
            )
        )


class NotNamed(Refused):
    sentence = _("这份报名不是由本单位推荐的，或已有推荐意见。")


class WrongDigits(Refused):
    sentence = _("核对不上，请检查后再填。连续填错会暂停一小时。")
