"""The life of an activity: handed in, approved or sent back, published, held, archived, called off.

Approval is by an approver of the lead department, and never by the person who handed it in: two person ids,
not two accounts.
"""

from models.activity import Activity, State
from models.indicator import Outcome
from services import audit as audits
from services import participation as participations
from services.access import Principal
from services.activity import change
from services.activity.entry import line
from services.activity.find import may_approve, may_run
from services.activity.ready import NotReady, missing
from services.errors import Missing, Refused
from services.participation import Fact
from services.stamp import Stamp, local_day
from services.text import _


class Unidentified(Refused):
    sentence = _("您的账号还没有登记本人身份，不能提交或审批活动。请先在“账号与安全”中登记。")


class SamePerson(Refused):
    sentence = _("提交与审批须由两个人分别办理。这项活动由您提交，请由另一位审批员审批。")


class NoReason(Refused):
    sentence = _("请写明原因。")


class NotOverYet(Refused):
    sentence = _("活动结束时间未到，还不能登记为已结束。")


def submit(activity: Activity, *, by: Principal, stamp: Stamp) -> Activity:
    """Hand it in for approval. Raises NotReady, Unidentified, WrongState."""
    if not may_run(by, activity):
        raise Missing
    if by.person_id is None:
        raise Unidentified
    change.must_lead_to(activity, State.PENDING_APPROVAL)
    if lacking := missing(activity, stamp.when):
        raise NotReady(lacking)
    activity.state = State.PENDING_APPROVAL
    activity.submitted_at, activity.submitted_by_id = stamp.when, by.account_id
    activity.decision_note = ""
    audits.record("activity.submitted", activity, stamp=stamp)
    change.tell(change.approvers(activity, stamp=stamp), "activity.submitted", activity, stamp=stamp)
    return activity


def approve(activity: Activity, *, by: Principal, stamp: Stamp) -> Activity:
    """Approve what was handed in. Raises SamePerson, Unidentified, WrongState."""
    _must_be_another(activity, by)
    change.must_lead_to(activity, State.APPROVED)
    activity.state = State.APPROVED
    activity.approved_at, activity.approved_by_id = stamp.when, by.account_id
    activity.decision_note = ""
    audits.record("activity.approved", activity, stamp=stamp)
    change.tell([activity.submitted_by, activity.created_by], "activity.approved", activity, stamp=stamp)
    return activity


def send_back(activity: Activity, note: str, *, by: Principal, stamp: Stamp) -> Activity:
    """Back to a draft, with what is to be mended. Raises NoReason, SamePerson, WrongState."""
    if not (note := _said(note)):
        raise NoReason
    _must_be_another(activity, by)
    change.must_lead_to(activity, State.DRAFT)
    activity.state = State.DRAFT
    activity.decision_note = note
    audits.record("activity.sent_back", activity, stamp=stamp, note=note)
    change.tell(
        [activity.submitted_by, activity.created_by], "activity.sent_back", activity, stamp=stamp, note=note
    )
    return activity


def publish(activity: Activity, *, stamp: Stamp) -> Activity:
    """Show it to everybody. Raises NotReady where time has overtaken it, WrongState."""
    change.must_lead_to(activity, State.PUBLISHED)
    if lacking := missing(activity, stamp.when):
        raise NotReady(lacking)
    activity.state = State.PUBLISHED
    activity.published_at = stamp.when
    audits.record("activity.published", activity, stamp=stamp)
    change.tell([activity.submitted_by, activity.created_by], "activity.published", activity, stamp=stamp)
    return activity


def mark_held(activity: Activity, *, stamp: Stamp) -> Activity:
    """It took place: a fact by itself, since the plan counts forums and contests. Raises NotOverYet, WrongState."""
    change.must_lead_to(activity, State.HELD)
    if stamp.when < activity.ends_at:
        raise NotOverYet
    activity.state = State.HELD
    participations.record(
        Fact(
            f"activity:{activity.code}",
            Outcome.ACTIVITY_HELD,
            day=local_day(activity.ends_at),
            activity=activity,
            detail=activity.title,
        ),
        stamp=stamp,
    )
    audits.record("activity.held", activity, stamp=stamp)
    return activity


def archive(activity: Activity, *, stamp: Stamp) -> Activity:
    """Close it; from now on it is only read."""
    change.must_lead_to(activity, State.ARCHIVED)
    activity.state = State.ARCHIVED
    audits.record("activity.archived", activity, stamp=stamp)
    return activity


def cancel(activity: Activity, reason: str, *, stamp: Stamp) -> Activity:
    """Call it off and tell everybody registered; `registrations.call_off` ends their entries with it. Raises NoReason,
    WrongState.
    """
    if not (reason := _said(reason)):
        raise NoReason
    change.must_lead_to(activity, State.CANCELLED)
    activity.state = State.CANCELLED
    activity.cancelled_at, activity.decision_note = stamp.when, reason
    told = change.tell_affected(
        activity, "activity.cancelled", stamp=stamp, title=activity.title, reason=reason
    )
    audits.record("activity.cancelled", activity, stamp=stamp, reason=reason, told=told)
    return activity


def _must_be_another(activity: Activity, by: Principal) -> None:
    if not may_approve(by, activity):
        raise Missing
    if by.person_id is None:
        raise Unidentified
    submitter = activity.submitted_by
    if submitter is None or submitter.id == by.account_id or submitter.person_id in (None, by.person_id):
        raise SamePerson


def _said(text: str) -> str:
    """A remark on one line."""
    return line(" ".join(text.split()), 300)
