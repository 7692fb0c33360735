"""Why a unit's business is refused, each with what to do next."""

from services.errors import Refused
from services.text import _


class Taken(Refused):
    """The unit is here already, or somebody else's application waits: which of them, and whose, is not told."""

    sentence = _(
        "该单位已开通账号，或已有申请正在审核。请联系本单位管理员邀请您加入；如有疑问，请联系区人力社保局。"
    )


class TooManyApplications(Refused):
    sentence = _("您有多份单位申请正在审核，请等待审核结果后再申请。")


class NameTaken(Refused):
    sentence = _("已有同名单位，请核对单位名称。")


class CreditCodeTaken(Refused):
    sentence = _("该统一社会信用代码已登记在另一个单位名下，请核对。")


class Decided(Refused):
    sentence = _("这份申请已经审核过了。")


class OwnApplication(Refused):
    sentence = _("不能审核自己提交的申请，请由其他管理员审核。")


class NoReason(Refused):
    sentence = _("请写明原因，申请人会看到这段文字。")


class UnitClosed(Refused):
    sentence = _("该单位账号已停用。")


class AlreadyMember(Refused):
    sentence = _("已经是本单位成员，无需重复加入。")


class InvitationOver(Refused):
    sentence = _("这份邀请已使用、已撤回或已过期，请联系邀请人重新邀请。")


class OtherContact(Refused):
    """The link came into other hands than those it was sent to."""

    def __init__(self, contact: str) -> None:
        super().__init__(
            _("这份邀请发给了 %(contact)s，请用绑定该手机号或邮箱的账号登录后再接受。", contact=contact)
        )


class LastManager(Refused):
    sentence = _("您是本单位唯一的管理员，请先把管理权移交给其他成员，再退出单位。")


class SameManager(Refused):
    sentence = _("该成员已经是本单位管理员。")
