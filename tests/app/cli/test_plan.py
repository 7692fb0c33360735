from pathlib import Path

import pytest
from flask import Flask

from tests.support.plan import PLANS


def test_a_plan_is_loaded_once_and_listed(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    first = run(args=["plan", "load", str(PLANS / "yongchuan-2023.toml")])
    assert first.exit_code == 0, first.output
    assert "52 indicators, 36 deliverables" in first.output
    again = run(args=["plan", "load", str(PLANS / "yongchuan-2023.toml")])
    assert "0 rows added, 0 changed" in again.output
    assert run(args=["plan", "load", str(PLANS / "demo-continuation.toml")]).exit_code == 0
    lines = run(args=["plan", "list"]).output.splitlines()
    assert [line.split()[0] for line in lines] == ["yongchuan-2023", "demo-continuation"]
    assert "demo" in lines[1].split()


@pytest.mark.parametrize(
    ("content", "said"), [("[plan", "Expected"), ("[plan]\ncode = 'x'", "indicator"), ("a = 1", "[plan]")]
)
def test_a_bad_file_is_refused_with_its_places(app: Flask, tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(content, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["plan", "load", str(file)])
    assert result.exit_code == 1
    assert said in result.output
