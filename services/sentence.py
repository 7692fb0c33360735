"""Sentences for people, unsaid until somebody reads them in their language.

The translator is handed in by the composition root, so that no web framework is known here. Everybody
imports these names from `services.text`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import MappingProxyType
from typing import Any, NoReturn, Self

LOCALES = ("zh", "en")
"""The languages of the platform; Chinese is the source."""


def _as_written(message: str) -> str:
    return message


Speak = Callable[[str], AbstractContextManager[Any]]


def _in_any_language(_locale: str) -> AbstractContextManager[None]:
    return nullcontext()


_translate: Callable[[str], str] = _as_written
_speak: Speak = _in_any_language


def install(translate: Callable[[str], str] | None, speak: Speak | None = None) -> None:
    """Hand in the translator, once, from the composition root: `install(flask_babel.gettext,
    flask_babel.force_locale)`. None puts the source back.

    The translator is called with the bare message each time a sentence is read; placeholders are filled in
    here. `speak(locale)` is a context manager within which it translates into that language.
    """
    global _translate, _speak
    _translate = translate or _as_written
    _speak = speak or _in_any_language


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Read sentences in somebody else's language: that of who receives a message, say."""
    with _speak(locale):
        yield


class Sentence:
    """A message that is translated when it is read, not when it is written.

    `str(sentence)` is plain text: Jinja escapes it (there is no `__html__`), JSON and sessions take
    `str(sentence)`. It is never pickled. Placeholders are `%(name)s`; a value put in is never itself read
    as a template, and without values a percent sign is just a percent sign. A translation whose
    placeholders do not fit falls back to the Chinese source rather than failing in front of a person.

    Two sentences are equal when message and values are; a sentence never equals a string, since what it
    reads as depends on the reader.
    """

    __slots__ = ("message", "params")

    message: str
    params: Mapping[str, object]

    def __init__(self, message: str, /, **params: object) -> None:
        self.message = message
        self.params = MappingProxyType(params)

    def __str__(self) -> str:
        translated = str(_translate(self.message))
        if not self.params:
            return translated
        values = dict(self.params)
        try:
            return translated % values
        except (KeyError, TypeError, ValueError):
            return self.message % values

    def __repr__(self) -> str:
        return f"Sentence({self.message!r})"  # values may be personal: they stay out of logs

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, values: object) -> str:
        """WTForms fills the placeholders of its validators' messages this way."""
        return str(self) % values

    def __add__(self, other: object) -> str:
        return str(self) + str(other) if isinstance(other, str | Sentence) else NotImplemented

    def __radd__(self, other: object) -> str:
        return other + str(self) if isinstance(other, str) else NotImplemented

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sentence):
            return NotImplemented
        return self.message == other.message and dict(self.params) == dict(other.params)

    def __hash__(self) -> int:
        return hash(self.message)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Sentence is not pickled: keep str(sentence), or the facts it speaks of")


def _(message: str, /, **params: object) -> Sentence:
    """Mark a Chinese sentence for translation; gettext finds it by this name. Write a literal, never a
    variable.
    """
    return Sentence(message, **params)


class BadText(ValueError):
    """What was typed cannot be kept. `sentence` names what is wrong and what to do, and never repeats the
    text.
    """

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence
