"""The OpenAPI document: valid, whole, and open to everybody."""

import re

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from blueprints import policy, web
from tests.support.program import Program


def test_the_document_is_valid_openapi_3_1(context: Flask) -> None:
    answer = Program(context).get("/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    document = answer.get_json()
    assert document["openapi"] == "3.1.0"
    validate(document, cls=OpenAPIV31SpecValidator)


def test_the_document_names_every_route_and_its_rights(context: Flask) -> None:
    paths = Program(context).get("/openapi.json").get_json()["paths"]
    found = {
        (path, method): operation
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method != "parameters"
    }
    routes = {
        (re.sub("<(.*?)>", r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in context.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found.keys() == routes.keys()
    assert len(routes) == 14
    for place, endpoint in routes.items():
        wanted = context.extensions["policies"][endpoint]
        assert found[place].get("security") == ([{"token": []}] if wanted.needs_sign_in else None), place
        assert (wanted is policy.everyone) != wanted.needs_sign_in


def test_what_comes_in_is_closed_and_what_goes_out_is_open(context: Flask) -> None:
    schemas = Program(context).get("/openapi.json").get_json()["components"]["schemas"]
    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert closed == {"Entry", "Withdrawal", "Nothing"}
    assert schemas["Activity"]["properties"]["kind"]["enum"][0] == "competition"


def test_only_the_api_goes_without_a_csrf_token(context: Flask) -> None:
    exempt = {blueprint.name for blueprint in web.csrf._exempt_blueprints}
    assert web.csrf._exempt_views <= {"blueprints.loopback.receive"}
    for rule in context.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in exempt:
            assert rule.rule.startswith("/api/")


def test_the_library_does_not_speak_for_the_rest_of_the_site(context: Flask) -> None:
    client = context.test_client()
    assert client.get("/nope").content_type.startswith("text/html")
    answer = client.get("/api/v1/nope")
    assert answer.status_code == 404
    assert answer.get_json()["code"] == 404
