"""Paper: printed in every language, typed in by those who may, marked, bounded, and with nothing of who typed it."""

import json
import re
import uuid
from typing import Any

import pytest

from surefoot.errors import BadInput, Refused
from surefoot.instrument import open_instrument
from surefoot.responses import SOURCE

BY = "lead@example.org"
PLACE = "/studies/staff/waves/1/paper?organisation=north"
TYPED = {
    "used:answer": "yes",
    "tools:answer": ["chat"],
    "wanted:rank-second": "1",
    "wanted:rank-first": "2",
    "hours:answer": "7.5",
    "comment:answer": "Hm",
}


def key_of(page: Any) -> str:
    """The key of the form on a page."""
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def type_in(wave: Any, organisation: str = "north", times: int = 1, answers: dict[str, Any] | None = None) -> None:
    """Keep some paper questionnaires."""
    from surefoot.web import actions

    for _ in range(times):
        given = answers or {"used": "no"}
        key = str(uuid.uuid4())
        actions.enter_paper(study=wave.study, wave=wave.wave, organisation=organisation, key=key, answers=given)


def test_paper_is_typed_in_once(opened: Any, client: Any) -> None:
    """The form gives what was on paper, marked as such, once for two clicks; no event, no link used."""
    from surefoot.web.models import Answer, AuditEvent, Invitation

    opened()
    lead = client("programme-lead")
    before = AuditEvent.objects.count()
    form = {**TYPED, "key": key_of(lead.get(PLACE))}
    for _ in range(2):
        done = lead.post(PLACE, form)
        assert done.status_code == 302
    assert "was kept" in lead.get(done["Location"]).content.decode()
    kept = Answer.objects.get()
    sent = {"used": "yes", "tools": ["chat"], "wanted": ["second", "first"], "hours": 75, "area": None, "comment": "Hm"}
    assert json.loads(kept.content) == sent
    assert kept.paper
    assert AuditEvent.objects.count() == before
    assert not Invitation.objects.filter(spent=True).exists()


def test_answers_off_the_route_count_for_nothing(opened: Any, client: Any) -> None:
    """What somebody ticked though the paper told them not to is not kept; what they left empty was not answered."""
    from surefoot.web.models import Answer

    opened()
    lead = client("programme-lead")
    form = {"used:answer": "no", "tools:answer": ["chat"], "key": key_of(lead.get(PLACE))}
    lead.post(PLACE, form)
    assert "tools" not in json.loads(Answer.objects.get().content)
    assert json.loads(Answer.objects.get().content)["wanted"] is None


def test_mistakes_lead_to_their_fields(opened: Any, client: Any) -> None:
    """All mistakes at once, each with the number of its question and a link to its field; what was typed stays."""
    from surefoot.web.models import Answer

    opened()
    form = {**TYPED, "hours:answer": "some", "wanted:rank-third": "1", "key": str(uuid.uuid4())}
    text = client("programme-lead").post(PLACE, form).content.decode()
    assert "<title>Error: " in text
    targets = re.findall(r'<a href="#([^"]+)"[^>]*>\s*Question (\d+): ', text)
    assert [number for _, number in targets] == ["3", "4"]
    assert all(f'id="{target}"' in text for target, _ in targets)
    assert re.search(r'value="yes"[^>]*\bchecked', text)
    assert form["key"] in text
    assert not Answer.objects.exists()


def test_empty_paper_is_not_kept(opened: Any, client: Any) -> None:
    """A click on an empty form is a mistake, not an answer."""
    from surefoot.web.models import Answer

    opened()
    text = client("programme-lead").post(PLACE, {"key": str(uuid.uuid4())}).content.decode()
    assert "an empty paper is not kept" in text
    assert not Answer.objects.exists()


def test_organisation_lead_types_for_their_own(opened: Any, client: Any) -> None:
    """Another organisation's page is not there for them, to look or to send; a reviewer may do neither."""
    from surefoot.web.models import Answer

    opened()
    north = client("organisation-lead", "north")
    other = PLACE.replace("north", "south")
    assert north.get(PLACE).status_code == 200
    assert "South" not in north.get("/studies/staff/waves/1/paper").content.decode()
    assert north.get(other).status_code == north.post(other, {**TYPED, "key": str(uuid.uuid4())}).status_code == 404
    assert client("reviewer").post(PLACE, TYPED).status_code == 403
    assert not Answer.objects.exists()


def test_no_more_answers_than_people(opened: Any, send: Any) -> None:
    """Answers by link and on paper are together at most the headcount; a link is never refused for it."""
    from surefoot.web import actions
    from surefoot.web.models import Organisation

    wave = opened()
    Organisation.objects.filter(slug="north").update(headcount={"care": 2, "office": 1})
    send(wave.links["north"][0], wave.today)
    type_in(wave, times=2)
    with pytest.raises(Refused, match="as many answers came as North has people"):
        type_in(wave)
    send(wave.links["north"][1], wave.today)
    Organisation.objects.filter(slug="south").update(headcount={})
    with pytest.raises(Refused, match="nobody counted"):
        type_in(wave, "south")
    with pytest.raises(BadInput):
        actions.enter_paper(study="staff", wave="1", organisation="north", key="1", answers={"used": "no"})


