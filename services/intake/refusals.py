"""Why a list is not taken, or a step with it is not done. Each sentence says what to do next."""

from models.activity import Track
from services.errors import Refused
from services.text import Sentence, _
from services.upload import BadFile


class WrongFormat(BadFile):
    """Another program's file: named, with what to do."""

    def __init__(self, what: Sentence) -> None:
        super().__init__(
            _(
                "这是 %(what)s。请在 WPS 或 Excel 中打开，另存为 .xlsx 后再上传。",
                what=str(what),
            )
        )


class NotASheet(BadFile):
    sentence = _("这不是电子表格。请上传 .xlsx 格式的名单。")


class Unreadable(BadFile):
    """The reader gave up: broken, or made to be endless."""

    sentence = _("表格读不出来。请在 WPS 或 Excel 中新建一个表格，把名单复制进去，另存为 .xlsx 后再上传。")


class TooMuch(BadFile):
    """More rows, columns or letters than a list has."""


class NoRows(BadFile):
    sentence = _("表格里没有找到名单。请确认第一张表里有表头和至少一行人员。")


class OtherTemplate(BadFile):
    sentence = _("这份模板属于另一个活动或组别。请下载本活动的模板，或在那个活动里导入。")


class Unmapped(Refused):
    """Needed fields that no column was chosen for."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            _(
                "还没有指明这些内容在哪一列：%(names)s。",
                names=str(_("、")).join(names),
            )
        )


class Doubled(Refused):
    sentence = _("两列选成了同一项内容，请只保留一列。")


class WrongStep(Refused):
    sentence = _("名单的状态已经变化，请刷新页面后再操作。")


class NothingGood(Refused):
    sentence = _("没有可以导入的行。请先改正有错误的行。")


class NotAllGood(Refused):
    sentence = _("还有没改好的行。请改好或去掉这些行，或选择只导入合格的行。")


class NoScan(Refused):
    sentence = _("代填须附原件：请上传盖章名单的照片或扫描件。")


class NoSource(Refused):
    sentence = _("请写明名单来自哪个单位或镇街。")


class ByDelegation(Refused):
    """单位推荐: people come by the unit's delegation, in its seats."""

    def __init__(self, track: Track) -> None:
        super().__init__(
            _(
                "“%(track)s”按单位名额报名。请先在“单位报名”里申请名额、建好名单，再把人员导入名单一起报送。",
                track=track.name,
            )
        )


class ByTeam(Refused):
    """A team comes as a team: with a captain, of the size that the rules ask for."""

    def __init__(self, track: Track) -> None:
        super().__init__(
            _("“%(track)s”按队报名，不能逐人导入。请由队长或单位先建队，再添加队员。", track=track.name)
        )


class NotTheirs(Refused):
    sentence = _("这个活动没有开放单位报名，或您不能为这个单位导入名单。")
