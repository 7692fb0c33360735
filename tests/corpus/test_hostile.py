"""R29: whatever a file does, it does it to the process that reads it, and a person reads what to do next."""

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from services import intake as intakes
from services.upload import BadFile
from tests.corpus import hostile

AT_ONCE = 2


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def attempt(case: hostile.Case) -> tuple[str, str, float]:
    name, file_name, data, verdict = case
    began = time.monotonic()
    try:
        sheet = intakes.read(data, file_name)
        list(sheet.rows(0, 50))
        columns = ()
        answer = "read" if verdict == "either" or _is_no_list(sheet, columns) else "READ"
    except BadFile as no:
        assert str(no.sentence).endswith("。"), name
        answer = "refused"
    except Exception as fault:  # noqa: BLE001  the finding itself
        answer = f"CRASHED {type(fault).__name__}"
    return name, answer, time.monotonic() - began


def _is_no_list(sheet: intakes.Sheet, _columns: object) -> bool:
    """A header without people: `start` says so."""
    return len(sheet.lines) < 2


def test_a_corpus_of_hostile_files() -> None:
    corpus = hostile.cases()
    assert len(corpus) >= 120
    attempt(corpus[-1])
    before, peak = resident(), [0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(attempt, corpus))
    over.set()
    watcher.join()
    wrong = [(name, answer) for name, answer, _seconds in found if answer[0].isupper()]
    assert not wrong, wrong
    slowest = max(found, key=lambda each: each[2])
    assert slowest[2] < 20, slowest
    grown = (peak[0] - before) / 2**20
    assert grown < 64 * AT_ONCE, f"grew by {grown:.0f} MB"
    print(f"{len(corpus)} files, slowest {slowest[2]:.1f} s ({slowest[0]}), grown by {grown:.0f} MB")
