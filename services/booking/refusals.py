"""Why a booking is not taken, changed or decided: sentences for the person."""

from services.errors import Refused
from services.text import Sentence, _


class DoesNotFit(Refused):
    def __init__(self, reason: Sentence | str) -> None:
        super().__init__(_("这个场次不适合本班：%(reason)s。", reason=reason))


class TooFewTeachers(Refused):
    def __init__(self, ratio: int, heads: int, needed: int) -> None:
        super().__init__(
            _(
                "每 %(ratio)s 名学生至少 1 名，%(heads)s 人需要 %(needed)s 名",
                ratio=ratio,
                heads=heads,
                needed=needed,
            )
        )


class AlreadyBooked(Refused):
    sentence = _("这个班已预约了这一场，请勿重复预约。")


class HoldOver(Refused):
    sentence = _("为您保留的名额已到时，请重新选择场次。")


class NotComplete(Refused):
    sentence = _("请先填写班级、人数、带队教师和联系人。")


class NotAgreed(Refused):
    sentence = _("请阅读并同意安全责任书。")


class Settled(Refused):
    sentence = _("这次预约已有了结果，请刷新后查看。")


class TooLate(Refused):
    sentence = _("已过更改时间。仍要取消的，会记为临期取消。")


class Started(Refused):
    sentence = _("活动已开始，不能再取消。")


class NoReason(Refused):
    sentence = _("请写明原因，对方会看到。")


class MustSayWhy(Refused):
    sentence = _("该校本学期多次爽约，仍要确认的，请写明理由。")


class OwnBooking(Refused):
    sentence = _("不能确认自己提交的预约，请由其他工作人员处理。")


class FitsAlready(Refused):
    sentence = _("现在还有名额，可以直接预约。")


class NotYet(Refused):
    sentence = _("活动开始前 1 小时起可以签到。")


class NotOver(Refused):
    sentence = _("这一场还没有结束。")


class SlotClosed(Refused):
    sentence = _("这一场已结束或已取消。")


class HasBookings(Refused):
    sentence = _("已有预约，不能删除；可以取消这一场，系统会告知已预约的学校。")


class NoParallel(Refused):
    sentence = _("没有放得下的平行场次，请改为取消，并向各校提供其他场次。")


class BadTheme(Refused):
    sentence = _("这个主题每场名额应为 1 到 200，成行人数不能多于名额。")


class SameTitle(Refused):
    sentence = _("已有同名的体验主题，请换一个名称。")


class NoDays(Refused):
    sentence = _("按这些条件没有可排的日子，请核对起止日期、星期和停约日。")


class TooManySlots(Refused):
    sentence = _("一次最多排 500 场，请缩短时间段。")


class OutsideTerm(Refused):
    sentence = _("场次应在本学期活动的起止时间之内。")


class NotASchool(Refused):
    sentence = _("您的单位不在中小学名单中，请联系体验中心登记。")


class NotProposed(Refused):
    sentence = _("请选择一个“送课进校”的主题，并写明希望的时间和教室。")


class BadTerms(Refused):
    sentence = _("预约天数、次数和师生比的设置不合理，请核对。")
