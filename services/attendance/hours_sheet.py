"""学时 as a file: person by sitting, with sum and share."""

from collections.abc import Iterator

from models.activity import Activity, Session
from services import audit as audits
from services import export as exports
from services.attendance.hours import HourLine, of_activity
from services.stamp import Stamp
from services.words import say_moment

FIRST = ("序号", "姓名", "单位", "赛项/项目")
LAST = ("学时合计", "应到学时", "出勤率")
FOOT = "1 学时 45 分钟。登记离场的场次按入场到离场计算；标“未离场”的暂计 0。"


def take(activity: Activity, *, ending: str = "xlsx", stamp: Stamp) -> bytes:
    """The list for whoever asked, noted in the trace. Raises `exports.TooManyRows`."""
    lines, sittings = of_activity(activity), list(activity.sessions)
    audits.record("attendance.hours_read", activity, stamp=stamp, rows=len(lines))
    headings = (*FIRST, *(f"{each.title} {say_moment(each.starts_at)}" for each in sittings), *LAST)
    rows = _rows(lines, sittings)
    if ending == "csv":
        return exports.csv(headings, rows)
    widths = (6, 12, 26, 18, *(14 for _each in sittings), 10, 10, 9)
    return exports.workbook(title(activity), headings, rows, widths=widths, foot=FOOT)


def title(activity: Activity) -> str:
    return f"{activity.title} 学时"


def _rows(lines: list[HourLine], sittings: list[Session]) -> Iterator[tuple[str, ...]]:
    for number, line in enumerate(lines, 1):
        row = line.registration
        unit = row.organisation.name if row.organisation else row.answer.workplace if row.answer else ""
        yield (
            str(number),
            row.person.name,
            unit,
            row.track.name,
            *(_cell(line, each) for each in sittings),
            str(line.total),
            str(line.possible),
            f"{int(line.share * 100)}%",
        )


def _cell(line: HourLine, session: Session) -> str:
    cell = line.cells.get(session.id)
    if cell is None:
        return "—"
    return "未离场" if cell.is_open else str(cell.hours)
