"""The plan laid out for reading: its tasks in order, narrowed to a clause, a department or a source."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from models.indicator import Clause, Deliverable, Indicator, Plan, Source
from models.indicator.target import Task

Some = TypeVar("Some", bound=Task)


@dataclass(frozen=True, slots=True)
class Section:
    """One clause, or the aims of section two (`clause` None, number 0), with what is asked under it."""

    number: int
    clause: Clause | None
    indicators: tuple[Indicator, ...]
    deliverables: tuple[Deliverable, ...]


def sections(
    plan: Plan, *, clause: int | None = None, department: str | None = None, source: Source | None = None
) -> list[Section]:
    """The plan by clause, aims first; clauses under which nothing is left are not there.

    A department is concerned by what it leads or shares.
    """

    def left(tasks: Iterable[Some], number: int) -> tuple[Some, ...]:
        return tuple(
            task
            for task in tasks
            if task.clause == number
            and (department is None or task.concerns(department))
            and (source is None or task.feed is source)
        )

    numbers = [0, *(row.number for row in plan.clauses)] if clause is None else [clause]
    found = (
        Section(number, plan.clause(number), left(plan.indicators, number), left(plan.deliverables, number))
        for number in numbers
    )
    return [section for section in found if section.indicators or section.deliverables]
