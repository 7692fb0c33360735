"""The form of a notice, and of one annex."""

from functools import partial
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from forms.activity import Pairs, words_of
from forms.base import Form, strip
from forms.registration import cleaned
from models.activity import Notice, NoticeKind
from services.activity import NoticeEntry
from services.text import _, clean_line, clean_paragraph
from services.words import choices

MOST = 20_000


class NoticeForm(Form):
    kind = SelectField(_("公告类型"), validators=[DataRequired()])
    organisation = SelectField(_("发布单位"), validators=[DataRequired(_("请选择发布单位"))])
    title = StringField(
        _("标题"),
        filters=[strip],
        validators=[DataRequired(_("请填写标题")), cleaned(partial(clean_line, limit=120))],
    )
    body = TextAreaField(
        _("正文"),
        filters=[strip],
        description=_("纯文字。空一行另起一段；行首写“- ”或“1. ”成为列表；“一、”开头的短行成为小标题。"),
        validators=[
            DataRequired(_("请填写正文")),
            cleaned(partial(clean_paragraph, limit=MOST)),
        ],
    )

    def __init__(self, *args: Any, organisations: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = words_of(choices(NoticeKind))
        self.organisation.choices = words_of(organisations)

    def entry(self, *, activity: str | None = None, organisation: str | None = None) -> NoticeEntry:
        """`organisation`: where it is fixed already."""
        return NoticeEntry(
            kind=NoticeKind(self.kind.data),
            title=self.title.data,
            body=self.body.data,
            organisation=organisation or self.organisation.data,
            activity=activity,
        )

    @staticmethod
    def values_of(notice: Notice) -> dict[str, Any]:
        return {
            "kind": notice.kind.value,
            "organisation": notice.organisation.code,
            "title": notice.title,
            "body": notice.body,
        }


class AnnexForm(Form):
    title = StringField(
        _("附件名称"),
        filters=[strip],
        validators=[DataRequired(_("请写明附件名称")), cleaned(partial(clean_line, limit=100))],
    )
    file = FileField(
        _("文件"),
        description=_("PDF、图片、Word 或 Excel，不超过 10 MB。"),
        validators=[FileRequired(_("请选择文件"))],
    )
