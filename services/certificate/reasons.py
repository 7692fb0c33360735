"""Why a certificate is not issued or changed. Each sentence says what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.errors import Refused
from services.text import Sentence, _


class Unidentified(Refused):
    sentence = _("您的账号还没有登记本人身份，不能办理证书。请先在“账号与安全”中登记。")


class SamePerson(Refused):
    sentence = _("证书须由两个人分别办理。这一项由您经手，请由另一位证书管理员办理。")


class NothingToIssue(Refused):
    sentence = _("没有待发的证书。它们可能刚刚由他人签发，请刷新页面核对。")


class AlreadyIssued(Refused):
    sentence = _("其中有人的证书已经签发，本次没有签发任何证书。请刷新页面后再试。")


class NumbersUsedUp(Refused):
    sentence = _("本年度的证书编号已用完，请联系系统管理员。")


class NotLive(Refused):
    sentence = _("这份证书已撤销或已换发，不能再变更。")


class NotSigned(Refused):
    sentence = _("这份证书正在签署，请稍候片刻再下载。")


class NotValid(Refused):
    sentence = _("这份证书已撤销或已换发，不再提供下载。")


class NotGenuine(Refused):
    sentence = _("数字签名验证未通过，不提供下载。请联系发证单位核实。")


class AlreadyAsked(Refused):
    sentence = _("这份证书已有一项变更申请等待复核，请先办理。")


class AlreadyDecided(Refused):
    sentence = _("这项变更申请已经办理。")


class NoReason(Refused):
    sentence = _("请写明原因。")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one order; `row` counts from 1."""

    row: int
    name: str
    sentence: Sentence


class BadOrders(Refused):
    """Some cannot be printed, so none is issued; `faults` has every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(
            _(
                "有 %(n)s 份证书无法印制，本次没有签发任何证书。第 %(row)s 行 %(name)s：%(why)s",
                n=len(self.faults),
                row=first.row,
                name=first.name,
                why=first.sentence,
            )
        )
