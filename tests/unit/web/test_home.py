"""The home of the programme: six stages with what is next, and for each role what it needs first."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput
from surefoot.web.stage import DONE, LATER, NOW, Seen, Stage, stages
from surefoot.web.store import Overview, PlannedStage, Prepared, WaveSeen

TODAY = date(2026, 11, 25)
STUDY = Overview("ai", "AI", "instrument-0", {"en": "AI"}, 9, False, (), ())
WAVE = WaveSeen("ai", "AI", "1", TODAY, TODAY + timedelta(days=7), "planned", 1, 0, False, None)


def judged(key: str, **seen: Any) -> Stage:
    """One stage of a programme with one study, or as it is given."""
    made = Seen(**{"today": TODAY, "studies": (STUDY,), "waves": {"ai": ()}, **seen})
    return next(stage for stage in stages(made) if stage.key == key)


def of_wave(**changes: Any) -> Stage:
    """The stage Ask with one wave."""
    return judged("ask", waves={"ai": (replace(WAVE, **changes),)})


def test_six_stages_each_with_purpose_owner_and_state() -> None:
    """They stand in the order of the work, whatever is there."""
    found = stages(Seen(TODAY))
    assert [stage.name for stage in found] == ["Ask", "Understand", "Deliberate", "Test", "Decide", "Guard"]
    assert all(stage.purpose and stage.owner and stage.state in (DONE, NOW, LATER) for stage in found)


@pytest.mark.parametrize(
    ("stage", "action", "blocker"),
    [
        (judged("ask", studies=(), waves={}), "Add a study", "no study"),
        (judged("ask"), "Plan a wave", "No wave"),
        (
            judged("ask", waves={"ai": (WAVE,)}, unsigned={("ai", "1"): ("Lawful basis", "Caldicott guardian")}),
            "Settle and sign what must be",
            "2 items are not signed, Lawful basis first.",
        ),
        (of_wave(), "Invite people", "Nobody is invited"),
        (of_wave(invitations=9), "Open wave 1", ""),
        (of_wave(state="open"), "Watch who takes part in wave 1", ""),
        (of_wave(state="open", opens=TODAY - timedelta(9), closes=TODAY - timedelta(1)), "Close wave 1", "last day"),
        (of_wave(state="closing"), "Close wave 1", ""),
    ],
)
def test_ask_says_what_is_next(stage: Stage, action: str, blocker: str) -> None:
    """From no study to the close, one next action with the page where it is done, and what stands in its way."""
    assert (stage.state, stage.action) == (NOW, action)
    assert stage.link.startswith("/studies/")
    assert blocker in stage.blocker


def test_understand_says_what_is_next() -> None:
    """It waits for a close, then for the release; a refusal is its blocker; a release is read."""
    closed = {"ai": (replace(WAVE, state="closed"),)}
    assert judged("understand").blocker == "No wave is closed."
    assert judged("ask", waves=closed).state == DONE
    assert judged("understand", waves=closed).link == "/studies/ai/waves/1/publish"
    refused = Prepared("ai", "1", True, "refused", "x", "", 0, "no figure can be shown")
    assert "no figure can be shown" in judged("understand", waves=closed, prepared={("ai", "1"): refused}).blocker
    waiting = replace(refused, state="waiting")
    assert judged("understand", waves=closed, prepared={("ai", "1"): waiting}).blocker == "It is being prepared."
    released = (replace(STUDY, released=("1",)),)
    assert judged("understand", studies=released, waves=closed).state == DONE
    assert judged("deliberate", studies=released, waves=closed).state == NOW
    assert judged("test", studies=released, waves=closed).blocker == "It waits for: Deliberate."


def test_imported_wave_waits_for_its_release() -> None:
    """A study that was brought in is asked already."""
    brought = (replace(STUDY, imported=("2024",)),)
    assert judged("ask", studies=brought).state == DONE
    assert judged("understand", studies=brought).link == "/studies/ai/waves/2024/publish"


def test_owner_and_day_are_the_leads(opened: Callable[..., Any], client: Callable[..., Any]) -> None:
    """Set on a page of its own, shown to everybody, in the audit log; a day that is over is said to be."""
    from surefoot.web import actions, store

    opened()
    lead = client("programme-lead")
    assert "Nobody by name" in lead.get("/programme/stages/ask").content.decode()
    form = {"owner": "programme-lead-all@example.org", "due": "2026-01-31"}
    assert lead.post("/programme/stages/ask", form)["Location"] == "/"
    text = client("reviewer").get("/").content.decode()
    assert "The programme-lead" in text
    assert "31 January 2026" in text
    assert "(over)" in text
    assert any(event.action == "plan-stage" for event in store.history())
    assert lead.post("/programme/stages/ask", {**form, "due": "soon"}).status_code == 400
    assert lead.post("/programme/stages/ask", {**form, "owner": "nobody@example.org"}).status_code == 400
    assert lead.get("/programme/stages/none").status_code == 404
    actions.plan_stage(stage="ask", owner="", due=None, by="lead@example.org")
    assert store.planned_stages()["ask"] == PlannedStage("ask")
    with pytest.raises(BadInput):
        actions.plan_stage(stage="ask", owner="nobody@example.org", due=None, by="lead@example.org")


def test_owner_without_a_role_owns_nothing(client: Callable[..., Any]) -> None:
    """Whose roles were taken away stands no longer as owner."""
    from surefoot.web import actions, store

    client("reviewer")
    actions.plan_stage(stage="guard", owner="reviewer-all@example.org", due=None, by="lead@example.org")
    assert store.planned_stages()["guard"].owner == "The reviewer"
    actions.end_person(email="reviewer-all@example.org", by="lead@example.org")
    assert store.planned_stages()["guard"].owner == ""


def _cards(page: Any) -> list[str]:
    return re.findall(r"<h3>([^<]+)</h3>", page.content.decode())


def test_organisation_lead_sees_own_participation_first(
    opened: Callable[..., Any], send: Callable[..., None], client: Callable[..., Any]
) -> None:
    """Own organisation alone, with its rate as a bar; before what the programme does next."""
    wave = opened(people=30)
    for link in wave.links["north"][:12]:
        send(link, wave.today)
    page = client("organisation-lead", "north").get("/")
    text = page.content.decode()
    assert _cards(page)[0] == "Who takes part"
    assert "<strong>40%</strong> (12 of 30)" in text
    assert text.index("Who takes part") < text.index("Next in the programme")
    assert "South" not in text


def test_few_answers_say_what_is_missing(
    opened: Callable[..., Any], send: Callable[..., None], client: Callable[..., Any]
) -> None:
    """Under 11, neither the count nor how many more exactly: that would be the count."""
    wave = opened(people=30)
    for link in wave.links["north"][:4]:
        send(link, wave.today)
    text = client("programme-lead").get("/studies/staff/waves/1/").content.decode()
    assert text.count("At most 11 more answers are needed for a base of 11.") == 2
    assert "Fewer than 11 of 30, so not shown" in text


def test_organisation_too_small_is_told_at_once(opened: Callable[..., Any], client: Callable[..., Any]) -> None:
    """Where fewer than 11 are invited, no number of answers helps."""
    opened(people=9)
    text = client("programme-lead").get("/").content.decode()
    assert "Only 9 are invited: a base of 11 cannot be reached." in text


def test_each_role_finds_its_work(client: Callable[..., Any], tiny: Callable[..., Path]) -> None:
    """After a release: results for those who read them, the folder for the analyst, findings for the facilitator."""
    from surefoot.web import actions
    from surefoot.web.server import bring

    bring(tiny())
    actions.publish_wave(study="tiny", wave="1", checked_by="Lee", by="lead@example.org")
    wanted = {
        ("programme-lead", ""): {"What staff said", "Prepare the workshop", "Work on Tiny study"},
        ("organisation-lead", "north"): {"Results of North"},
        ("analyst", ""): {"What staff said", "Work on Tiny study"},
        ("facilitator", ""): {"What staff said", "Prepare the workshop"},
        ("reviewer", ""): {"What staff said", "The audit log is whole"},
        ("safeguarding-lead", ""): set(),
    }
    for (role, place), titles in wanted.items():
        found = set(_cards(client(role, place).get("/")))
        assert titles <= found, role
        if role == "safeguarding-lead":
            assert "What staff said" not in found


def test_every_link_of_the_home_page_opens(client: Callable[..., Any], tiny: Callable[..., Path]) -> None:
    """No role is led to a page that is not for it."""
    from surefoot.web import actions
    from surefoot.web.server import bring

    bring(tiny())
    actions.publish_wave(study="tiny", wave="1", checked_by="Lee", by="lead@example.org")
    people = [("programme-lead", ""), ("organisation-lead", "north"), ("analyst", ""), ("facilitator", "")]
    for role, place in [*people, ("reviewer", ""), ("safeguarding-lead", "")]:
        browser = client(role, place)
        links = re.findall(r'href="(/(?:studies|programme|audit|people)[^"#]*)"', browser.get("/").content.decode())
        for link in links:
            assert browser.get(link, follow=True).status_code == 200, (role, link)
