"""Which certificates are due for what was reached, and in which words; and that they fall with it."""

from flask import Flask

from models.account import Role, ScopeKind
from models.activity import Kind
from models.base import db
from models.certificate import Certificate, State
from models.certificate import Kind as Paper
from models.outcome import Award, Verdict
from models.person import Category
from services import certificate as certificates
from services import outcome as outcomes
from services.outcome import Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.contest import Contest, completed, contest, scored
from tests.support.staff import principal_of

WON = scored("90", 1, award=Award.FIRST_PRIZE)


def issue(made: Contest) -> list[Certificate]:
    with transaction():
        sheet = outcomes.find_sheet(made.track)
        assert sheet is not None
        officer = make.account(make.person())
        return certificates.issue(outcomes.orders(sheet), by=officer, stamp=made.stamp(officer))


def test_an_award_is_worded_as_on_the_paper(context: Flask) -> None:
    made = contest(2)
    sheet = made.confirmed(WON, scored("80", 2))
    (order,) = outcomes.orders(sheet)
    unit = made.people[0].organisation
    assert unit is not None
    assert (order.kind, order.heading, order.heading_en) == (Paper.AWARD, "荣誉证书", "CERTIFICATE OF HONOUR")
    assert order.name == made.people[0].person.name
    assert order.after_name == f"同志（{unit.name}）："
    assert order.body_before == "在第三届职业技能大赛数控铣工赛项（职工组）比赛中，荣获"
    assert (order.award, order.body_after, order.closing) == ("一等奖", "。", "特发此证，以资鼓励。")
    assert order.issuer.id == made.activity.host_id
    assert order.not_by == {made.clerk.person_id}


def test_a_student_is_not_a_comrade(context: Flask) -> None:
    made = contest(1)
    with transaction():
        answer = made.people[0].answer
        assert answer is not None
        answer.category = Category.VOCATIONAL_STUDENT.value
    assert outcomes.orders(made.confirmed(WON))[0].after_name.startswith("同学（")


def test_a_completion_is_worded_as_on_the_paper(context: Flask) -> None:
    made = contest(2, Kind.TRAINING_CLASS)
    (order,) = outcomes.orders(made.confirmed(completed("32"), Entry(Verdict.FAILED)))
    assert (order.kind, order.heading, order.before_name) == (Paper.COMPLETION, "结业证书", "学员")
    assert order.body_before.endswith("参加第三届职业技能大赛，修完规定课程32学时，考核合格，准予结业。")


def test_a_level_is_never_certified_here(context: Flask) -> None:
    made = contest(1, Kind.ASSESSMENT)
    assert outcomes.orders(made.confirmed(Entry(Verdict.COMPLETED))) == []


def test_what_is_not_confirmed_or_has_its_certificate_is_not_due(context: Flask) -> None:
    made = contest(1)
    sheet = made.submitted(WON)
    assert outcomes.orders(sheet) == []
    with transaction():
        outcomes.confirm(sheet, by=made.judge, stamp=made.stamp(made.judge))
        officer = make.account(make.person())
        make.grant(officer, Role.CERTIFICATE_OFFICER, ScopeKind.ACTIVITY, made.activity.code)
    assert [(row.code, n) for row, n in outcomes.uncertified(principal_of(officer))] == [(sheet.code, 1)]
    issue(made)
    assert outcomes.orders(sheet) == []
    assert outcomes.uncertified(principal_of(officer)) == []


def test_a_certificate_falls_when_the_line_says_something_else(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    (paper,) = issue(made)
    for entry, state in (
        (scored("91", 1, award=Award.FIRST_PRIZE), State.QUEUED),
        (scored("91", 1, award=Award.SECOND_PRIZE), State.REVOKED),
    ):
        with transaction():
            row = outcomes.ask_correction(
                made.line(), entry, "复核", by=made.clerk, stamp=made.stamp(made.clerk)
            )
            outcomes.decide_correction(row, True, "", by=made.judge, stamp=made.stamp(made.judge))
        db.session.refresh(paper)
        assert paper.state is state
    assert [order.award for order in outcomes.orders([made.line()])] == ["二等奖"]


def test_who_asked_for_the_correction_does_not_issue_what_it_says(context: Flask) -> None:
    made = contest(2)
    sheet = made.confirmed(WON, scored("80", 2))
    with transaction():
        row = outcomes.ask_correction(
            made.line(1),
            scored("80", 2, award=Award.SECOND_PRIZE),
            "漏登",
            by=made.second,
            stamp=made.stamp(made.second),
        )
    waiting = outcomes.orders(sheet)
    with transaction():
        outcomes.decide_correction(row, True, "", by=made.judge, stamp=made.stamp(made.judge))
    assert [order.not_by for order in waiting] == [{made.clerk.person_id}]
    assert [order.not_by for order in outcomes.orders(sheet)] == [
        {made.clerk.person_id},
        {made.clerk.person_id, made.second.person_id},
    ]
