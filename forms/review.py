"""What a reviewer decides: on one entry, field by field; on many at once."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from forms.base import Form, strip
from forms.number import is_whole
from forms.registration import cleaned
from models.base import is_code
from models.registration import State
from services.text import Sentence, _, clean_line, clean_paragraph

DECISIONS: dict[State, tuple[str, ...]] = {
    State.ACCEPTED: ("send_back", "reject"),
    State.RETURNED: ("reject",),
}
"""Where not all three are open."""

COMMENT_LENGTH = 120


class ReviewForm(Form):
    """What a reviewer may decide in the state the entry is in. `with_fields` adds what is asked field by field."""

    decision = RadioField(_("审核意见"), validators=[DataRequired(_("请选择审核意见"))])
    note = TextAreaField(
        _("给报名人的说明"),
        filters=[strip],
        description=_("退回或不通过时，说明与逐项意见至少填一处，报名人会看到。"),
        validators=[Length(max=300), cleaned(lambda text: clean_paragraph(text, 300))],
    )
    version = HiddenField(validators=[DataRequired()])
    asked: Sequence[str] = ()

    def __init__(self, *args: object, state: State, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        ways = {"accept": _("审核通过"), "send_back": _("退回补正"), "reject": _("审核不通过")}
        self.decision.choices = [SelectChoice(way, str(ways[way])) for way in DECISIONS.get(state, ways)]

    def validate_note(self, field: TextAreaField) -> None:
        if field.data or self.decision.data not in ("send_back", "reject"):
            return
        if self.decision.data == "reject" or not self.comments():
            raise ValidationError(str(_("请写明原因，报名人会看到这段文字")))

    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return int(text) if is_whole(text) else -1

    def comments(self) -> dict[str, str]:
        """What is to be mended, by field: the ticked phrases and the words beside them."""
        found = {}
        for key in self.asked:
            said = [*(self[f"phrase_{key}"].data or []), self[f"comment_{key}"].data or ""]
            text = str(_("；")).join(part for part in said if part)
            if text:
                found[key] = text[:200]
        return found

    def has_comment(self, key: str) -> bool:
        return key in self.comments()


def with_fields(asked: Mapping[str, str], phrases: Mapping[str, Sequence[Sentence]]) -> type[ReviewForm]:
    """The form for an entry with these fields (names by key), each with phrases of one click and a line of words."""
    parts: dict[str, object] = {"asked": tuple(asked)}
    for key, name in asked.items():
        parts[f"phrase_{key}"] = SelectMultipleField(
            name,
            choices=[SelectChoice(str(phrase), str(phrase)) for phrase in phrases.get(key, ())],
            validators=[Optional()],
        )
        parts[f"comment_{key}"] = StringField(
            name,
            filters=[strip],
            validators=[
                Optional(),
                Length(max=COMMENT_LENGTH),
                cleaned(lambda text: clean_line(text, COMMENT_LENGTH)),
            ],
        )
    return type("FieldsForm", (ReviewForm,), parts)


MOST_TICKED = 100

WAYS = {"accept": State.ACCEPTED, "send_back": State.RETURNED, "reject": State.REJECTED}


class TickForm(Form):
    """The ticked entries of the list, each with the version that was shown: `code:version`."""

    entries = SelectMultipleField(_("选择"), validate_choice=False)

    def seen_versions(self) -> dict[str, int]:
        """Version by code, in the order of the list. What nobody showed is left out."""
        return versions(self.entries.data or [])


class BulkForm(TickForm):
    """One decision on them all, after it was shown whom it concerns."""

    decision = HiddenField(validators=[DataRequired()])
    note = TextAreaField(
        _("给报名人的说明"),
        filters=[strip],
        validators=[Length(max=300), cleaned(lambda text: clean_paragraph(text, 300))],
    )

    def state(self) -> State | None:
        return WAYS.get(str(self.decision.data))

    def validate_entries(self, field: SelectMultipleField) -> None:
        if not self.seen_versions():
            raise ValidationError(str(_("请先勾选要处理的报名。")))

    def validate_decision(self, field: HiddenField) -> None:
        if self.state() is None:
            raise ValidationError(str(_("请选择处理方式。")))

    def validate_note(self, field: TextAreaField) -> None:
        if self.state() in (State.RETURNED, State.REJECTED) and not field.data:
            raise ValidationError(str(_("请写明原因，报名人会看到这段文字")))


def versions(texts: Sequence[object]) -> dict[str, int]:
    parts = [str(text).partition(":") for text in texts[:MOST_TICKED]]
    return {code: int(version) for code, _colon, version in parts if is_code(code) and is_whole(version)}


class UnmaskForm(Form):
    reason = StringField(
        _("查看原因"),
        filters=[strip],
        validators=[DataRequired(_("请写明查看原因")), Length(max=200), cleaned(clean_line)],
    )
