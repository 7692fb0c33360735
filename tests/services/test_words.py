"""Every choice that is stored has its word, and no word is empty."""

import inspect
from enum import StrEnum

import pytest

from models import account, activity, organisation, person, registration
from services import words

SHOWN = [
    kind
    for module in (account, activity, organisation, person, registration)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, StrEnum)
    and kind is not StrEnum
    and kind.__module__ == module.__name__
    and words.knows(kind)
]


def test_what_people_choose_from_is_known() -> None:
    assert {activity.Kind, registration.State, person.Category, organisation.Type, account.Role} <= set(SHOWN)


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_each_member_has_a_word_of_its_own(kind: type[StrEnum]) -> None:
    said = [str(words.label(member)) for member in kind]
    assert all(said)
    assert len(set(said)) == len(said)
    assert [value for value, _ in words.choices(kind)] == [member.value for member in kind]
