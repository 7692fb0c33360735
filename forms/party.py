"""What is said about a team, a unit's list, a seat, a substitution, and by somebody entered by others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from forms.base import Form, strip
from forms.moment import DayField
from forms.number import WholeField
from forms.registration import cleaned
from models.party import Role
from models.person import DocumentType
from services.person import PersonEntry, phones
from services.text import BadText, _, clean_line, clean_name, clean_paragraph
from services.words import choices

Pairs = Iterable[tuple[str, object]]
MOST_SEATS = 500


def _line(limit: int) -> Any:
    return cleaned(lambda text: clean_line(text, limit))


def _paragraph(limit: int) -> Any:
    return cleaned(lambda text: clean_paragraph(text, limit))


def _pairs(pairs: Pairs) -> list[SelectChoice]:
    return [SelectChoice(value, str(label)) for value, label in pairs]


class TeamForm(Form):
    """Of the team itself. Names of its fields keep apart from those of the answers beside it."""

    team_name = StringField(_("队名"), filters=[strip], validators=[DataRequired(_("请填写队名")), _line(60)])
    team_unit = SelectField(_("所属单位（可不选）"), validators=[Optional()])
    team_coach = StringField(
        _("教练（可不填）"), filters=[strip], validators=[Optional(), cleaned(clean_name)]
    )
    team_leader = StringField(
        _("领队（可不填）"), filters=[strip], validators=[Optional(), cleaned(clean_name)]
    )
    team_phone = StringField(
        _("领队手机号（可不填）"),
        filters=[strip],
        description=_("只给主办单位联系用，加密存储。"),
        validators=[Optional()],
    )

    def __init__(self, *args: object, units: Pairs = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.team_unit.choices = _pairs([("", _("不代表单位")), *units])

    def validate_team_phone(self, field: StringField) -> None:
        if field.data:
            try:
                field.data = phones.check(field.data, None)
            except BadText as bad:
                raise ValidationError(str(bad.sentence)) from bad


class JoinForm(Form):
    """As what somebody joins."""

    as_role = RadioField(_("加入为"), validators=[DataRequired(_("请选择正式队员或替补"))])

    def __init__(self, *args: object, roles: Sequence[Role] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        names = dict(choices(Role))
        self.as_role.choices = _pairs((role.value, names[role.value]) for role in roles)
        if len(roles) == 1 and not self.as_role.data:
            self.as_role.data = roles[0].value

    def role(self) -> Role:
        return Role(self.as_role.data)


class RoleForm(Form):
    """One button that carries the role."""

    role = SelectField(
        choices=[SelectChoice(role.value, role.value) for role in (Role.MEMBER, Role.SUBSTITUTE)]
    )


class NoteForm(Form):
    note = StringField(_("原因（可不填）"), filters=[strip], validators=[Optional(), _line(200)])


class ReasonForm(Form):
    note = StringField(
        _("原因"), filters=[strip], validators=[DataRequired(_("请写明原因，对方会看到")), _line(200)]
    )


class SendForm(Form):
    """Sending a team."""

    takes_part = BooleanField(_("名额不够时，部分人先参加也可以（不勾选则全队一起等候补）"))
    promise = BooleanField(
        _("队员均已知情并同意参赛，所填内容真实。"), validators=[InputRequired(_("请确认队员已知情并同意"))]
    )


class LockForm(Form):
    """Locking and sending a unit's list."""

    opinion = TextAreaField(
        _("单位推荐意见"),
        filters=[strip],
        description=_("会印在报名表和汇总表上。"),
        validators=[DataRequired(_("请填写单位推荐意见")), _paragraph(300)],
    )
    takes_part = BooleanField(_("名额不够时，部分人先参加也可以（不勾选则全体一起等候补）"))
    promise = BooleanField(
        _("已核对名单和顺序，人员均已知情。锁定后只能更换或退出。"),
        validators=[InputRequired(_("请确认已核对名单"))],
    )


class AskForm(Form):
    seats = WholeField(
        _("申请名额"),
        validators=[
            InputRequired(_("请填写需要几个名额")),
            NumberRange(1, MOST_SEATS, _("应在 1 到 500 之间")),
        ],
    )
    reason = StringField(
        _("说明"),
        filters=[strip],
        description=_("例如：本单位有 4 名高级工备赛。主办单位分配时会看到。"),
        validators=[DataRequired(_("请用一句话说明")), _line(200)],
    )


class ListForm(Form):
    name = StringField(
        _("名单名称"),
        filters=[strip],
        description=_("例如：数控 2301 班。"),
        validators=[DataRequired(_("请填写名单名称")), _line(60)],
    )


def seats_form(rows: Sequence[tuple[str, str, int | None, str]]) -> Any:
    """The class of a form with a number and a note for each request: (code, unit, allotted, note)."""
    fields: dict[str, Any] = {}
    for code, unit, allotted, note in rows:
        fields[f"seats_{code}"] = WholeField(
            _("给“%(unit)s”的名额", unit=unit),
            default=allotted,
            validators=[Optional(), NumberRange(0, MOST_SEATS, _("应在 0 到 500 之间"))],
        )
        fields[f"note_{code}"] = StringField(
            _("给“%(unit)s”的说明", unit=unit),
            default=note,
            filters=[strip],
            validators=[Optional(), _line(200)],
        )
    return type("SeatsForm", (Form,), fields)


