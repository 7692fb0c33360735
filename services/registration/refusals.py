"""The reasons for which a registration is refused, each with what to do next."""

import datetime as dt
from collections.abc import Sequence

from models.activity import Track
from models.registration import Registration
from services.errors import Refused
from services.registration.eligibility import Reason
from services.text import _
from services.words import label, say_moment


class NotYetOpen(Refused):
    def __init__(self, track: Track) -> None:
        super().__init__(_("报名还没有开始，%(when)s 开放。", when=say_moment(track.opens_at)))


class Closed(Refused):
    """The closing moment has passed, or the activity takes no entries in its state."""

    def __init__(self, track: Track, moment: dt.datetime) -> None:
        if moment > track.closes_at:
            sentence = _("报名已于 %(when)s 截止。您填写的内容没有提交。", when=say_moment(track.closes_at))
        else:
            sentence = _("这项活动目前不接受报名。")
        super().__init__(sentence)


class Full(Refused):
    sentence = _("名额已满，且不设候补。您可以看看其他组别或活动。")


class AlreadyRegistered(Refused):
    sentence = _("您已报名本活动，不能重复报名。可在“我的报名”中查看或修改。")


class NotEligible(Refused):
    """The rules of the track say no; `reasons` are those that do."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(
            _("暂不符合报名条件：%(why)s", why=str(_("；")).join(str(reason.sentence) for reason in reasons))
        )
        self.reasons = reasons


class WrongState(Refused):
    """The entry is not in a state in which this can be done."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(
            _("这份报名现在是“%(state)s”，不能进行这项操作。", state=str(label(registration.state)))
        )


class TooLate(Refused):
    sentence = _("活动已经开始，不能再退赛。请联系主办方。")


class OfferOver(Refused):
    sentence = _("确认期限已过，名额已按序递补给下一位。")


class MendingOver(Refused):
    sentence = _("更正期限已过，名额不再保留。如报名尚未截止，您可以重新报名。")


class OwnEntry(Refused):
    sentence = _("不能审核自己的报名，请由其他审核员处理。")


class AlreadyAnswered(Refused):
    sentence = _("这份报名已经确认或提出过异议，不需要再次答复。")


class Unconfirmed(Refused):
    sentence = _(
        "这份报名由他人代报，本人还没有确认，暂不能通过。请等待本人确认，或收到盖章的报名表后再通过。"
    )


class NotRecommended(Refused):
    sentence = _("这一组别须由单位推荐，单位还没有推荐这份报名，暂不能通过。")


class ListFinal(Refused):
    sentence = _("参赛名单已确定，不能再更换人员。如有特殊情况，请联系主办方。")


class NotReplaceable(Refused):
    """Whoever is to take the place is not somebody who can."""

    sentence = _("请选择同一组别中尚未占用名额的替补，或另一位没有报名的人员。")


class TooMany(Refused):
    def __init__(self, left: int) -> None:
        super().__init__(_("现在只有 %(left)s 个名额，请减少人数后再确认。", left=left))


class NotOfParty(Refused):
    sentence = _("所选人员中有人不属于这支队伍，或已不在候补之列，请刷新页面后重新选择。")


class Over(Refused):
    sentence = _("活动已经结束，审核通过的报名不能再退回或改为不通过。有人不合格时，请在结果登记中注明。")


class OnlyToRead(Refused):
    sentence = _("活动已归档或取消，报名只能查看。")


class Changed(Refused):
    """Several were to be decided on at once, and some are not what the reviewer saw."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _(
                "这些报名在您打开列表之后有改动，没有处理任何一份，请核对后再勾选：%(names)s",
                names=str(_("、")).join(names),
            )
        )


class NothingToDecide(Refused):
    sentence = _("所选报名都不能这样处理，请返回列表重新勾选。")


class UndoneAlready(Refused):
    sentence = _("这次批量处理已经撤回。")


class UndoOver(Refused):
    sentence = _("批量处理只能在 30 分钟内整体撤回。如需更改，请逐份处理。")


class NoReason(Refused):
    sentence = _("请写明原因，对方会看到这段文字。")


def not_open(track: Track, moment: dt.datetime) -> Refused:
    """The refusal that fits a track that takes nothing at a moment."""
    return (
        NotYetOpen(track) if moment < track.opens_at and track.activity.is_public else Closed(track, moment)
    )
