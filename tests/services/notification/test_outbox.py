"""The outbox: nothing is lost, and what comes twice comes with the same id (R64)."""

import datetime as dt
import random
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app import senders
from models.base import db
from models.notification import Channel, Message, State
from services import notification as notifications
from services.notification import Letter, NotSent
from services.notification.outbox import BACK_OFF, MOST_TRIES, SENT_AND_BLANKED
from services.stamp import Stamp, clock
from services.transaction import transaction
from tests.support.crowd import Crowd
from tests.support.sinks import Sink

NOON = dt.datetime(2027, 3, 1, 4, 0, tzinfo=dt.UTC)


def at(**later: float) -> Stamp:
    return Stamp(NOON + dt.timedelta(**later), "test")


class Post:
    """A sender that remembers, and does what the test says."""

    def __init__(self, *faults: NotSent) -> None:
        self.letters: list[Letter] = []
        self.faults = list(faults)
        self.in_transaction: list[bool] = []

    def __call__(self, letter: Letter) -> None:
        self.in_transaction.append(
            bool(db.session().info.get("in_transaction")) or db.session().in_transaction()
        )
        self.letters.append(letter)
        if self.faults:
            raise self.faults.pop(0)


def write(
    count: int = 1, kind: str = "person.claimed", phone: str = "19900000001", **params: object
) -> list[str]:
    with transaction():
        rows = [notifications.notify(None, kind, stamp=at(), phone=phone, **params)[0] for _ in range(count)]
        return [row.code for row in rows]


def states() -> dict[str, int]:
    db.session.rollback()
    return dict(db.session.execute(sa.select(Message.state, sa.func.count()).group_by(Message.state)).all())


def one() -> Message:
    db.session.rollback()
    return db.session.scalars(sa.select(Message)).one()


def test_what_was_written_is_sent_once(context: Flask) -> None:
    post = Post()
    notifications.use(sms=post)
    codes = write(3)
    assert notifications.deliver(stamp=at()) == 3
    assert notifications.deliver(stamp=at(seconds=5)) == 0
    assert [letter.code for letter in post.letters] == codes
    assert states() == {State.SENT: 3}


def test_nothing_is_sent_while_a_transaction_is_open(context: Flask) -> None:
    post = Post()
    notifications.use(sms=post)
    write(2)
    notifications.deliver(stamp=at())
    assert post.in_transaction == [False, False]


def test_what_was_rolled_back_is_never_sent(context: Flask) -> None:
    post = Post()
    notifications.use(sms=post)
    with pytest.raises(ZeroDivisionError), transaction():
        notify_and_fail()
    assert notifications.deliver(stamp=at()) == 0
    assert post.letters == []


def notify_and_fail() -> None:
    notifications.notify(None, "person.claimed", stamp=at(), phone="19900000001")
    raise ZeroDivisionError


def test_a_failure_is_tried_again_later_and_later(context: Flask) -> None:
    post = Post(*[NotSent("http 503") for _ in range(MOST_TRIES)])
    notifications.use(sms=post)
    write()
    moment = 0.0
    for wait in BACK_OFF:
        notifications.deliver(stamp=at(seconds=moment))
        assert (one().state, one().error) == (State.FAILED, "http 503")
        tries = len(post.letters)
        notifications.deliver(stamp=at(seconds=moment + wait.total_seconds() - 0.5))
        assert len(post.letters) == tries, f"too early after {wait}"
        moment += wait.total_seconds() + 1
    notifications.deliver(stamp=at(seconds=moment))
    assert len(post.letters) == MOST_TRIES
    assert len({letter.code for letter in post.letters}) == 1
    assert one().state == State.DEAD
    assert notifications.deliver(stamp=at(days=30)) == 0
    assert len(post.letters) == MOST_TRIES


def test_what_is_refused_for_good_is_not_tried_again(context: Flask) -> None:
    post = Post(NotSent("http 400", for_good=True))
    notifications.use(sms=post)
    write()
    notifications.deliver(stamp=at())
    assert one().state == State.DEAD
    notifications.deliver(stamp=at(days=1))
    assert len(post.letters) == 1


