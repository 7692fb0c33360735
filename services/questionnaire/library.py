"""Every field of the official 报名表, each with what it is for, how delicate it is and how long it is kept.

Left out on purpose: 民族 (not needed) and a copy of the identity document (looked at on the spot instead).
"""

from dataclasses import replace

from models.activity import EntryMode
from models.activity import Kind as ActivityKind
from models.person import Category, Sex, SkillLevel
from services.questionnaire.field import Field, Kind, Option, Retention, Sensitivity
from services.text import Sentence, _
from services.words import choices

SAY_WHO = _("确认参赛身份和组别")
QUALIFY = _("资格审查")
REACH = _("活动当天联系")
CARE = _("安排服装、用餐和安全保障")
LIST = _("编印秩序册和汇总表")


def _words(kind: type[Category] | type[SkillLevel] | type[Sex]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in choices(kind))


def _options(*pairs: tuple[str, Sentence, str]) -> tuple[Option, ...]:
    return tuple(Option(value, label, label_en) for value, label, label_en in pairs)


SIZES = tuple(Option(size.lower(), size, size) for size in ("S", "M", "L", "XL", "XXL", "XXXL"))
EDUCATION = _options(
    ("junior", _("初中及以下"), "Junior secondary or below"),
    ("secondary", _("高中（中专、中技）"), "Senior or vocational secondary"),
    ("college", _("大专（高技）"), "College diploma"),
    ("bachelor", _("本科"), "Bachelor"),
    ("graduate", _("研究生"), "Postgraduate"),
)
DIET = _options(
    ("none", _("无"), "None"),
    ("halal", _("清真"), "Halal"),
    ("vegetarian", _("素食"), "Vegetarian"),
    ("other", _("其他，现场说明"), "Other, to be said on the spot"),
)

_OPEN, _PERSONAL, _SENSITIVE = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.SENSITIVE
_DAY = Retention.DAY

_FIELDS = (
    Field(
        "category", Kind.CHOICE, _("参与者类别"), "Participant category", required=True,
        options=_words(Category), purpose=SAY_WHO,
    ),
    Field("workplace", Kind.TEXT, _("工作单位或学校"), "Workplace or school", purpose=QUALIFY, most=100),
    Field(
        "department", Kind.TEXT, _("部门、院系或专业年级"), "Department, faculty or class", purpose=QUALIFY,
        most=60,
    ),
    Field("post", Kind.TEXT, _("岗位或专业年级"), "Post, or major and year", purpose=QUALIFY, most=60),
    Field(
        "trade", Kind.TEXT, _("从事的职业（工种）"), "Trade", help=_("如：铣工、电工、中式烹调师。"),
        purpose=QUALIFY, most=60,
    ),
    Field("years_at_work", Kind.NUMBER, _("从事本职业年限"), "Years in the trade", purpose=QUALIFY, most=60),
    Field(
        "skill_level", Kind.CHOICE, _("现有职业技能等级"), "Present skill level", options=_words(SkillLevel),
        purpose=QUALIFY,
    ),
    Field(
        "level_certificate", Kind.TEXT, _("技能等级证书编号"), "Number of the level certificate",
        help=_("22 位，以字母开头；没有可不填。"), purpose=QUALIFY, most=22,
    ),
    Field("title", Kind.TEXT, _("职称"), "Professional title", purpose=QUALIFY, most=60),
    Field(
        "education", Kind.CHOICE, _("文化程度"), "Education", options=EDUCATION, purpose=QUALIFY,
    ),
    Field(
        "sex", Kind.CHOICE, _("性别"), "Sex", help=_("登记了居民身份证的，不必再问。"), options=_words(Sex),
        purpose=LIST,
    ),
    Field(
        "birth_date", Kind.DATE, _("出生日期"), "Date of birth", help=_("登记了居民身份证的，不必再问。"),
        purpose=QUALIFY,
    ),
    Field(
        "phone", Kind.PHONE, _("活动当天联系手机"), "Phone on the day",
        help=_("与账号手机不同时填写。"), purpose=REACH, sensitivity=_SENSITIVE, retention=Retention.CONTACT,
    ),
    Field("coach", Kind.NAME, _("教练"), "Coach", purpose=LIST, most=64),
    Field("leader", Kind.NAME, _("领队"), "Team leader", purpose=LIST, most=64),
    Field(
        "leader_phone", Kind.PHONE, _("领队手机"), "Team leader's phone", purpose=REACH,
        sensitivity=_SENSITIVE, retention=Retention.CONTACT,
    ),
    Field(
        "photo", Kind.FILE, _("近期照片"), "Recent photo", help=_("免冠证件照，JPG 或 PNG，用于参赛证。"),
        purpose=_("制作参赛证、现场核对本人"), sensitivity=_SENSITIVE, pictures_only=True,
    ),
    Field(
        "employment_proof", Kind.FILE, _("在职证明"), "Proof of employment",
        help=_("加盖单位公章后拍照或扫描。"), purpose=QUALIFY,
    ),
    Field("student_card", Kind.FILE, _("学生证或在读证明"), "Student card", purpose=QUALIFY),
    Field("level_file", Kind.FILE, _("技能等级或职称证书"), "Level or title certificate", purpose=QUALIFY),
    Field(
        "emergency_name", Kind.NAME, _("紧急联系人"), "Emergency contact", purpose=CARE,
        sensitivity=_SENSITIVE, retention=_DAY, most=64,
    ),
    Field(
        "emergency_phone", Kind.PHONE, _("紧急联系人手机"), "Emergency phone", purpose=CARE,
        sensitivity=_SENSITIVE, retention=_DAY,
    ),
    Field("size", Kind.CHOICE, _("服装尺码"), "Clothing size", options=SIZES, purpose=CARE, sensitivity=_OPEN,
          retention=_DAY),
    Field("diet", Kind.CHOICE, _("饮食要求"), "Diet", options=DIET, purpose=CARE, sensitivity=_SENSITIVE,
          retention=_DAY),
    Field("remark", Kind.PARAGRAPH, _("备注"), "Remark", purpose=_("其他需要说明的情况"), most=300),
)  # fmt: skip

