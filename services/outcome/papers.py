"""What certificates say of a line, and that they fall when it says something else."""

from models.outcome import Line
from services.stamp import Stamp


def subject(line: Line) -> str:
    return f"line:{line.code}"


def says(line: Line) -> tuple[object, ...]:
    """What of a line stands on its certificate."""
    return (line.verdict, line.award, line.hours)


def fall(line: Line, reason: str, *, stamp: Stamp) -> None:
    """Revoke the live certificate of a line."""
