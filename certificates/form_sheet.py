"""报名表 of one person: A4, a bordered grid with a place for the photo, the promise, the unit's recommendation with
room for its stamp, and the result of the review. Facts in, PDF out.
"""

from dataclasses import dataclass
from typing import Final

from certificates.grid import A4, Paper

SIDE: Final = 51.0
WIDTH: Final = A4[0] - 2 * SIDE
TOP: Final = A4[1] - 112
PHOTO: Final = (102.0, 4)  # its width, and how many rows it stands beside
LABEL: Final = 78.0
ROW: Final = (29.0, 26.0, 23.0, 20.5, 18.0)  # heights of a row, tried in turn
FOOT: Final = 112.0  # the grid ends above it
LEAST: Final = 78.0  # of the boxes for promise, recommendation and review
MOST: Final = 128.0
QR: Final = 62.36  # 22 mm
BESIDE: Final = 20  # characters of a value that goes beside the photo
LONG: Final = 15  # characters from which a value has a row of its own


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What one person's form says. `fields` are names and values in order; empty values leave white space."""

    title: str
    """永川区第三届职业技能大赛"""
    contest: str
    division: str
    fields: tuple[tuple[str, str], ...]
    promise: str
    opinion: str
    """单位推荐意见, where it was given already."""
    stamped_by: str
    """Whose stamp is asked for: the unit, or a town for somebody without one."""
    code: str
    """The number of the entry, to be read out."""
    link: str
    """What the QR code opens: the page to send the stamped form back."""
    site: str
    printed_on: str
    photo: bytes | None = None


def draw(facts: FormFacts) -> bytes:
    """One page. Raises Unprintable and DoesNotFit."""
    paper = Paper(A4, f"{facts.title} 报名表 {facts.code}")
    paper.text(SIDE, A4[1] - 74, WIDTH, 34, facts.title, name="title", align="center", largest=16)
    paper.words("报名表", SIDE, A4[1] - 98, 22, align="center", width=WIDTH, space=14)
    rows = _rows(facts)
    height, box = _heights(len(rows))
    y = TOP
    for index, row in enumerate(rows):
        y -= height
        beside = index < PHOTO[1]
        _row(paper, row, y, height, WIDTH - (PHOTO[0] if beside else 0))
    _photo(paper, facts, height)
    for draw_box in (_promise, _opinion, _review):
        y -= box
        draw_box(paper, facts, y, box)
    _foot(paper, facts)
    return paper.finish()


Row = tuple[tuple[str, str], ...]


def _rows(facts: FormFacts) -> list[Row]:
    """Two fields a row, one where a value is long; contest and division stand after those beside the photo."""
    rows: list[Row] = []
    waiting: tuple[str, str] | None = None
    room = 2 * PHOTO[1]
    fields = list(facts.fields)
    head = [field for field in fields if len(field[1]) <= BESIDE][:room]
    rest = [
        ("赛项", facts.contest),
        ("组别", facts.division),
        *(field for field in fields if field not in head),
    ]
    blank = (("", ""), ("", ""))
    rows.extend((*head[start : start + 2], *blank)[:2] for start in range(0, room, 2))
    for field in rest:
        if len(field[1]) > LONG:
            if waiting is not None:
                rows.append((waiting,))
                waiting = None
            rows.append((field,))
        elif waiting is None:
            waiting = field
        else:
            rows.append((waiting, field))
            waiting = None
    if waiting is not None:
        rows.append((waiting,))
    return rows


def _heights(rows: int) -> tuple[float, float]:
    """Of a row and of a box, so that the sheet is filled and no more."""
    room = TOP - FOOT
    for height in ROW:
        box = (room - rows * height) / 3
        if box >= LEAST:
            return height, min(box, MOST)
    return (room - 3 * LEAST) / rows, LEAST


def _row(paper: Paper, row: Row, y: float, height: float, width: float) -> None:
    x = SIDE
    each = width / len(row)
    for label, value in row:
        paper.cell(x, y, LABEL, height, label, align="center", largest=10.5)
        paper.cell(x + LABEL, y, each - LABEL, height, value, name=label)
        x += each


def _photo(paper: Paper, facts: FormFacts, height: float) -> None:
    x, y = SIDE + WIDTH - PHOTO[0], TOP - PHOTO[1] * height
    paper.box(x, y, PHOTO[0], PHOTO[1] * height)
    if facts.photo is None:
        paper.text(
            x,
            y,
            PHOTO[0],
            PHOTO[1] * height,
            "照片\n（近期免冠）",
            name="photo",
            align="center",
            largest=10.5,
        )
    else:
        paper.picture(facts.photo, x + 3, y + 3, PHOTO[0] - 6, PHOTO[1] * height - 6)


def _box(paper: Paper, label: str, text: str, y: float, height: float, signs: tuple[str, ...]) -> None:
    """A box: its name at the left, the words at the top, who signs at the foot."""
    paper.cell(SIDE, y, LABEL, height, label, align="center")
    paper.box(SIDE + LABEL, y, WIDTH - LABEL, height)
    paper.text(
        SIDE + LABEL + 4, y + 24, WIDTH - LABEL - 8, height - 28, text, name=label, largest=10.5, top=True
    )
    each = (WIDTH - LABEL - 24) / len(signs)
    for index, sign in enumerate(signs):
        paper.words(sign, SIDE + LABEL + 12 + index * each, y + 11, 10.5, align="left", width=each)


_DATE = "　　　年　　月　　日"


def _promise(paper: Paper, facts: FormFacts, y: float, height: float) -> None:
    _box(paper, "本人承诺", facts.promise, y, height, ("本人签名：", _DATE))


def _opinion(paper: Paper, facts: FormFacts, y: float, height: float) -> None:
    said = facts.opinion or "　"
    _box(paper, "单位\n推荐意见", said, y, height, ("负责人签名：", "（盖章）", _DATE))
    if facts.stamped_by:
        paper.text(
            SIDE + LABEL + 8,
            y + 24,
            WIDTH - LABEL - 20,
            18,
            f"盖章单位：{facts.stamped_by}",
            name="盖章单位",
            largest=9.5,
        )


def _review(paper: Paper, facts: FormFacts, y: float, height: float) -> None:
    _box(paper, "资格\n审查意见", "　", y, height, ("审查人签名：", "（盖章）", _DATE))


def _foot(paper: Paper, facts: FormFacts) -> None:
    y = 34.0
    paper.code(facts.link, SIDE + 2, y, QR)
    for index, words in enumerate(
        (
            f"报名编号：{facts.code}",
            "盖章后请用手机扫码，拍照或选择 PDF 回传，可分多页。",
            f"网址：{facts.site}　　打印日期：{facts.printed_on}",
        )
    ):
        paper.text(
            SIDE + QR + 10, y + QR - 19 - index * 19, WIDTH - QR - 10, 19, words, name="foot", largest=9.5
        )
