"""One's own registrations for programs: the same verbs, rules and hold as behind the form."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from blueprints import policy, web
from blueprints.activity import public_url
from blueprints.api.me import PersonSchema
from blueprints.api.room import door
from blueprints.api.shape import (
    UNKNOWN,
    AskSchema,
    Code,
    Label,
    Line,
    Moment,
    NamedSchema,
    ShownSchema,
    Unfit,
    word,
)
from blueprints.registration import identified
from forms.registration import RegistrationForm
from models.activity import Track
from models.base import is_code
from models.person import Category, SkillLevel
from models.registration import Registration, State
from services import activity as activities
from services import questionnaire as questionnaires
from services import registration as registrations
from services.errors import Missing
from services.registration import Entry

CERTIFICATE_SHOWN = 4


class EntrySchema(AskSchema):
    """A track, and what its form asks. What the track does not ask is refused, as the form does not show it."""

    track = Code(required=True)
    promise = fields.Boolean(
        required=True,
        validate=validate.Equal(True),
        metadata={"description": "True: what is said here is true, and the organiser may check it."},
    )
    name = fields.String(metadata={"description": "Asked where the account has no person yet."})
    category = word(Category, required=True)
    workplace = fields.String()
    post = fields.String()
    years_at_work = fields.Integer(strict=True)
    skill_level = word(SkillLevel)
    level_certificate = fields.String()
    coach = fields.String()
    remark = fields.String()


class WithdrawalSchema(AskSchema):
    note = Line(200, load_default="")


class StepSchema(ShownSchema):
    state = word(State, required=True)
    state_label = Label(attribute="state", required=True)
    at = Moment(required=True)
    note = fields.String(required=True)


class AnswerSchema(ShownSchema):
    """What was said, as it was when it was sent."""

    category = fields.String(required=True)
    workplace = fields.String(required=True)
    post = fields.String(required=True)
    years_at_work = fields.Integer(required=True, allow_none=True)
    skill_level = fields.String(required=True)
    level_certificate = fields.String(
        required=True, metadata={"description": "First and last four characters."}
    )
    coach = fields.String(required=True)
    remark = fields.String(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "level_certificate":
            return _mask(obj.level_certificate)
        return super().get_attribute(obj, attr, default)


class ActivityNameSchema(ShownSchema):
    code = Code(required=True)
    title = fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class RegistrationSchema(ShownSchema):
    code = Code(required=True)
    url = fields.String(required=True)
    state = word(State, required=True)
    state_label = Label(attribute="state", required=True)
    activity = fields.Nested(ActivityNameSchema, required=True)
    track = fields.Nested(NamedSchema, required=True)
    place_in_line = fields.Integer(required=True, allow_none=True)
    made_at = Moment(required=True)
    due_at = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "Until when an offer is open, or a returned entry may be mended."},
    )
    note = fields.String(required=True, metadata={"description": "The reviewer's last words."})

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        match attr:
            case "url":
                return public_url("registration.show", code=obj.code)
            case "place_in_line":
                return registrations.place_in_line(obj)
        return super().get_attribute(obj, attr, default)


class RegistrationWholeSchema(RegistrationSchema):
    person = fields.Nested(PersonSchema, required=True)
    answer = fields.Nested(AnswerSchema, required=True, allow_none=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)


class RegistrationListSchema(ShownSchema):
    items = fields.List(fields.Nested(RegistrationSchema), required=True)


def _mask(text: str) -> str:
    hidden = len(text) - 2 * CERTIFICATE_SHOWN
    if hidden <= 0:
        return "*" * len(text)
    return text[:CERTIFICATE_SHOWN] + "*" * hidden + text[-CERTIFICATE_SHOWN:]


@door.get("/me/registrations", policy=policy.signed_in, answers=RegistrationListSchema, tags=["registration"])
def my_registrations(_asked: dict[str, Any]) -> Any:
    """Everything one entered, what comes next first."""
    return {"items": registrations.of_person(web.principal().person_id)}


@door.get(
    "/registrations/<code>", policy=policy.signed_in, answers=RegistrationWholeSchema, tags=["registration"]
)
def registration(_asked: dict[str, Any], code: str) -> Any:
    """One entry with its answers and its history."""
    return _own(code)


@door.post(
    "/registrations",
    policy=policy.signed_in,
    asks=EntrySchema,
    answers=RegistrationWholeSchema,
    status=201,
    tags=["registration"],
)
def register(asked: dict[str, Any]) -> Any:
    """Enter oneself for a track.

    Where no place is left and the track has a waiting list, the state is `waitlisted`.
    """
    track = activities.get_track_public(asked.pop("track"))
    form, entry = _read(track, asked)
    try:
        with web.writing() as answer:
            account = web.visitor().account
            person = account.person or identified(account, form["name"].data)
            made = registrations.register(track, person, entry, by=account, stamp=web.stamp())
            answer.go("api.registration", code=made.code)
        location = answer.location
    except web.Repeated as again:
        location = again.location
    return _own(location.rpartition("/")[2]), {"Location": location}


@door.post(
    "/registrations/<code>/withdraw",
    policy=policy.signed_in,
    asks=WithdrawalSchema,
    answers=RegistrationWholeSchema,
    tags=["registration"],
)
def withdraw(asked: dict[str, Any], code: str) -> Any:
    """退赛: the place is gone at once."""
    return _once(_own(code), lambda row: registrations.withdraw(row, note=asked["note"], stamp=web.stamp()))


@door.post(
    "/registrations/<code>/accept-offer",
    policy=policy.signed_in,
    answers=RegistrationWholeSchema,
    tags=["registration"],
)
def accept_offer(_asked: dict[str, Any], code: str) -> Any:
    """Take the place that came free."""
    return _once(_own(code), lambda row: registrations.accept_offer(row, stamp=web.stamp()))


def _own(code: str) -> Registration:
    """An entry of the account's person, who may have become known by this very request."""
    if not is_code(code):
        raise Missing
    who = replace(web.principal(), person_id=web.visitor().account.person_id)
    return registrations.get_own(who, code)


def _once(row: Registration, verb: Callable[[Registration], None]) -> Registration:
    """Do it, or with a key that was used see what came of it."""
    code = row.code
    with suppress(web.Repeated), web.writing() as answer:
        verb(row)
        answer.go("api.registration", code=code)
    return _own(code)


def _read(track: Track, asked: dict[str, Any]) -> tuple[RegistrationForm, Entry]:
    """The form's own judgement of what was said: one set of rules for people and programs."""
    values = {name: _typed(value) for name, value in asked.items()}
    is_named = web.visitor().account.person is not None
    form = RegistrationForm.of(
        questionnaires.of(track.activity), MultiDict(values), asks_name=not is_named, meta={"csrf": False}
    )
    wrong = {name: [str(UNKNOWN)] for name in asked if name not in form}
    if not form.validate() or wrong:
        said = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        raise Unfit({**said, **wrong})
    return form, form.entry()


def _typed(value: Any) -> str:
    """A value as a browser would send it."""
    if isinstance(value, bool):
        return "y" if value else ""
    return str(value)
