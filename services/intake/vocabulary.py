"""The words of lists: the headings on the platform's own template, those that units use instead, and how they name
what a fixed choice offers.

Headings are the words of official forms, so they are Chinese in every language: a list is compared with paper.
"""

import re
from collections.abc import Mapping
from functools import cache

from models.person import Category, DocumentType, Sex, SkillLevel
from services.text import compact
from services.words import choices

HEADINGS: dict[str, str] = {
    "name": "姓名",
    "document_type": "证件类型",
    "document_number": "证件号码",
    "phone": "手机",
    "sex": "性别",
    "birth_date": "出生日期",
    "guardian_name": "监护人姓名",
    "guardian_phone": "监护人手机",
    "track": "赛项组别",
    "category": "参与者类别",
    "workplace": "单位",
    "post": "职务/岗位",
    "years_at_work": "从事本职业年限",
    "skill_level": "现有职业技能等级",
    "level_certificate": "证书编号",
    "coach": "教练",
    "remark": "备注",
}

SYNONYMS: dict[str, str] = {
    "name": (
        "姓名 名字 选手姓名 参赛者姓名 参赛选手 选手 人员姓名 学员姓名 学生姓名 "
        "职工姓名 员工姓名 参赛人 参赛人员 name"
    ),
    "document_type": "证件类型 证件类别 证件种类 证件名称 身份证件类型 idtype",
    "document_number": (
        "证件号码 证件号 身份证号 身份证号码 身份证 身份证件号码 公民身份号码 "
        "居民身份证号码 居民身份证 有效证件号码 证件编号 身份证件号 idnumber id"
    ),
    "phone": (
        "手机 手机号 手机号码 联系电话 电话 电话号码 联系方式 联系手机 本人手机 "
        "移动电话 联系人电话 phone mobile"
    ),
    "sex": "性别 sex gender",
    "birth_date": "出生日期 出生年月日 出生年月 生日 birthday",
    "guardian_name": "监护人姓名 监护人 家长姓名 家长",
    "guardian_phone": "监护人手机 监护人电话 监护人联系电话 家长电话 家长手机",
    "track": (
        "赛项组别 赛项 项目 参赛项目 竞赛项目 比赛项目 报名项目 参赛赛项 组别 "
        "参赛组别 赛项/项目 工种 参赛工种 班次 班级名称 track"
    ),
    "category": "参与者类别 人员类别 人员类型 参赛类别 身份类别 人员身份 类别 category",
    "workplace": (
        "单位 工作单位 单位名称 所在单位 工作单位或学校 学校 学校名称 所在学校 院校 "
        "公司 企业 企业名称 参赛单位 代表单位 代表队 推荐单位 workplace"
    ),
    "post": ("职务/岗位 职务 岗位 岗位或专业年级 专业年级 专业 工作岗位 职务岗位 部门/院系/专业年级 post"),
    "years_at_work": "从事本职业年限 工作年限 工龄 从业年限 本职业年限 从事本工种年限",
    "skill_level": (
        "现有职业技能等级 职业技能等级 技能等级 现有技能等级 等级 职业资格等级 现有职业技能等级/职称"
    ),
    "level_certificate": "证书编号 技能等级证书编号 职业资格证书编号 等级证书编号 证书号",
    "department": "部门 所在部门 院系 所在院系 科室 车间",
    "education": "文化程度 学历 最高学历 教育程度",
    "leader": "领队 领队姓名",
    "emergency_name": "紧急联系人 紧急联系人姓名 应急联系人",
    "emergency_phone": "紧急联系人手机 紧急联系人电话 紧急联系电话 应急联系电话",
    "size": "服装尺码 衣服尺码 尺码 服装号型",
    "diet": "饮食要求 用餐要求 饮食禁忌",
    "coach": "教练 指导教师 指导老师 教练员 辅导教师",
    "remark": "备注 说明 其他说明",
}
NOISE = frozenset(["序号", "编号", "no", "no.", "号"])


_MARKS = re.compile(r"[\s　*＊:：、,，.。;；\-—_（）()【】\[\]“”\"']|必填|选填|可不填|请填写")

_CATEGORY_WORDS: dict[str, str] = {
    "enterprise_employee": "企业职工 职工 企业员工 员工 工人 在职职工 企业 职工组",
    "vocational_student": "职业院校学生 学生 中职学生 高职学生 技校学生 技工院校学生 在校学生 学生组",
    "vocational_teacher": "职业院校教师 教师 老师 教师组",
    "pupil": "中小学生 小学生 中学生",
    "citizen": "市民 居民 群众",
    "flexible_worker": "灵活就业人员 灵活就业 个体 自由职业",
    "rural_worker": "乡村劳动者 农民工 农民 农村劳动者 务农",
    "jobseeker": "求职者 失业人员 待业 下岗失业人员 登记失业人员",
    "public_staff": "机关事业单位人员 机关事业单位 公务员 事业单位人员 事业单位",
    "expert": "专家",
    "other": "其他 其它",
}
_TYPE_WORDS: dict[str, str] = {
    "resident_id": "居民身份证 身份证 二代身份证 大陆身份证 中国居民身份证 居民",
    "hmt_residence_permit": "港澳台居民居住证 居住证 港澳台居住证",
    "hm_permit": "港澳居民来往内地通行证 回乡证 港澳通行证 港澳居民通行证",
    "tw_permit": "台湾居民来往大陆通行证 台胞证 台湾通行证",
    "pr_card": "外国人永久居留身份证 永久居留证 外国人永居证 永居证",
    "passport": "护照 外国护照",
}
_LEVEL_WORDS: dict[str, str] = {
    "none": "无等级 无 没有 暂无 -",
    "apprentice_worker": "学徒工",
    "junior_worker": "初级工（五级） 初级工 五级 5级 初级 五级/初级工",
    "intermediate_worker": "中级工（四级） 中级工 四级 4级 中级 四级/中级工",
    "advanced_worker": "高级工（三级） 高级工 三级 3级 高级 三级/高级工",
    "technician": "技师（二级） 技师 二级 2级 二级/技师",
    "senior_technician": "高级技师（一级） 高级技师 一级 1级 一级/高级技师",
    "special_technician": "特级技师",
    "chief_technician": "首席技师",
}
_SEX_WORDS = {"male": "男 男性 m male", "female": "女 女性 f female"}


def key_of(text: str) -> str:
    """What two spellings of one heading or option have in common."""
    return _MARKS.sub("", compact(str(text))).lower()


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {key_of(word): value for value, said in words.items() for word in said.split()}


@cache
def spoken() -> dict[str, str]:
    """The field that each known heading names."""
    return _table(SYNONYMS)


_OPTIONS: dict[str, dict[str, str]] = {
    "category": _table(_CATEGORY_WORDS),
    "document_type": _table(_TYPE_WORDS),
    "skill_level": _table(_LEVEL_WORDS),
    "sex": _table(_SEX_WORDS),
}


def option(key: str, text: str) -> str | None:
    """The value that a word of a list stands for, in a field with a fixed choice; None where none does."""
    found = _OPTIONS[key].get(key_of(text))
    if found is not None:
        return found
    kinds = {"category": Category, "document_type": DocumentType, "skill_level": SkillLevel, "sex": Sex}
    wanted = key_of(text)
    return next((value for value, said in choices(kinds[key]) if wanted in (key_of(str(said)), value)), None)
