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


class NotEntered(Refused):
    sentence = _("还没有入场记录，不能登记离场。请先补记入场。")


class TakesNoExit(Refused):
    sentence = _("这一场不登记离场。需要时请赛务管理员在场次中开启。")


class HasLeft(Refused):
    sentence = _("此人已登记离场。要撤销入场，请先撤销离场。")


class PointClosed(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("签到点“%(name)s”已关闭。请换一个签到点，或联系赛务管理员。", name=name))


class OtherDoor(Refused):
    sentence = _("这个签到点不办理这一场。请带对方到对应的签到点。")


class NotYourCheckIn(Refused):
    sentence = _("这次签到不是您办理的，请由办理人或赛务管理员撤销。")


class PointNameTaken(Refused):
    sentence = _("已有同名的签到点，请换个名称。")


class ImpossibleTime(Refused):
    """A time that cannot be: in the future, or on another day."""

    sentence = _("时间不对：不能晚于现在，也不能早于开场前一天。请核对纸面时间。")


class HeadCountDiffers(Refused):
    def __init__(self, ticked: int, counted: int) -> None:
        super().__init__(
            _(
                "勾选 %(ticked)s 人，清点 %(counted)s 人，两数不符。请核对名单；确实不符的，请写明原因。",
                ticked=ticked,
                counted=counted,
            )
        )


class NobodyTicked(Refused):
    sentence = _("还没有勾选任何人。")


class NotSelfService(Refused):
    sentence = _("这一场不开放自助签到，请向入口处工作人员出示入场码。")


class SelfServiceClosed(Refused):
    sentence = _("自助签到从开场前一小时开放到本场结束，现在不在这段时间内。请联系现场工作人员。")


class StaleCode(Refused):
    sentence = _("签到码不对或已过期。请看现场大屏上最新的码，重新扫描或输入 6 位数字。")


class NoEntryHere(Refused):
    sentence = _("没有找到您在本活动的报名。请确认登录的是报名时的账号，或联系现场工作人员。")


class BadRoster(Refused):
    sentence = _("离线名单的签名不对，记录没有保存。请重新下载名单；这些记录可按姓名补记。")


class OtherDoorsRoster(Refused):
    sentence = _("这份离线名单属于别的签到点，您的工作证不能上传。请由该签到点的人员或赛务管理员上传。")


class NotedTooLate(Refused):
    """Noted when the roster was good no more."""

    def __init__(self, noted_at: dt.datetime) -> None:
        super().__init__(
            _(
                "%(when)s 扫描时离线名单已过期，没有保存。请核对后在联网签到页按姓名补记。",
                when=say_moment(noted_at),
            )
        )


class RosterOver(Refused):
    sentence = _("离线名单已过期三天以上，不能再上传。请赛务管理员按纸质签到册补记。")
