"""What somebody says about themselves."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from forms.account import LONG, REQUIRED, options, reads
from forms.base import Form, strip
from forms.moment import DayField
from models.person import Category, DocumentType, Person, Sex, SkillLevel
from services.person.entry import PersonEntry
from services.text import _, clean_name


def _choice(value: str | None) -> str | None:
    return value or None


class PersonForm(Form):
    """Whose account it is. The number is asked for anew at each correction: it is never sent back to a page."""

    name = StringField(
        _("姓名"), [REQUIRED, LONG, reads(clean_name)], [strip], description=_("与证件一致，会印在证书上。")
    )
    document_type = SelectField(_("证件类型"), validators=[InputRequired()])
    document_number = StringField(
        _("证件号码"), [REQUIRED, Length(max=60, message=_("内容过长，请核对。"))], [strip]
    )
    birth_date = DayField(
        _("出生日期"), [Optional()], description=_("居民身份证、居住证号码中已有，可不填。")
    )
    sex = SelectField(_("性别"), validators=[Optional()], filters=[_choice])
    category = SelectField(_("您是"), validators=[InputRequired()])
    skill_level = SelectField(_("职业技能等级"), validators=[InputRequired()])
    workplace = StringField(_("工作单位或学校"), [Optional(), Length(max=100)], [strip])
    guardian_name = StringField(
        _("监护人姓名"), [Optional(), LONG], [strip], description=_("未满 18 周岁必填。")
    )
    guardian_phone = StringField(
        _("监护人手机号"), [Optional(), LONG], [strip], description=_("将向该号码发送确认短信。")
    )
    agrees = BooleanField(
        _("我同意为核验身份和报名资格，处理我的证件号码（敏感个人信息）"),
        [DataRequired(message=_("证件号码属于敏感个人信息，须您单独同意。"))],
    )

    def __init__(self, labels: Any, person: Person | None = None, **more: Any) -> None:
        """`labels`: the function that gives (value, label) for an enum."""
        super().__init__(**(_of(person) if person is not None else {}), **more)
        self.document_type.choices = options(labels(DocumentType))
        self.sex.choices = options([("", _("不填")), *labels(Sex)])
        self.category.choices = options(labels(Category))
        self.skill_level.choices = options(labels(SkillLevel))
        if person is not None:
            self.document_number.validators = [Optional(), *self.document_number.validators[1:]]
            self.document_number.flags.required = False
            self.document_number.description = _("不填则不改。")

    def entry(self, phone: str = "") -> PersonEntry:
        return PersonEntry(
            name=self.name.data,
            document_type=DocumentType(self.document_type.data),
            document_number=self.document_number.data or "",
            birth_date=self.birth_date.data,
            sex=Sex(self.sex.data) if self.sex.data else None,
            phone=phone,
            category=Category(self.category.data),
            skill_level=SkillLevel(self.skill_level.data),
            workplace=self.workplace.data or "",
            guardian_name=self.guardian_name.data or "",
            guardian_phone=self.guardian_phone.data or "",
        )


def _of(person: Person) -> dict[str, Any]:
    """What is filled in already; never a number."""
    document = person.document
    return {
        "name": person.name,
        "document_type": document.type.value if document else None,
        "birth_date": person.birth_date,
        "sex": person.sex.value if person.sex else "",
        "category": person.category.value,
        "skill_level": person.skill_level.value,
        "workplace": person.workplace or "",
        "guardian_name": person.guardian_name or "",
    }


FIELDS: Sequence[str] = (
    "name", "document_number", "birth_date", "phone", "workplace", "guardian_name", "guardian_phone",
)  # fmt: skip
