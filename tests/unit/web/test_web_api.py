"""The programming interface: every endpoint by every role and scope, its faults, and requests of every kind."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from surefoot.errors import BadInput
from surefoot.web.api.document import document
from surefoot.web.api.endpoints import ENDPOINTS, Endpoint
from surefoot.web.roles import AUDIT, CHANGE, PARTICIPATION, RESULTS, ROLES, SEE, Visitor

BY = "lead@example.org"
TODAY = date(2026, 11, 25)
EVERY = (SEE, CHANGE, PARTICIPATION, RESULTS, AUDIT)


def token(client: Any, role: str, place: str = "", rights: Any = None, writes: bool = True, days: int = 300) -> str:
    """A token of somebody with a role."""
    from django.utils import timezone

    from surefoot.web import actions, store

    client(role, place)
    email = f"{role}-{place or 'all'}@example.org"
    who = Visitor(email, role, store.memberships_of(email))
    may = [right for right in EVERY if who.may(right)]
    return actions.make_token(
        visitor=who, name="t", rights=rights or may, writes=writes, days=days, today=timezone.localdate()
    )


def ask(client: Any, text: str, method: str, path: str, body: Any = None) -> Any:
    """One request with a token."""
    more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(client(), method.lower())(f"/api/v1{path}", headers={"Authorization": f"Bearer {text}"}, **more)


def filled(one: Endpoint) -> tuple[str, Any]:
    """The address and a body of an endpoint."""
    bodies = {
        "/programme": {"title": "T"},
        "/studies": {"id": "new", "title": "T", "bank": "voice"},
        "/studies/{study}/organisations": {"organisations": [{"id": "a", "name": "A", "staff": 3}]},
        "/studies/{study}/waves": {"name": "2", "opens": "2026-12-01", "closes": "2026-12-02"},
    }
    return one.path.format(study="staff", wave="1"), bodies.get(one.path) if one.body else None


@pytest.mark.parametrize(
    ("role", "place"), [(role, "north" if ROLES[role].of_one_organisation else "") for role in ROLES]
)
def test_every_endpoint_is_for_those_who_may(role: str, place: str, opened: Any, client: Any) -> None:
    """A token does what the roles of its maker may do, and nothing else; no endpoint fails."""
    from surefoot.web import store

    opened()
    place = "north" if ROLES[role].of_one_organisation else ""
    email = f"{role}-{place or 'all'}@example.org"
    client(role, place)
    may = [right for right in EVERY if Visitor(email, role, store.memberships_of(email)).may(right)]
    text = token(client, role, place) if may else ""
    for one in ENDPOINTS:
        path, body = filled(one)
        answer = ask(client, text, one.method, path, body)
        assert answer.status_code < 500, one
        assert (answer.status_code not in (401, 403)) == (one.right in may), (one, answer.status_code)
        kind = "application/json" if answer.status_code < 300 else "application/problem+json"
        assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize("right", EVERY)
def test_token_has_no_more_than_its_scope(right: str, opened: Any, client: Any) -> None:
    """A lead's token with one right does what that right is for; without writing, nothing is changed."""
    from surefoot.web import models

    opened()
    text = token(client, "programme-lead", rights=[right], writes=False)
    before = models.AuditEvent.objects.count()
    for one in ENDPOINTS:
        path, body = filled(one)
        status = ask(client, text, one.method, path, body).status_code
        assert (status == 403) == (one.right != right or one.writes), (one, status)
    assert models.AuditEvent.objects.count() == before


def test_writes_are_in_the_audit_log(opened: Any, client: Any) -> None:
    """Making and revoking a token, and what was done by it, under the name of its maker."""
    from surefoot.web import actions, store

    opened()
    text = token(client, "programme-lead")
    assert ask(client, text, "PUT", "/programme", {"title": "New"}).json()["title"] == "New"
    assert ask(client, text, "POST", "/studies/staff/waves/1/close").json()["state"] == "closed"
    assert ask(client, text, "POST", "/studies/staff/waves/1/open").status_code == 409
    assert ask(client, text, "GET", "/audit").json()["whole"] is True
    actions.revoke_token(name="t", by="programme-lead-all@example.org")
    assert ask(client, text, "GET", "/programme").status_code == 401
    events = [(event.action, event.by) for event in store.history()]
    assert [action for action, _ in events[:4]] == ["revoke-token", "close-wave", "found-programme", "make-token"]
    assert events[1][1] == "programme-lead-all@example.org by token t"
    with pytest.raises(BadInput):
        actions.revoke_token(name="t", by="programme-lead-all@example.org")


def test_token_ends_with_its_day_and_with_its_maker(opened: Any, client: Any) -> None:
    """After its last day, and without the roles of its maker, it opens nothing."""
    from django.utils import timezone

    from surefoot.web import actions, models, store

    opened()
    text = token(client, "analyst", days=1)
    assert store.bearer(text, today=timezone.localdate() + timedelta(days=2)) is None
    assert ask(client, text, "GET", "/studies").status_code == 200
    assert not models.Token.objects.filter(key=text).exists()
    actions.end_person(email="analyst-all@example.org", by=BY)
    assert ask(client, text, "GET", "/studies").status_code == 401


def test_session_is_no_key_to_the_interface(opened: Any, client: Any) -> None:
    """Somebody who is signed in on the pages is nobody here, so no other site can use their browser."""
    opened()
    assert client("programme-lead").get("/api/v1/programme").status_code == 401


