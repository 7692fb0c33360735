"""Why this room says no."""

from services.errors import Refused
from services.text import Sentence, _


class BadEntry(Refused):
    """Something that was typed cannot be kept. `field` names it as in `PersonEntry`; the sentence says why."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.field = field


class TooYoung(Refused):
    """PIPL 28 and 31: under 14 no account, and no data of one's own."""

    sentence = _("未满 14 周岁不能单独登记。请由学校或监护人为孩子预约团体活动。")


class GuardianNeeded(Refused):
    sentence = _("未满 18 周岁，须填写监护人姓名和手机号，且不能与本人手机号相同。")


class IdentityChecking(Refused):
    """The one sentence both sides read until it is decided whose record it is."""

    sentence = _("身份信息核对中。核对完成后会通知您；如需加快，请携带证件联系所在单位或区人力社保局。")


class AlreadyIdentified(Refused):
    sentence = _("您的账号已登记身份信息。如有错误，请使用更正。")