def order_form(rows: Sequence[tuple[str, str, int]]) -> Any:
    """The class of a form with a number for each line of a list: (code, name, rank)."""
    fields = {
        f"rank_{code}": WholeField(
            _("%(name)s 的序号", name=name), default=rank or None, validators=[Optional()]
        )
        for code, name, rank in rows
    }
    return type("OrderForm", (Form,), fields)


def numbers(form: Form, prefix: str) -> Mapping[str, int]:
    """The numbers that were filled in, by what stands after the prefix."""
    return {
        name.removeprefix(prefix): field.data
        for name, field in form._fields.items()
        if name.startswith(prefix) and field.data is not None
    }


class LineForm(Form):
    """Whom a unit puts on its list. The number is never sent back to a page."""

    person_name = StringField(
        _("姓名"), filters=[strip], validators=[DataRequired(_("请填写姓名")), cleaned(clean_name)]
    )
    person_phone = StringField(
        _("本人手机号"),
        filters=[strip],
        description=_("报名后会请本人确认，请填本人的手机号。"),
        validators=[DataRequired(_("请填写本人手机号")), Length(max=30)],
    )
    person_document_type = SelectField(_("证件类型"), validators=[InputRequired()])
    person_document_number = StringField(_("证件号码"), filters=[strip], validators=[Length(max=60)])
    person_birth_date = DayField(_("出生日期"), [Optional()], description=_("居民身份证号码中已有，可不填。"))
    person_guardian_name = StringField(
        _("监护人姓名"), [Optional(), Length(max=64)], [strip], description=_("未满 18 周岁必填。")
    )
    person_guardian_phone = StringField(_("监护人手机号"), [Optional(), Length(max=30)], [strip])
    person_guardian_agreed = BooleanField(_("本校（本单位）已取得监护人同意"))

    def __init__(self, *args: object, needs_document: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.person_document_type.choices = _pairs(choices(DocumentType))
        if needs_document:
            self.person_document_number.validators = [
                DataRequired(_("请填写证件号码")),
                Length(max=60),
            ]
            self.person_document_number.flags.required = True

    def person(self, **more: Any) -> PersonEntry:
        """`more`: category and skill level, which the answers beside it say."""
        return PersonEntry(
            name=self.person_name.data,
            document_type=DocumentType(self.person_document_type.data),
            document_number=self.person_document_number.data or "",
            birth_date=self.person_birth_date.data,
            phone=self.person_phone.data or "",
            guardian_name=self.person_guardian_name.data or "",
            guardian_phone=self.person_guardian_phone.data or "",
            **more,
        )


class PickForm(Form):
    """People of earlier entries, ticked."""

    people = SelectMultipleField(_("人员"), validators=[DataRequired(_("请先勾选人员"))])

    def __init__(self, *args: object, people: Pairs = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.people.choices = _pairs(people)


class ReplaceForm(Form):
    comes = RadioField(_("由谁接替"), validators=[DataRequired(_("请选择接替的人"))])
    note = StringField(
        _("更换原因"), filters=[strip], validators=[DataRequired(_("请写明更换原因")), _line(200)]
    )

    def __init__(self, *args: object, people: Pairs = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.comes.choices = _pairs(people)


class OfferForm(Form):
    """Who comes: all, or those who are ticked."""

    keep = SelectMultipleField(_("谁参加"), validators=[DataRequired(_("请至少勾选一人"))])

    def __init__(self, *args: object, people: Pairs = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.keep.choices = _pairs(people)


class RecommendForm(Form):
    decision = RadioField(_("推荐意见"), validators=[DataRequired(_("请选择是否推荐"))], choices=[])
    note = TextAreaField(
        _("意见"),
        filters=[strip],
        description=_("推荐意见会印在报名表上；不予推荐时请写明原因，本人会看到。"),
        validators=[DataRequired(_("请填写意见")), _paragraph(300)],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = _pairs([("recommend", _("同意推荐")), ("decline", _("不予推荐"))])


class ConsentForm(Form):
    """Somebody entered by others: it is right, or it is not. Without a sign-in, the end of their number says who."""

    decision = RadioField(_("您的意见"), validators=[DataRequired(_("请选择确认或不同意"))])
    digits = StringField(_("证件号码后四位"), filters=[strip], validators=[Length(max=8)])
    note = StringField(_("不同意的原因"), filters=[strip], validators=[_line(200)])

    def __init__(self, *args: object, asks_digits: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = _pairs(
            [("confirm", _("是我本人，同意报名")), ("object", _("不同意，请撤销这份报名"))]
        )
        if not asks_digits:
            del self.digits

    def validate_digits(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(str(_("请填写后四位，用来确认是您本人")))

    def validate_note(self, field: StringField) -> None:
        if self.decision.data == "object" and not field.data:
            raise ValidationError(str(_("请写明原因，报名单位会看到")))