def test_organisation_lead_sees_their_own_alone(opened: Any, send: Any, client: Any) -> None:
    """Participation by a token is what the page shows; small counts are null."""
    from surefoot.web import models

    wave = opened(people=15)
    for link in wave.links["north"][:12]:
        send(link, wave.today)
    for link in wave.links["south"][:3]:
        send(link, wave.today)
    found = ask(client, token(client, "programme-lead"), "GET", "/studies/staff/waves/1/participation").json()
    assert [(one["name"], one["completed"]) for one in found["participation"]] == [("North", 12), ("South", None)]
    client("organisation-lead", "south")
    person = models.Person.objects.get(email="organisation-lead-south@example.org")
    models.Token.objects.create(
        key=hashlib.sha256(b"x").hexdigest(), person=person, name="x", rights=list(EVERY), expires=date(2099, 1, 1)
    )
    own = ask(client, "x", "GET", "/studies/staff/waves/1/participation").json()["participation"]
    assert [one["name"] for one in own] == ["South"]
    assert ask(client, "x", "GET", "/audit").status_code == 403


def test_release_is_what_was_released(client: Any, tiny: Any, tmp_path: Any) -> None:
    """The release and its findings; of a wave without one, nothing."""
    from surefoot.publication import publish
    from surefoot.study import open_study
    from surefoot.web import actions

    folder = tiny()
    publish(open_study(folder), tmp_path / "report", final_by="Sam")
    actions.import_study(folder=folder, by=BY)
    text = token(client, "analyst")
    found = ask(client, text, "GET", "/studies/tiny/waves/1/release").json()
    kept = json.loads((folder / "releases/wave-1/release.json").read_text())
    assert found["figures"] == kept["figures"]
    assert ask(client, text, "GET", "/studies/tiny/waves/1/findings").json()["findings"]
    assert ask(client, text, "GET", "/studies/tiny/waves/2/release").status_code == 404


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"title": 1}', '{"title": "a", "x": 1}', '{"title": "\\ud800"}', '{"title": " "}', "NaN"]
)
def test_body_must_be_as_the_document_says(body: str, web: Any, client: Any) -> None:
    """Otherwise a problem with status 400, and nothing is written."""
    text = token(client, "programme-lead")
    headers = {"Authorization": f"Bearer {text}"}
    answer = client().put("/api/v1/programme", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_asking_too_often_is_refused(web: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a token, and without one."""
    from surefoot.web.views import api

    monkeypatch.setattr(api, "A_MINUTE", 2)
    monkeypatch.setattr(api, "WRONG", 2)
    text = token(client, "analyst")
    assert [ask(client, text, "GET", "/studies").status_code for _ in range(3)] == [200, 200, 429]
    assert [ask(client, "no", "GET", "/studies").status_code for _ in range(3)] == [401, 401, 429]


def test_nobody_gives_rights_that_they_have_not(web: Any, client: Any) -> None:
    """Nor a token without a name, without rights, or for ever; the page shows a token once."""
    from surefoot.web import actions, store

    analyst = client("analyst")
    who = Visitor("analyst-all@example.org", "A", store.memberships_of("analyst-all@example.org"))
    for change in ({"rights": [CHANGE]}, {"rights": []}, {"name": " "}, {"days": 0}, {"days": 366}):
        good: dict[str, Any] = {"name": "n", "rights": [SEE], "writes": False, "days": 9}
        with pytest.raises(BadInput):
            actions.make_token(visitor=who, today=TODAY, **{**good, **change})
    page = analyst.post("/tokens", {"name": "n", "rights": SEE, "days": "9"}).content.decode()
    assert "surefoot_" in page.replace("surefoot_...", "")
    assert "surefoot_" not in analyst.get("/tokens").content.decode()
    assert analyst.post("/tokens/revoke", {"name": "n"}).status_code == 302
    assert store.tokens_of("analyst-all@example.org") == ()


def test_list_and_document_name_every_endpoint(client: Any, web: Any) -> None:
    """Both come from the one table."""
    found = client().get("/api/v1/openapi.json").json()
    assert {(m.upper(), p) for p, ms in found["paths"].items() for m in ms} == {
        (one.method, f"/api/v1{one.path}") for one in ENDPOINTS
    }
    page = client().get("/api/v1/").content.decode()
    assert all(f"{one.method} /api/v1{one.path}" in page for one in ENDPOINTS)


def test_what_is_no_address_is_a_problem(web: Any, client: Any) -> None:
    """In JSON, whatever the address holds."""
    for place in ("nothing", "studies/%0A/waves", "studies/%00", "%E2%98%83"):
        answer = client().get(f"/api/v1/{place}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


def test_requests_of_every_kind_are_answered_as_the_document_says(
    opened: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schemathesis, in this process: no fault of ours, no status or content that the document does not name.

    Bounded to four requests an endpoint; more are run by raising max_examples.
    """
    from surefoot.web.views import api
    from surefoot.web.wsgi import application

    monkeypatch.setattr(api, "A_MINUTE", 10**9)
    opened()
    text = token(client, "programme-lead")
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application
    checks = [CHECKS.get_one(name) for name in CHECKED]
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(GenerationMode.NEGATIVE))
        def walk(case: Any) -> None:
            headers = {"Authorization": f"Bearer {text}", "Host": "localhost"}
            answer = case.call(base_url="http://localhost", headers=headers)
            case.validate_response(answer, checks=checks)
            asked.add((case.method.upper(), case.operation.path))

        walk()
    assert asked == {(one.method, f"/api/v1{one.path}") for one in ENDPOINTS}
