"""What every test may ask for. The fixtures live in tests/support, one room a file."""

import gc
from typing import Any

import pytest

pytest_plugins = [
    "tests.support.database",
    "tests.support.paper",
    "tests.support.application",
    "tests.support.site",
    "tests.support.browser",
    "tests.support.crowd",
    "tests.support.sinks",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("yongjiang")
    group.addoption(
        "--db",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="database to test on; PostgreSQL is started here unless TEST_DATABASE_URL names a server",
    )
    group.addoption(
        "--soak",
        action="store_true",
        help="run the tests marked soak and those that ask for rounds, with their full counts, and no others",
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--db')}" + (", full counts" if config.getoption("--soak") else "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --soak no test marked soak; with it only those and the ones whose counts it raises.

    On PostgreSQL only what meets a database: the rest has shown itself on SQLite, and would show the same again.
    """
    soak = config.getoption("--soak")
    second = config.getoption("--db") == "postgresql"

    def wanted(item: pytest.Item) -> bool:
        asked = getattr(item, "fixturenames", ())
        if second and "store" not in asked:
            return False
        marked = item.get_closest_marker("soak") is not None
        return marked or "rounds" in asked if soak else not marked

    left_out = [item for item in items if not wanted(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if wanted(item)]


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector of garbage need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Let fixtures see, while they end, whether their test failed: ``request.node.failed``."""
    report = yield
    if report.failed:
        item.failed = True  # type: ignore[attr-defined]
    return report
