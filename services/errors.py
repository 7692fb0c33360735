"""How a verb says no. Each carries a sentence for the person; anything else that is raised is a bug."""

from services.text import Sentence, _


class Refusal(Exception):
    """A verb's answer that is not yes. `sentence` is shown to the person."""

    sentence: Sentence = _("这项操作没有完成。")

    def __init__(self, sentence: Sentence | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(str(self.sentence.message))


class Missing(Refusal):
    """It does not exist, or it is another's: the two must look alike (404)."""

    sentence = _("没有找到您要的内容。它可能已被删除，或链接不完整。")


class Denied(Refusal):
    """The role is lacking (403)."""

    sentence = _("您的账号没有这项权限。如需要，请联系本单位管理员。")


class Refused(Refusal):
    """The rules say no, now (409). Rooms name their own reasons as subclasses."""


class Stale(Refused):
    """Somebody else changed it in the meantime."""

    sentence = _("在您编辑期间，内容已被他人修改。请核对最新内容后再提交。")


class TooOften(Refused):
    """Tried too often (429); `retry_after` in seconds."""

    sentence = _("操作太频繁，请稍后再试。")

    def __init__(self, retry_after: int, sentence: Sentence | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
