"""What templates may ask: labels, dates, the visitor, the site. Strict: an unknown name is an error, not a blank."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, get_locale, gettext, ngettext
from flask_babel import force_locale as babel_force_locale
from flask_bootstrap import Bootstrap5
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from app.config import Config
from blueprints import web
from services import pipeline as pipelines
from services import text, words
from services.stamp import clock, local_day
from services.text import LOCALES, Sentence, _

SITE_NAME = _("永川区职业技能竞赛与活动平台")
HOST_NAME = _("永川区人力资源和社会保障局")


@dataclass(frozen=True)
class Site:
    name: Sentence
    host_name: Sentence
    is_demo: bool
    footer_items: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuItem:
    label: Sentence
    endpoint: str
    icon: str

    @property
    def is_current(self) -> bool:
        return section() == self.endpoint.split(".")[0]


def choose_locale() -> str:
    """The visitor's own choice, else the account's, else what the browser asks for. Chinese is the source language."""
    if not has_request_context():
        return "zh"  # jobs and commands; messages are written in the language of who receives them
    if session.get("locale") in LOCALES:
        return str(session["locale"])
    return _account_language() or (
        "en" if request.accept_languages.best_match(LOCALES, "zh") == "en" else "zh"
    )


def _account_language() -> str | None:
    try:
        who = web.visitor()
        language = who.account.language if who.is_signed_in else None
    except SQLAlchemyError:  # the page that says so is to be written in some language all the same
        return None
    return language if language in LOCALES else None


def locale_name() -> str:
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def translate(message: str) -> str:
    """A sentence in the visitor's language. Chinese is what is written, so it need not be looked for."""
    return message if locale_name() == "zh" else gettext(message)


def init_app(app: Flask, config: Config) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config |= {"BOOTSTRAP_SERVE_LOCAL": True, "BOOTSTRAP_ICON_USE_FONT": True}
    app.config |= {"BABEL_DEFAULT_LOCALE": "zh", "BABEL_TRANSLATION_DIRECTORIES": "translations"}
    Babel(app, locale_selector=choose_locale, default_timezone="Asia/Shanghai")
    Bootstrap5(app)
    app.jinja_env.install_gettext_callables(translate, ngettext, newstyle=True)  # type: ignore[attr-defined]
    text.install(translate, babel_force_locale)
    app.extensions["locale"] = locale_name
    cache = app.extensions["page_cache"] = web.PageCache()
    app.extensions.setdefault("forget", []).append(cache.clear)
    site = Site(SITE_NAME, HOST_NAME, config.env == "demo")

    app.jinja_env.filters |= {
        "label": words.label,
        "day": lambda moment: words.say_day(moment, this_year=clock.today().year),
        "weekday": lambda moment: words.say_day(moment, weekday=True, this_year=clock.today().year),
        "moment": lambda moment: words.say_moment(moment, this_year=clock.today().year),
        "time": words.say_time,
        "month": words.say_month,
        "local_day": local_day,
        "thousands": lambda number: f"{number:,}",
    }
    app.jinja_env.globals |= {
        "exists": _exists,
        "say_date": lambda day: words.say_day(day, this_year=0),  # always with its year
        "span": lambda a, b: words.say_span(a, b, this_year=clock.today().year),
    }

    @app.context_processor
    def context() -> dict[str, Any]:
        return {
            "site": site,
            "visitor": web.visitor(),
            "menu": menu(),
            "section": section(),
            "locale": locale_name(),
            "is_large": bool(session.get("large")),
            "now": clock.now(),
        }


PUBLIC_MENU = (
    MenuItem(_("活动"), "activity.index", "calendar-event"),
    MenuItem(_("体验预约"), "booking.index", "backpack2"),
    MenuItem(_("证书查验"), "certificate.index", "patch-check"),
    MenuItem(_("目标任务"), "indicator.index", "bullseye"),
    MenuItem(_("通知公告"), "notice.index", "megaphone"),
)
OFFICER_ITEM = MenuItem(_("证书"), "certificate.desk", "patch-check")
"""Who issues certificates has them at the desk; the page of checking is one click from there."""
OWN_CERTIFICATES = frozenset({"certificate.mine", "certificate.show"})
STAFF_MENU = (MenuItem(_("工作台"), "desk.index", "layout-text-window"),)
PIPELINE = MenuItem(_("选手梯队"), "pipeline.index", "diagram-3")


DESK_PATHS = (
    *("/desk", "/venue", "/account/"),
    *("/organisation/applications", "/organisation/all", "/organisation/open"),
)


def section() -> str:
    """Which room of the menu a page belongs to: the pages of staff belong to the desk, whoever's door they have."""
    if request.path.startswith("/desk/certificate"):
        return "certificate"
    if request.path.startswith("/certificate/") and request.endpoint in OWN_CERTIFICATES:
        return "registration"
    if request.path.startswith(DESK_PATHS) or (
        request.path.startswith("/activity/") and "/badges" in request.path
    ):
        return "desk"
    return request.blueprint or ""


def menu() -> list[MenuItem]:
    known = web.visitor()
    items = list(PUBLIC_MENU)
    if known.is_signed_in and known.is_staff:  # who works here finds the notices on the desk
        items = [*STAFF_MENU, *(item for item in items if item.endpoint != "notice.index")]
    if known.principal.may(pipelines.READERS):
        items.insert(items.index(PUBLIC_MENU[0]) + 1, PIPELINE)
    if known.is_signed_in and known.has("certificate_officer"):
        items = [OFFICER_ITEM if item.endpoint == "certificate.index" else item for item in items]
    return [item for item in items if _exists(item.endpoint)]


def _exists(endpoint: str) -> bool:
    """Whether a room is built: one that is not has no place in the menu."""
    return endpoint in current_app.view_functions
