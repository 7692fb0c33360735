"""Which quota has no place left, and what cannot be set."""

from services.errors import Refused
from services.text import Sentence, _


class QuotaFull(Refused):
    """A place is left on the track, but not on a quota that the entry needs too."""

    sentence = _("名额已满。")


class TotalFull(QuotaFull):
    sentence = _("这项活动的总名额已满。")


class UnitFull(QuotaFull):
    """A unit has as many entries on the track as it may."""


class GroupFull(QuotaFull):
    """What is left is kept for other participant categories."""


class ChoiceFull(QuotaFull):
    """The option chosen in the form is taken."""


class BelowHeld(Refused):
    def __init__(self, name: Sentence | str, taken: int) -> None:
        super().__init__(
            _("“%(name)s”已有 %(taken)s 人占用名额，不能少于这个数。", name=str(name), taken=taken)
        )


class KeptTooMany(Refused):
    def __init__(self, track: str, left: int) -> None:
        super().__init__(
            _(
                "“%(track)s”没有这么多名额可以预留：预留之外至少要保留已占用的名额，最多还能预留 %(left)s 个。",
                track=track,
                left=left,
            )
        )


class BadQuota(Refused):
    sentence = _("名额应为 1 到 %(most)s 之间的整数。", most=100_000)


class NoGroup(Refused):
    sentence = _("请写明预留给哪一类人，并至少选择一个参与者类别。")


class NoChoice(Refused):
    sentence = _("请写明表单中的项目和选项。")
