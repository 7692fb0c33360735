"""Notices for programs."""

from typing import Any

from marshmallow import fields

from blueprints import policy
from blueprints.activity import public_url
from blueprints.api.room import door
from blueprints.api.shape import (
    Code,
    Label,
    Line,
    Moment,
    NamedSchema,
    PagedSchema,
    PageSchema,
    ShownSchema,
    links,
    word,
)
from models.activity import NoticeKind
from services.activity import notice as notices
from services.errors import Missing


class NoticeQuerySchema(PagedSchema):
    kind = word(NoticeKind)
    q = Line(60, load_default="", metadata={"description": "Words of the title."})


class NoticeSchema(ShownSchema):
    code = Code(required=True)
    url = fields.String(required=True)
    kind = word(NoticeKind, required=True)
    kind_label = Label(attribute="kind", required=True)
    title = fields.String(required=True)
    organisation = fields.Nested(NamedSchema, required=True)
    activity = Code(attribute="activity.code", required=True, allow_none=True, dump_default=None)
    published_at = Moment(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "url":
            return public_url("notice.show", code=obj.code)
        return super().get_attribute(obj, attr, default)


class NoticePageSchema(PageSchema):
    items = fields.List(fields.Nested(NoticeSchema), required=True)


class AnnexSchema(ShownSchema):
    """A file that a notice carries."""

    code = Code(required=True)
    title = fields.String(required=True)
    media_type = fields.String(attribute="upload.media_type", required=True)
    size = fields.Integer(attribute="upload.size", required=True)
    url = fields.String(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "url":
            return public_url("notice.annex", code=obj.notice.code, annex_code=obj.code)
        return super().get_attribute(obj, attr, default)


class NoticeWholeSchema(NoticeSchema):
    body = fields.String(required=True)
    annexes = fields.List(fields.Nested(AnnexSchema), required=True)


@door.get(
    "/notices", policy=policy.everyone, asks=NoticeQuerySchema, answers=NoticePageSchema, tags=["notice"]
)
def list_notices(asked: dict[str, Any]) -> Any:
    """Published notices, the newest first."""
    found = notices.list_public(asked.get("kind"), asked["q"], asked["page"], asked["per_page"])
    if found.page != asked["page"]:
        raise Missing
    return found, links(found.page, found.pages)


@door.get("/notices/<code>", policy=policy.everyone, answers=NoticeWholeSchema, tags=["notice"])
def notice(_asked: dict[str, Any], code: str) -> Any:
    """One notice with its text and its annexes."""
    return notices.get_public(code)
