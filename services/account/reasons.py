"""Why this room says no. Nothing here tells a stranger whether an account exists (R03)."""

from services.errors import Refused
from services.text import _


class BadCode(Refused):
    """Wrong, used, too old, tried too often, or asked for in another browser: all look alike."""

    sentence = _("验证码不正确或已失效。请核对后再填，或重新获取。")


class WrongPassword(Refused):
    """Also where there is no such account, or none with a password."""

    sentence = _("账号或密码不正确。忘记密码可用验证码登录，或重设密码。")


class WrongPin(Refused):
    sentence = _("工作证无效或口令不正确。请核对，或请发证人重新发放。")


class AccountDisabled(Refused):
    """Said only to somebody who has proved that the account is theirs."""

    sentence = _("该账号已停用。如有疑问，请联系区人力社保局。")


class Taken(Refused):
    """Another account has the phone or e-mail; said only to somebody who has shown that it is theirs."""

    sentence = _("该手机号或邮箱已用于另一个账号。请直接用它登录。")


class NoAccount(Refused):
    """Said only to somebody who has shown that the phone or e-mail is theirs."""

    sentence = _("该手机号或邮箱还没有账号。请先注册。")


class WeakPassword(Refused):
    sentence = _("这个密码不能使用，请换一个。")


class NoConsent(Refused):
    sentence = _("请先阅读并同意隐私政策。")


class LastWayIn(Refused):
    sentence = _("这是您登录的唯一方式，不能移除。请先绑定手机号。")


class SameFactor(Refused):
    """Two factors are of two kinds."""

    sentence = _("第二重验证须与登录方式不同。请改用身份验证器或密码。")


class BadFactor(Refused):
    sentence = _("动态口令不正确，或刚才已用过。请等待下一个口令。")


class FactorLost(Refused):
    """The phone or the e-mail alone would set up the second factor."""

    sentence = _(
        "密码已通过验证码重设，不能再单凭手机或邮箱启用第二重验证。请到安全管理员处核对身份，由其重置。"
    )


class OwnFactor(Refused):
    sentence = _("须由另一位已登记身份的安全管理员重置。")


class OwnGrant(Refused):
    sentence = _("不能给自己授权，请由另一位安全管理员办理。")


class ExclusiveRoles(Refused):
    """三员分立"""

    sentence = _("系统管理员、安全管理员、审计管理员不能由同一人担任。")


class AlreadyGranted(Refused):
    sentence = _("该账号已有这一授权。")


class SecondPersonNeeded(Refused):
    sentence = _("须由另一位已登记身份的安全管理员确认。")


class LastAdministrator(Refused):
    sentence = _("这是最后一位安全管理员，不能撤销或停用。请先授权另一位。")


class AdministratorExists(Refused):
    sentence = _("已有安全管理员。请由其授权，或加 --force 再建一位。")


class GuardianNeeded(Refused):
    sentence = _("未满 18 周岁，须填写监护人姓名和手机号，且不能与本人手机号相同。")


class WrongState(Refused):
    sentence = _("这项核对已经处理完毕。")


class OnlyReviewers(Refused):
    sentence = _("“一个赛项”和“一个单位的报名”这两种范围只用于审核员。")