LIBRARY: dict[str, Field] = {field.key: field for field in _FIELDS}
"""In the order of the paper."""

COLUMNS = frozenset(
    {
        "category", "workplace", "post", "years_at_work", "skill_level", "level_certificate", "coach",
        "remark",
    }
)  # fmt: skip
"""Those with a column of their own in `Answer`."""

LOCKED = "category"
"""Always the first and always asked: entries are counted by it."""

ELSEWHERE: tuple[tuple[Sentence, Sentence], ...] = (
    (_("姓名、证件、手机"), _("来自身份登记，加密保存，表上只显示")),
    (_("赛项、组别"), _("即所报的项目")),
    (_("单位推荐意见"), _("由单位推荐时填写，或盖章回传")),
    (_("真实性承诺"), _("每份报名都要勾选")),
    (_("资格审查意见"), _("由审核员填写")),
)
"""What else the paper has, and where it comes from: no form asks it again."""

PRESET_WORDS: dict[EntryMode, tuple[Sentence, Sentence]] = {
    EntryMode.SINGLE: (_("个人报名"), _("本人填写，通常两分钟填完")),
    EntryMode.UNIT: (_("单位推荐"), _("另问部门、文化程度、照片和在职证明，供盖章和资格审查")),
    EntryMode.TEAM: (_("团队报名"), _("另问领队、紧急联系人和服装尺码，每名队员各填一份")),
}

_BASE = ("category", "workplace", "post")
_LEVEL = ("years_at_work", "skill_level", "level_certificate")
_PRESETS: dict[EntryMode, tuple[str, ...]] = {
    EntryMode.UNIT: (
        "category", "workplace!", "department", "post!", "education", "years_at_work", "skill_level",
        "level_certificate", "coach", "photo", "employment_proof", "remark",
    ),
    EntryMode.TEAM: (
        "category", "workplace", "post", "years_at_work", "skill_level", "level_certificate", "coach", "leader",
        "emergency_name!", "emergency_phone!", "size", "remark",
    ),
}  # fmt: skip


def preset(mode: EntryMode, kind: ActivityKind) -> tuple[Field, ...]:
    """The fields of a preset; a single entry asks what its kind of activity needs."""
    from_kind = {
        ActivityKind.COMPETITION: (*_BASE, *_LEVEL, "coach", "remark"),
        ActivityKind.TRAINING_CLASS: (*_BASE, *_LEVEL, "remark"),
        ActivityKind.ASSESSMENT: (*_BASE, *_LEVEL, "remark"),
    }
    names = _PRESETS.get(mode) or from_kind.get(kind, (*_BASE, "remark"))
    return tuple(_picked(name) for name in names)


def _picked(name: str) -> Field:
    field = LIBRARY[name.rstrip("!")]
    return replace(field, required=True) if name.endswith("!") else field