def test_a_channel_nobody_answers_on_does_not_hold_the_other_up(context: Flask) -> None:
    sms, mail = Post(*[NotSent("timeout", unreachable=True) for _ in range(9)]), Post()
    notifications.use(sms=sms, mail=mail)
    write(5)
    with transaction():
        notifications.notify(None, "person.claimed", stamp=at(), email="a@example.cn")
    assert notifications.deliver(stamp=at()) == 1
    assert len(sms.letters) == 1, "one try, then the rest waits for the next poll"
    assert len(mail.letters) == 1


def test_a_row_left_in_sending_is_taken_up_after_ten_minutes(context: Flask) -> None:
    def die(_letter: Letter) -> None:
        raise KeyboardInterrupt  # as a kill, for what follows in this process

    notifications.use(sms=die)
    (code,) = write()
    with pytest.raises(KeyboardInterrupt):
        notifications.deliver(stamp=at())
    assert one().state == State.SENDING
    post = Post()
    notifications.use(sms=post)
    assert notifications.deliver(stamp=at(minutes=9)) == 0
    assert notifications.deliver(stamp=at(minutes=11)) == 1
    assert [letter.code for letter in post.letters] == [code]


def test_a_letter_that_kills_its_sender_each_time_is_given_up(context: Flask) -> None:
    def die(_letter: Letter) -> None:
        raise KeyboardInterrupt

    notifications.use(sms=die)
    write()
    for number in range(MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            notifications.deliver(stamp=at(minutes=11 * number))
    assert notifications.deliver(stamp=at(days=1)) == 0
    assert one().state == State.DEAD


def test_a_row_that_does_not_open_is_given_up_and_holds_nobody_up(context: Flask) -> None:
    post = Post()
    notifications.use(sms=post)
    bad, good = write(2)
    with transaction():
        db.session.execute(sa.update(Message).where(Message.code == bad).values(body_sealed="nonsense"))
    assert notifications.deliver(stamp=at()) == 1
    assert [letter.code for letter in post.letters] == [good]
    db.session.rollback()
    row = db.session.scalars(sa.select(Message).where(Message.code == bad)).one()
    assert (row.state, row.tries, row.error) == (State.DEAD, 1, "sealed")
    assert notifications.deliver(stamp=at(days=1)) == 0


def test_a_code_that_is_over_is_not_sent_on_a_later_try(context: Flask) -> None:
    post = Post(*[NotSent("http 503") for _ in range(MOST_TRIES)])
    notifications.use(sms=post)
    write(kind="account.code", code="482913", minutes="10")
    for minutes in (0, 1, 9.9):
        notifications.deliver(stamp=at(minutes=minutes))
    assert len(post.letters) == 3
    notifications.deliver(stamp=at(minutes=10))
    notifications.deliver(stamp=at(minutes=30))
    assert len(post.letters) == 3
    assert (one().state, one().error, one().body) == (State.DEAD, "expired", SENT_AND_BLANKED)


def test_a_secret_is_blanked_once_it_is_on_its_way(context: Flask) -> None:
    post = Post()
    notifications.use(sms=post)
    write(kind="account.code", code="482913", minutes="5")
    assert "482913" in one().body
    notifications.deliver(stamp=at())
    assert "482913" in post.letters[0].body
    assert one().body == SENT_AND_BLANKED
    assert "482913" not in one().title


def test_without_a_sender_a_channel_is_not_used(context: Flask) -> None:
    notifications.use(mail=Post())
    with transaction():
        assert notifications.notify(None, "person.claimed", stamp=at(), phone="19900000001") == []


def deliver_for(seconds: float) -> None:
    """What the worker does, over and over, as fast as it can. Its moment runs, so that back-offs pass."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        notifications.deliver(stamp=Stamp(clock.now(), "test"))
        time.sleep(0.05)


def deliver_until_sent(patience: float) -> None:
    """The same until every letter is sent, and a second more: nothing is left to take then."""
    end = time.monotonic() + patience
    while set(states()) != {State.SENT} and time.monotonic() < end:
        deliver_for(0.2)
    deliver_for(1.0)


def test_no_letter_is_lost_though_workers_are_killed_and_the_gateway_fails_half_the_time(
    context: Flask, crowd: Crowd, sms_sink: Sink, rounds: Callable[[int, int], int]
) -> None:
    letters, kills = rounds(120, 1000), rounds(4, 20)
    with transaction():
        for _ in range(letters):
            notifications.notify(None, "person.claimed", stamp=Stamp(), phone="19900000001")
    chance = random.Random(64)
    sms_sink.mood = lambda _number: chance.choice([0, 0, 503, 429])
    sms_sink.delay = 0.01
    for number in range(kills):
        before = sum(sms_sink.tried.values())
        (worker,) = crowd.begin(1, deliver_for, 60.0, SMS_URL=sms_sink.url)
        while sum(sms_sink.tried.values()) < before + 5 + number:
            time.sleep(0.005)
        worker.kill()  # while the gateway holds a letter, or nearly so
        worker.join()
    sms_sink.mood, sms_sink.delay = (lambda _number: 0), 0.0
    notifications.use(sms=senders.by_http(sms_sink.url))
    for hours in range(1, 12):
        notifications.deliver(stamp=Stamp(clock.now() + dt.timedelta(hours=hours), "test"))
    assert states() == {State.SENT: letters}
    codes = set(db.session.scalars(sa.select(Message.code)))
    assert set(sms_sink.accepted) == codes, "a letter was lost, or came with another id"
    assert len(sms_sink.accepted) - len(codes) <= kills


def test_two_deliverers_never_take_the_same_letter(context: Flask, crowd: Crowd, sms_sink: Sink) -> None:
    with transaction():
        for _ in range(60):
            notifications.notify(None, "person.claimed", stamp=Stamp(), phone="19900000001")
    for worker in crowd.begin(2, deliver_until_sent, 20.0, SMS_URL=sms_sink.url):
        worker.join(40)
    assert sorted(sms_sink.accepted) == sorted(db.session.scalars(sa.select(Message.code)))
    assert states() == {State.SENT: 60}


def test_e_mail_that_fails_half_the_time_arrives_once(context: Flask, mail_sink: Sink) -> None:
    mail_sink.mood = lambda number: 0 if number % 2 else 451
    notifications.use(mail=senders.by_smtp(mail_sink.url, "https://skill.example.cn"))
    with transaction():
        for number in range(20):
            notifications.notify(None, "person.claimed", stamp=at(), email=f"p{number}@example.cn")
    for seconds in (0, 10, 100, 1000, 10_000, 20_000):
        notifications.deliver(stamp=at(seconds=seconds))
    assert states() == {State.SENT: 20}
    assert len(mail_sink.accepted) == len(set(mail_sink.accepted)) == 20
    codes = db.session.scalars(sa.select(Message.code))
    assert set(mail_sink.accepted) == {f"<{code}@skill.example.cn>" for code in codes}


def test_messages_wait_where_nobody_listens(context: Flask, sms_sink: Sink) -> None:
    from tests.support.site import free_port

    notifications.use(sms=senders.by_http(f"http://127.0.0.1:{free_port()}/"))
    write(3)
    assert notifications.deliver(stamp=at()) == 0
    assert states() == {State.QUEUED: 2, State.FAILED: 1}
    notifications.use(sms=senders.by_http(sms_sink.url))
    assert notifications.deliver(stamp=at(seconds=10)) == 3


def test_e_mail_links_work_outside_the_site(context: Flask) -> None:
    post = Post()
    notifications.use(mail=post, base_url="https://skill.example.cn/")
    with transaction():
        notifications.notify(
            None, "person.claimed", stamp=at(), email="a@example.cn", link="/me/registrations"
        )
    notifications.deliver(stamp=at())
    assert post.letters[0].body.endswith("\n\nhttps://skill.example.cn/me/registrations")
    assert one().channel == Channel.MAIL
