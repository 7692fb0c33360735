"""The desk's rows of this room: sheets to enter and to confirm, corrections to decide, certificates to issue."""

from collections.abc import Iterable

from services.access import Principal
from services.outcome.finding import to_confirm, to_decide, to_enter, uncertified
from services.text import _
from services.waiting import Waiting

INDEX = "outcome.index"


def waiting(principal: Principal) -> list[Waiting]:
    found = []
    if sheets := to_enter(principal):
        names = _names(row.track.activity.title for row in sheets)
        found.append(Waiting(len(sheets), _("结果待登记"), names, INDEX, _("登记")))
    if submitted := to_confirm(principal):
        names = _names(sheet.activity.title for sheet in submitted)
        found.append(Waiting(len(submitted), _("结果待确认"), names, INDEX, _("确认"), is_urgent=True))
    if corrections := to_decide(principal):
        names = _names(row.line.sheet.activity.title for row in corrections)
        found.append(Waiting(len(corrections), _("结果更正待决定"), names, INDEX, _("决定"), is_urgent=True))
    if certifiable := uncertified(principal):
        names = _names(sheet.activity.title for sheet, _count in certifiable)
        count = sum(count for _sheet, count in certifiable)
        found.append(Waiting(count, _("证书待签发"), names, "certificate.desk", _("签发")))
    return found


def _names(titles: Iterable[str], most: int = 3) -> str:
    """数控铣工 2 · 电工培训班, the first few."""
    counted: dict[str, int] = {}
    for title in titles:
        counted[title] = counted.get(title, 0) + 1
    said = [title if count == 1 else f"{title} {count}" for title, count in counted.items()]
    return " · ".join(said[:most]) + (" …" if len(said) > most else "")
