"""The notice that makes a confirmed sheet public: a draft with names and units, and no document numbers. An organiser
reads it over and publishes it as any notice.
"""

from collections.abc import Sequence

from models.activity import Notice, NoticeKind
from models.outcome import Award, Line, Sheet, Verdict
from services import words
from services.access import Principal
from services.activity import NoticeEntry
from services.activity import notice as notices
from services.outcome.facts import unit_of
from services.outcome.finding import whole_lines
from services.outcome.refusals import WrongState
from services.outcome.shape import Shape, shape_of
from services.stamp import Stamp
from services.text import Sentence, _, speaking

LIMIT = 18_000
"""Characters of a list; what is longer belongs into an annex."""


def draft_notice(sheet: Sheet, *, by: Principal, stamp: Stamp) -> Notice:
    """Raises WrongState before the sheet is confirmed, and what `notices.draft` raises."""
    if not sheet.is_final:
        raise WrongState(sheet)
    with speaking("zh"):
        title, body = _written(sheet, whole_lines(sheet))
    entry = NoticeEntry(
        kind=NoticeKind.RESULT,
        title=title,
        body=body,
        organisation=sheet.activity.organiser.code,
        activity=sheet.activity.code,
    )
    return notices.draft(entry, by=by, stamp=stamp)


def _written(sheet: Sheet, lines: Sequence[Line]) -> tuple[str, str]:
    name = sheet.track.full_name
    shape = shape_of(sheet.activity)
    if shape is Shape.CONTEST:
        title = _("%(name)s成绩公示", name=name[:110])
        head = _("“%(name)s”成绩已经确认，现将获奖名单公示如下。", name=name)
        parts = [_group(words.label(award), [row for row in lines if row.award is award]) for award in Award]
        if not any(parts):
            head = _("“%(name)s”成绩已经确认，现将成绩公示如下。", name=name)
            parts = [_group(_("成绩"), [row for row in lines if row.verdict is Verdict.COMPETED])]
    else:
        title = _("%(name)s结果公示", name=name[:110])
        head = _("“%(name)s”结果已经确认，现将合格人员名单公示如下。", name=name)
        parts = [_group(_("合格人员"), [row for row in lines if row.verdict is Verdict.COMPLETED])]
    body = "\n\n".join(part for part in parts if part)
    if len(body) > LIMIT:
        body = body[:LIMIT].rpartition("\n")[0] + "\n\n" + str(_("名单较长，完整名单见附件。"))
    foot = _("对公示内容有异议的，请与承办单位%(unit)s联系。", unit=sheet.activity.organiser.name)
    return str(title), f"{head}\n\n{body}\n\n{foot}"


def _group(heading: Sentence, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    return "\n".join([f"{heading}{_('：')}", "", *(f"- {_said(line)}" for line in lines)])


def _said(line: Line) -> str:
    unit = unit_of(line.registration)
    name = line.registration.person.name
    said = str(_("%(name)s（%(more)s）", name=name, more=unit)) if unit else name
    if line.rank is not None:
        said = str(_("第 %(rank)s 名 %(who)s", rank=line.rank, who=said))
    return said
