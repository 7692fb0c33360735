"""Certificates for tests: orders as the rooms above write them, officers, and certificates by the verbs."""

import itertools
from collections.abc import Sequence
from typing import Any

from models.account import Account, Role, ScopeKind
from models.activity import Activity
from models.activity import Kind as ActivityKind
from models.activity import State as ActivityState
from models.base import new_code
from models.certificate import Certificate, Kind
from models.person import Person
from services import certificate as certificates
from services.certificate import Order, signing
from services.transaction import transaction
from tests.support import factories as make

_numbers = itertools.count(1)


def order(activity: Activity, person: Person | None = None, **more: Any) -> Order:
    """One first prize."""
    values: dict[str, Any] = {
        "subject": f"line:{new_code()}",
        "kind": Kind.AWARD,
        "person": person,
        "activity": activity,
        "issuer": activity.organiser,
        "heading": "荣誉证书",
        "heading_en": "CERTIFICATE OF HONOUR",
        "name": person.name if person else f"示例{next(_numbers)}",
        "after_name": "同志（永川示例精密机械有限公司）：",
        "body_before": f"在{activity.title}数控铣工赛项（职工组）比赛中，荣获",
        "award": "一等奖",
        "body_after": "。",
        "closing": "特发此证，以资鼓励。",
        "contest": "数控铣工（职工组）",
    }
    return Order(**(values | more))


def contest(title: str = "永川区第三届职业技能大赛") -> Activity:
    return make.activity(title, ActivityKind.COMPETITION, ActivityState.HELD)


def officer(activity: Activity, *, district: bool = False) -> Account:
    """Somebody with an identity who issues certificates of this activity."""
    account = make.account(make.person())
    if district:
        make.grant(account, Role.CERTIFICATE_OFFICER)
    else:
        make.grant(account, Role.CERTIFICATE_OFFICER, ScopeKind.ACTIVITY, activity.code)
    return account


def issued(orders: Sequence[Order], by: Account) -> list[Certificate]:
    """Issued and signed."""
    with transaction():
        rows = certificates.issue(orders, by=by, stamp=make.stamp(by))
    assert certificates.sign_due(stamp=make.stamp()) >= len(rows)
    return rows


def sign(row: Certificate) -> None:
    """Sign within the running transaction, where a test builds its world in one."""
    signing._sign(row.id, make.stamp())
    assert row.is_valid
