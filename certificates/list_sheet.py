"""报名汇总表 of a unit: A4 landscape with the headings that officials compare with, and room for the stamp."""

from dataclasses import dataclass
from typing import Final

from certificates.grid import LANDSCAPE, Paper

HEADINGS: Final = (
    "序号", "代表队", "姓名", "性别", "证件号", "单位", "赛项", "组别", "教练", "手机", "领队及电话", "备注",
)  # fmt: skip
WIDTHS: Final = (30.0, 78.0, 58.0, 32.0, 98.0, 100.0, 84.0, 50.0, 52.0, 68.0, 78.0, 54.0)
SIDE: Final = (LANDSCAPE[0] - sum(WIDTHS)) / 2
TOP: Final = LANDSCAPE[1] - 92
FOOT: Final = 96.0
HEAD: Final = 24.0
ROW: Final = 27.0
A_PAGE: Final = int((TOP - HEAD - FOOT) / ROW)
QR: Final = 56.7  # 20 mm


@dataclass(frozen=True, slots=True)
class ListFacts:
    """`rows` have what stands under the headings after the serial number."""

    title: str
    unit: str
    rows: tuple[tuple[str, ...], ...]
    code: str
    link: str
    site: str
    printed_on: str
    opinion: str = ""


def draw(facts: ListFacts) -> bytes:
    """As many pages as it needs, each with headings, foot and code. Raises Unprintable and DoesNotFit."""
    paper = Paper(LANDSCAPE, f"{facts.title} 报名汇总表")
    pages = [facts.rows[start : start + A_PAGE] for start in range(0, len(facts.rows), A_PAGE)] or [()]
    for number, rows in enumerate(pages, 1):
        if number > 1:
            paper.next_page()
        _page(paper, facts, rows, number, len(pages))
    return paper.finish()


def _page(paper: Paper, facts: ListFacts, rows: tuple[tuple[str, ...], ...], number: int, pages: int) -> None:
    width = sum(WIDTHS)
    paper.text(
        SIDE,
        LANDSCAPE[1] - 68,
        width,
        36,
        f"{facts.title}报名汇总表",
        name="title",
        align="center",
        largest=18,
    )
    paper.text(SIDE, TOP + 2, width / 2, 20, f"报名单位：{facts.unit}", name="unit", largest=10.5)
    paper.words(
        f"共 {len(facts.rows)} 人　第 {number} 页，共 {pages} 页",
        SIDE,
        TOP + 8,
        9.5,
        align="right",
        width=width - 4,
    )
    y = TOP - HEAD
    _row(paper, HEADINGS, y, HEAD, is_head=True)
    for index, row in enumerate(rows, (number - 1) * A_PAGE + 1):
        y -= ROW
        _row(paper, (str(index), *row), y, ROW)
    _foot(paper, facts)


def _row(paper: Paper, cells: tuple[str, ...], y: float, height: float, *, is_head: bool = False) -> None:
    x = SIDE
    for heading, width, text in zip(HEADINGS, WIDTHS, cells, strict=True):
        paper.cell(
            x,
            y,
            width,
            height,
            text,
            name=heading,
            align="center" if is_head or width < 60 else "left",
            largest=9.5,
        )
        x += width


def _foot(paper: Paper, facts: ListFacts) -> None:
    width = sum(WIDTHS)
    paper.words("单位负责人签名：", SIDE + 4, 72, 10.5)
    paper.words("领队签名：", SIDE + 210, 72, 10.5)
    paper.words("单位（盖章）：", SIDE + 370, 72, 10.5)
    paper.words("　　　年　　月　　日", SIDE + 500, 72, 10.5)
    if facts.opinion:
        paper.text(SIDE, 44, width - QR - 120, 22, f"推荐意见：{facts.opinion}", name="opinion", largest=9.5)
    paper.text(
        SIDE,
        24,
        width - QR - 20,
        19,
        f"编号：{facts.code}　　盖章后请扫右侧二维码，拍照或选择 PDF 回传。　　{facts.site}　　{facts.printed_on}",
        name="foot",
        largest=9,
    )
    paper.code(facts.link, SIDE + width - QR - 2, 26, QR)
