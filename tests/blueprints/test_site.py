"""What monitors ask: alive, ready, and the gauges, for the machine alone."""

import re

from flask import Flask
from flask.testing import FlaskClient

from services import job as jobs
from services import registration as registrations
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make


def test_alive_says_nothing_of_the_database(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"


def test_ready_needs_a_worker_seen_lately(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: worker\n")
    with app.app_context():
        jobs.lead("somebody", now=clock.now())
    assert client.get("/readyz").text == "ready\n"


def test_gauges_are_for_the_machine_and_count_what_is_there(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        entry = registrations.Entry()
        registrations.register(make.track(), make.person(), entry, by=None, stamp=make.stamp())
    text = client.get("/metrics").text
    assert 'yongjiang_registrations{state="submitted"} 1' in text
    assert "yongjiang_worker_leads 0" in text
    assert all(re.match(r"(#|yongjiang_[a-z_]+(\{[^}]*\})? [0-9.e+]+$)", line) for line in text.splitlines())
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 404
