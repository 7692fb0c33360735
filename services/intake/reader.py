"""Reads one workbook in a process of its own: `python -I reader.py < list.xlsx`.

Whatever a workbook does to its reader, it does it here, within 512 MB and 20 seconds. It knows nothing of the platform
and imports nothing of it. Out come lines of JSON: first `{"mark": […]}`, what the hidden sheet of the platform's own
template says; then `[row number, [cells]]` for every row that is not empty; last `{"end": rows}`. A cell is text, a
number, `{"d": "1990-01-31"}`, true or false, or null. What cannot be read ends with `{"fault": word, "at": …}`.
"""

import datetime as dt
import io
import json
import math
import resource
import sys
from typing import Any

MOST_MEMORY = 512 * 2**20
MOST_SECONDS = 20
MOST_ROWS = 20_000
MOST_COLUMNS = 80
MOST_CHARACTERS = 2_000
MOST_BYTES = 16_000_000
"""Of all that is handed over: the web process must hold it."""
TOP = 30
"""Titles and notes that may stand above the people."""
MARK = "_yongjiang"


class Fault(Exception):
    def __init__(self, word: str, at: str = "") -> None:
        super().__init__(word)
        self.word, self.at = word, at


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    out: list[str] = []
    try:
        read(sys.stdin.buffer.read(), out)
    except Fault as fault:
        out = [json.dumps({"fault": fault.word, "at": fault.at})]
    except MemoryError:
        out = ['{"fault": "memory", "at": ""}']
    except Exception:  # noqa: BLE001  whatever the file did to the reader
        out = ['{"fault": "broken", "at": ""}']
    sys.stdout.buffer.write("\n".join(out).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def read(data: bytes, out: list[str]) -> None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  within the limits

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [
        (index, each.name, each.visible == SheetVisibleEnum.Visible)
        for index, each in enumerate(book.sheets_metadata)
        if each.typ == SheetTypeEnum.WorkSheet
    ]
    mark: list[str] = []
    for index, name, _visible in sheets:
        if name == MARK:
            first = book.get_sheet_by_index(index).to_python(nrows=1)
            mark = [str(cell)[:40] for cell in first[0][:6]] if first else []
    out.append(json.dumps({"mark": mark}))
    for index, name, visible in sheets:
        if visible and name != MARK:
            rows = take(book.get_sheet_by_index(index))
            if rows:
                out += rows
                out.append(json.dumps({"end": len(rows)}))
                return
    out.append('{"end": 0}')


def take(sheet: Any) -> list[str]:
    """The rows of a sheet that hold something, as lines."""
    lines: list[str] = []
    size = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        width = len(row)
        while width and row[width - 1] in ("", None):
            width -= 1
        if not width:
            continue
        if width > MOST_COLUMNS:
            raise Fault("columns", f"{address(width)}{number}")
        if len(lines) >= MOST_ROWS + TOP:
            raise Fault("rows", str(number))
        cells = [plain(cell, column, number) for column, cell in enumerate(row[:width], 1)]
        if any(cell is not None for cell in cells):
            line = json.dumps([number, cells], ensure_ascii=False, separators=(",", ":"))
            size += len(line.encode("utf-8", "replace"))
            if size > MOST_BYTES:
                raise Fault("bytes", str(number))
            lines.append(line)
    return lines


def plain(cell: Any, column: int, number: int) -> Any:
    if isinstance(cell, str):
        if len(cell) > MOST_CHARACTERS:
            raise Fault("long", f"{address(column)}{number}")
        return cell if cell.strip() else None
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            return None
        return int(cell) if isinstance(cell, int) or (cell.is_integer() and abs(cell) < 1e15) else cell
    if isinstance(cell, dt.datetime | dt.date):
        return {"d": cell.isoformat()[:10]}
    return str(cell)[:40]


def address(column: int) -> str:
    """C of 3, AA of 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


if __name__ == "__main__":
    main()
