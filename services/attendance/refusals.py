"""Why somebody is not checked in, each with what to do next. The helper at the door reads it out."""

import datetime as dt

from models.activity import Activity, Session, Track
from models.registration import Registration, State
from services.errors import Refused
from services.text import Sentence, _
from services.words import label, say_moment

_WHY: dict[State, Sentence] = {
    State.SUBMITTED: _("报名还在等待审核，暂不能签到。请联系资格审查员。"),
    State.RETURNED: _("报名被退回补正，暂不能签到。请本人补正后联系资格审查员。"),
    State.WAITLISTED: _("还在候补，没有名额，不能签到。"),
    State.OFFERED: _("有空缺但本人尚未确认，请先在“我的报名”中确认参加。"),
    State.WITHDRAWN: _("已退出，报名不再有效，不能签到。"),
    State.REJECTED: _("报名未通过审核，不能签到。"),
}


class UnknownPass(Refused):
    sentence = _("没有这个入场码。请核对后重输，或在名单中按姓名签到。")


class NoPassInPicture(Refused):
    sentence = _("照片里没有认出入场码。请对准二维码、离近一些重拍，或输入入场码。")


class WrongActivity(Refused):
    sentence = _("这张入场码不是本活动的。请核对活动名称，或在名单中按姓名查找。")


class NotAccepted(Refused):
    def __init__(self, registration: Registration) -> None:
        state = registration.state
        super().__init__(
            _WHY.get(state) or _("报名现在是“%(state)s”，不能签到。", state=label(registration.state))
        )


class NotOpen(Refused):
    """The activity takes no check-ins in its state."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(_("活动现在是“%(state)s”，不能签到。", state=label(activity.state)))


class WrongSitting(Refused):
    def __init__(self, track: Track, session: Session) -> None:
        super().__init__(
            _(
                "报的是“%(track)s”，不参加“%(session)s”这一场。请换到对应的场次再签到。",
                track=track.name,
                session=session.title,
            )
        )


class TooEarly(Refused):
    def __init__(self, starts_at: dt.datetime) -> None:
        super().__init__(_("这一场 %(when)s 开始，提前一天才能签到。", when=say_moment(starts_at)))


class OwnPass(Refused):
    sentence = _("不能给自己签到，请由其他工作人员办理。")


class NoReason(Refused):
    sentence = _("请写明撤销原因。")


class AlreadyUndone(Refused):
    sentence = _("这次签到已经撤销，不用再撤。")
