"""Activities for programs: what the public list and the page of one activity show."""

from typing import Any

from marshmallow import fields, validate

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
    Said,
    ShownSchema,
    links,
    word,
)
from models.activity import Activity, Division, Industry, Kind, Level, Series, State, Track
from models.person import Category
from services import activity as activities
from services.activity import Query, standing
from services.activity.search import MONTH
from services.activity.standing import Stand
from services.errors import Missing
from services.stamp import clock

LONGEST = 60


class ActivityQuerySchema(PagedSchema):
    """The filters of the public list."""

    kind = word(Kind)
    industry = word(Industry)
    audience = word(Category)
    town = Line(LONGEST, load_default="")
    venue = Line(LONGEST, load_default="", metadata={"description": "Code of a venue."})
    month = fields.String(
        load_default="",
        validate=validate.Regexp(f"^({MONTH.pattern})?$"),
        metadata={"description": "2026-12"},
    )
    q = Line(
        LONGEST, load_default="", metadata={"description": "Words of title, summary, tracks or organiser."}
    )
    when = fields.String(load_default=None, validate=validate.OneOf(["upcoming", "past", "all"]))


class StandingSchema(ShownSchema):
    """Where it stands for somebody who would like to come."""

    code = word(Stand, attribute="stand", required=True)
    label = Said(attribute="sentence", required=True)


class VenueSchema(ShownSchema):
    code = Code(required=True)
    name = fields.String(required=True)
    town = fields.String(required=True)
    address = fields.String(required=True)


class SeatsSchema(ShownSchema):
    """Places: 已报, 剩, 候补."""

    capacity = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    left = fields.Integer(required=True)
    waiting = fields.Integer(required=True)


class ActivitySchema(ShownSchema):
    code = Code(required=True)
    url = fields.String(required=True)
    kind = word(Kind, required=True)
    kind_label = Label(attribute="kind", required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    level = word(Level, required=True)
    level_label = Label(attribute="level", required=True)
    series = word(Series, required=True, allow_none=True)
    series_label = Label(attribute="series", required=True, allow_none=True)
    industry = word(Industry, required=True, allow_none=True)
    industry_label = Label(attribute="industry", required=True, allow_none=True)
    audience = fields.List(word(Category), required=True)
    state = word(State, required=True)
    state_label = Label(attribute="state", required=True)
    standing = fields.Nested(StandingSchema, required=True)
    host = fields.Nested(NamedSchema, required=True)
    organiser = fields.Nested(NamedSchema, required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    opens_at = Moment(required=True, allow_none=True)
    closes_at = Moment(required=True, allow_none=True)
    seats = fields.Nested(SeatsSchema, required=True)
    venues = fields.List(fields.Nested(VenueSchema), required=True)
    is_demo = fields.Boolean(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        match attr:
            case "standing":
                return standing.of_activity(obj, clock.now())
            case "url":
                return public_url("activity.show", code=obj.code)
            case "audience":
                return [Category(value) for value in obj.audience]
            case "seats":
                return seats(obj)
        return super().get_attribute(obj, attr, default)


class ActivityPageSchema(PageSchema):
    items = fields.List(fields.Nested(ActivitySchema), required=True)


class TrackSchema(ShownSchema):
    """What one registers for."""

    code = Code(required=True)
    name = fields.String(required=True)
    division = word(Division, required=True, allow_none=True)
    division_label = Label(attribute="division", required=True, allow_none=True)
    standing = fields.Nested(StandingSchema, required=True)
    seats = fields.Nested(SeatsSchema, required=True)
    has_waiting_list = fields.Boolean(required=True)
    opens_at = Moment(required=True)
    closes_at = Moment(required=True)
    needs_review = fields.Boolean(required=True)
    needs_document = fields.Boolean(required=True)
    born_from = fields.Date(required=True, allow_none=True)
    born_until = fields.Date(required=True, allow_none=True)
    categories = fields.List(word(Category), required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        match attr:
            case "standing":
                return standing.of_track(obj, clock.now())
            case "categories":
                return [Category(value) for value in obj.categories]
            case "seats":
                return seats(obj)
        return super().get_attribute(obj, attr, default)


class SessionSchema(ShownSchema):
    """One sitting."""

    code = Code(required=True)
    title = fields.String(required=True)
    track = Code(attribute="track.code", required=True, allow_none=True, dump_default=None)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    venue = fields.Nested(VenueSchema, required=True, allow_none=True)
    room = fields.String(required=True)


class NoticeLineSchema(ShownSchema):
    code = Code(required=True)
    title = fields.String(required=True)
    published_at = Moment(required=True)


class ActivityWholeSchema(ActivitySchema):
    description = fields.String(required=True)
    what_to_bring = fields.String(required=True)
    contact_name = fields.String(required=True)
    contact_phone = fields.String(required=True)
    tracks = fields.List(fields.Nested(TrackSchema), required=True)
    sessions = fields.List(fields.Nested(SessionSchema), required=True)
    notices = fields.List(fields.Nested(NoticeLineSchema), required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "notices":
            return [notice for notice in obj.notices if notice.is_public]
        return super().get_attribute(obj, attr, default)


def seats(row: Activity | Track) -> dict[str, int]:
    return {
        "capacity": row.capacity,
        "taken": row.taken,
        "left": row.capacity - row.taken,
        "waiting": row.waiting,
    }


@door.get(
    "/activities",
    policy=policy.everyone,
    asks=ActivityQuerySchema,
    answers=ActivityPageSchema,
    tags=["activity"],
)
def list_activities(asked: dict[str, Any]) -> Any:
    """Public activities, the next first; of past ones the last."""
    query = Query(
        kind=asked.get("kind"),
        industry=asked.get("industry"),
        audience=asked.get("audience"),
        town=asked["town"],
        venue=asked["venue"],
        month=asked["month"],
        text=asked["q"],
        when=asked["when"] or ("all" if asked["month"] else "upcoming"),
        page=asked["page"],
        size=asked["per_page"],
    )
    found = activities.search(query, now=clock.now())
    if found.page != asked["page"]:
        raise Missing
    return found, links(found.page, found.pages)


@door.get("/activities/<code>", policy=policy.everyone, answers=ActivityWholeSchema, tags=["activity"])
def activity(_asked: dict[str, Any], code: str) -> Any:
    """One activity with its tracks, sittings, places and notices."""
    return activities.get_public(code)