def test_paper_is_for_an_open_wave(opened: Any) -> None:
    """Not before it opens and not after it is closed."""
    from surefoot.web import actions

    wave = opened(opens=False)
    with pytest.raises(Refused, match="planned"):
        type_in(wave)
    actions.settle_simulated(study="staff", wave="1", by=BY)
    actions.open_wave(study="staff", wave="1", by=BY)
    actions.close_wave(study="staff", wave="1", by=BY)
    with pytest.raises(Refused, match="closed"):
        type_in(wave)


def test_mark_is_kept_where_many_are(opened: Any, send: Any, tmp_path: Any) -> None:
    """In an organisation with 11 papers and 11 links the source says which; in one with fewer papers it does not."""
    from surefoot.readers import read_study
    from surefoot.web import actions, store
    from surefoot.web.models import AuditEvent

    wave = opened(people=12)
    for links in wave.links.values():
        for link in links:
            send(link, wave.today)
    type_in(wave, "north", 11)
    type_in(wave, "south", 10)
    actions.close_wave(study="staff", wave="1", by=BY)
    made, _ = read_study(store.study("staff", tmp_path))
    assert made.sources == ("answers/wave-1.parquet", "answers/wave-1-on-paper.parquet")
    paper = made.codes(SOURCE) == 1
    assert made.codes("@organisation")[paper].tolist() == [0] * 11
    assert len(made) == 45
    assert AuditEvent.objects.get(action="close-wave").details["on paper"] == 21


@pytest.mark.parametrize(("papers", "links"), [(10, 12), (12, 10), (3, 0)])
def test_mark_is_taken_where_few_are(opened: Any, send: Any, tmp_path: Any, papers: int, links: int) -> None:
    """With fewer than 11 on one side, nothing says any more which answers came on paper, nor how many in the log."""
    from surefoot.web import actions, store
    from surefoot.web.models import Answer, AuditEvent

    wave = opened(people=12)
    for link in wave.links["north"][:links]:
        send(link, wave.today)
    type_in(wave, "north", papers)
    actions.close_wave(study="staff", wave="1", by=BY)
    assert not Answer.objects.filter(paper=True).exists()
    assert Answer.objects.count() == papers + links
    said = AuditEvent.objects.get(action="close-wave").details["on paper"]
    assert said == (papers if papers >= 11 else "fewer than 11")
    store.study("staff", tmp_path)
    assert [file.name for file in (tmp_path / "answers").iterdir()] == ["wave-1.parquet"]


def test_ids_of_the_form_do_not_survive_the_close(opened: Any) -> None:
    """The key of a form is the answer's id only until the close: a browser's history says nothing afterwards."""
    from surefoot.web import actions
    from surefoot.web.models import Answer

    wave, key = opened(), str(uuid.uuid4())
    actions.enter_paper(study="staff", wave="1", organisation="north", key=key, answers={"used": "no"})
    assert Answer.objects.filter(pk=key).exists()
    actions.close_wave(study=wave.study, wave="1", by=BY)
    assert not Answer.objects.filter(pk=key).exists()


def test_counts_of_paper_are_shown_from_11(opened: Any, client: Any) -> None:
    """On the page of the wave: nothing of paper at first, fewer than 11, then the count."""
    wave, lead = opened(), client("programme-lead")
    page = "/studies/staff/waves/1/"
    assert "On paper" not in lead.get(page).content.decode()
    type_in(wave, times=10)
    rows = re.findall(r'<th scope="row">North</th>.*?</tr>', lead.get(page).content.decode(), re.DOTALL)
    assert [row.count("fewer than 11") for row in rows] == [3]
    type_in(wave)
    assert ">11</td>" in lead.get(page).content.decode()


@pytest.mark.parametrize("language", ["en", "cy", "en-x-easyread"])
def test_paper_is_printed_in_each_language(opened: Any, client: Any, language: str, assert_valid_html: Any) -> None:
    """One language a page, with the organisation, how to hand it in, and the warnings before the comment box."""
    from surefoot.web.catalogue import say

    opened(instrument=open_instrument("voice"))
    where = {"organisation": "north", "wave": "1", "lang": language}
    page = client("reviewer").get("/studies/staff/paper/print", where)
    text = page.content.decode()
    assert_valid_html(text)
    assert f'<html lang="{language}">' in text
    assert text.count("<article") == 1
    assert say("organisation", language, organisation="North") in text
    for key in ("paper-names", "comment-names", "comment-speak-served"):
        assert say(key, language).replace("'", "&#39;") in text
    assert ("No named speaker of Welsh has reviewed" in text) == (language == "cy")
    assert ("<svg" in text) == (language == "en-x-easyread")
    assert "script" not in page["Content-Security-Policy"]


def test_routing_on_paper_is_in_its_language(opened: Any, client: Any) -> None:
    """What a question depends on is said in Welsh, with the Welsh answers."""
    opened(instrument=open_instrument("ai-baseline"))
    text = client("reviewer").get("/studies/staff/paper/print", {"lang": "cy"}).content.decode()
    assert "Atebwch hwn dim ond os dewisoch &#34;Ydw&#34; yng nghwestiwn 5." in text
    assert "Answer this only" not in text
