"""What a certificate says, and what of it is public."""

import datetime as dt
import json
from dataclasses import fields, replace

import pytest

from certificates.facts import BadFacts, Facts, canonical, name_hash, statement
from tests.support.paper import FACTS, SITE, TOKEN

PUBLIC = {"token": TOKEN, "site": SITE, "kid": "3fa9c1d2"}


def test_facts_come_back_as_they_went() -> None:
    assert Facts.from_json(FACTS.to_json()) == FACTS


def test_the_statement_masks_the_name_and_tells_no_salt() -> None:
    said = statement(FACTS, **PUBLIC)
    assert said["name"] == "张**淼"
    assert said["issued_on"] == "2026-12-18"
    text = canonical(said).decode()
    assert FACTS.name not in text and FACTS.salt not in text and "示例精密" not in text


@pytest.mark.parametrize("name", [field.name for field in fields(Facts) if field.name != "issued_on"])
def test_every_word_of_the_paper_is_held_fast(name: str) -> None:
    changed = replace(FACTS, **{name: 2 if name == "version" else getattr(FACTS, name) + "·"})
    assert statement(changed, **PUBLIC)["paper_hash"] != statement(FACTS, **PUBLIC)["paper_hash"]


def test_the_day_is_held_fast() -> None:
    changed = replace(FACTS, issued_on=dt.date(2026, 12, 19))
    assert statement(changed, **PUBLIC)["paper_hash"] != statement(FACTS, **PUBLIC)["paper_hash"]


def test_the_hash_of_a_name_agrees_however_it_is_composed() -> None:
    assert name_hash("salt", "Zo\u00eb") == name_hash("salt", "Zoe\u0308")
    assert name_hash("salt", "Zoë") != name_hash("tlas", "Zoë")


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1"}, {"version": True}, {"version": 1.0}, {"name": None}, {"issued_on": "20261218"},
        {"issued_on": "2026-13-01"}, {"more": ""},
    ],
)  # fmt: skip
def test_other_facts_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadFacts):
        Facts.from_json(json.dumps({**FACTS.record(), **change}))


@pytest.mark.parametrize("text", ["", "[]", "{}", "1", "[" * 100_000])
def test_what_is_no_facts_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadFacts):
        Facts.from_json(text)


def test_a_site_is_a_host() -> None:
    with pytest.raises(ValueError, match="host"):
        statement(FACTS, token=TOKEN, site="https://" + SITE, kid="k")
