"""Before a wave is opened: what is settled, who signed it, and that nothing is opened without."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput, Refused
from surefoot.web.governance import items

BY = "lead@example.org"
FORM = {"name": "Dee Pio", "role": "data protection officer", "day": "2026-01-02", "sign": "yes"}
POPULATION = {"population": "All staff", "left-out": "Nobody", "frame-date": "2026-01-01", "source": "Payroll"}


def planned(opened: Any) -> None:
    """A wave with links that nothing was settled for."""
    from surefoot.web import models

    opened(opens=False)
    models.Settled.objects.all().delete()


def signed(item: str, texts: dict[str, str]) -> None:
    """Write and sign an item."""
    from surefoot.web import actions

    signature = actions.Signature("Dee Pio", "officer", date(2026, 1, 2))
    actions.settle(study="staff", wave="1", item=item, texts=texts, signature=signature, by=BY)


def test_unsigned_item_blocks_the_launch(opened: Any, client: Any) -> None:
    """The wave stays planned, and the page names what is missing; with everything signed it opens."""
    from surefoot.web import actions, models, store

    planned(opened)
    page = client("programme-lead").post("/studies/staff/waves/1/open")
    assert page.status_code == 409
    for item in items([]):
        assert item.title in page.content.decode()
    actions.settle_simulated(study="staff", wave="1", by=BY)
    models.Settled.objects.filter(item="caldicott").update(signed_by="")
    with pytest.raises(Refused, match="not signed or not complete: Caldicott guardian\\."):
        actions.open_wave(study="staff", wave="1", by=BY)
    actions.settle_simulated(study="staff", wave="1", by=BY)
    actions.open_wave(study="staff", wave="1", by=BY)
    assert store.wave("staff", "1").state == "open"  # type: ignore[union-attr]


def test_changing_a_signed_item_removes_its_signature(opened: Any) -> None:
    """Saved as it was, it stays signed; changed, it is unsigned; the audit log has all three."""
    from surefoot.web import actions, store

    planned(opened)
    signed("population", POPULATION)
    actions.settle(study="staff", wave="1", item="population", texts=POPULATION, by=BY)
    assert "Who is asked" not in store.unsigned("staff", "1")
    changed = {**POPULATION, "left-out": "Volunteers"}
    actions.settle(study="staff", wave="1", item="population", texts=changed, by=BY)
    assert "Who is asked" in store.unsigned("staff", "1")
    events = [event for event in store.history() if event.subject == "staff/1/population"]
    assert [event.action for event in events] == ["write-item", "write-item", "sign-item"]
    assert events[-1].details == {"recorded_by": BY, "signed_by": "Dee Pio"}


def test_incomplete_item_is_not_signed(opened: Any) -> None:
    """A field that applies must be filled; one that another answer rules out need not be."""
    planned(opened)
    with pytest.raises(BadInput, match="Why not"):
        signed("caldicott", {"consulted": "no"})
    signed("caldicott", {"consulted": "no", "reason": "There is none here."})
    with pytest.raises(BadInput, match="Who, and on which day"):
        signed("caldicott", {"consulted": "yes"})


@pytest.mark.parametrize(
    ("item", "texts"),
    [
        ("population", {"frame-date": "yesterday"}),
        ("caldicott", {"consulted": "perhaps"}),
        ("privacy-notice", {"notice": "x" * 20_001}),
        ("nothing", {}),
    ],
)
def test_field_that_cannot_be_is_refused(opened: Any, item: str, texts: dict[str, str]) -> None:
    """A day that is none, a choice that is not offered, too long a text, an item that does not exist."""
    from surefoot.web import actions

    planned(opened)
    with pytest.raises(BadInput):
        actions.settle(study="staff", wave="1", item=item, texts=texts, by=BY)


def test_open_wave_is_changed_with_a_signature_only(opened: Any) -> None:
    """What respondents rely on is signed for; after the close it stays as it is."""
    from surefoot.web import actions, store

    opened()
    with pytest.raises(Refused, match="sign it in one step"):
        actions.settle(study="staff", wave="1", item="population", texts=POPULATION, by=BY)
    signed("population", POPULATION)
    assert store.unsigned("staff", "1") == ()
    actions.close_wave(study="staff", wave="1", by=BY)
    with pytest.raises(Refused, match="closed"):
        signed("population", POPULATION)


def test_page_saves_and_signs(opened: Any, client: Any) -> None:
    """Through the form: saved, signed under somebody's name, printed on the list; a mistake keeps what was written."""
    planned(opened)
    lead = client("programme-lead")
    place = "/studies/staff/waves/1/before/staff-side"
    form = {"text.who": "Union branch, 3 November", "text.said": "Shorter"}
    wrong = lead.post(place, {**form, **FORM})
    assert wrong.status_code == 200
    assert "What was changed" in wrong.content.decode()
    assert "Union branch, 3 November" in wrong.content.decode()
    assert lead.post(place, {**form, **FORM, "text.done": "Cut", "day": "2199-01-01"}).status_code == 200
    assert lead.post(place, {**form, **FORM, "text.done": "Cut"}).status_code == 302
    text = lead.get("/studies/staff/waves/1/before").content.decode()
    assert "Signed by <strong>Dee Pio</strong>, data protection officer, on 2 January 2026" in text
    assert "Recorded by programme-lead-all@example.org" in text


def test_respondent_reads_the_privacy_notice(opened: Any, client: Any) -> None:
    """The first page leads to it, its address holds no link; unsigned there is none, and text stays text."""
    from surefoot.web import models

    wave = opened()
    signed("privacy-notice", {"notice": "We ask <b>you</b>.\n\nFor a year."})
    begin = client().get(f"/a/{wave.one.text}").content.decode()
    assert 'href="/privacy/staff/1"' in begin
    page = client().get("/privacy/staff/1")
    assert "We ask &lt;b&gt;you&lt;/b&gt;.</p>" in page.content.decode()
    assert not page.cookies
    models.Settled.objects.update(signed_by="")
    assert client().get("/privacy/staff/1").status_code == 404


def test_next_wave_begins_with_the_texts_unsigned(opened: Any) -> None:
    """What was written is taken over, who signed it is not."""
    from surefoot.web import actions, store

    opened()
    actions.plan_wave(study="staff", name="2", opens=date(2027, 1, 1), closes=date(2027, 2, 1), by=BY)
    first, second = store.settled("staff", "1"), store.settled("staff", "2")
    assert [one.texts for one in first] == [one.texts for one in second]
    assert all(one.signed_by for one in first)
    assert len(store.unsigned("staff", "2")) == len(second)


def test_frame_date_is_taken_over_at_the_opening(opened: Any) -> None:
    """A study without a frame date gets the one that was signed."""
    from surefoot.web import actions, models

    opened(opens=False)
    assert models.Study.objects.get().frame_date is None
    actions.settle_simulated(study="staff", wave="1", by=BY)
    actions.open_wave(study="staff", wave="1", by=BY)
    assert models.Study.objects.get().frame_date == date(2026, 1, 1)


def forget_everything() -> None:
    """Delete all studies, with their waves and all that hangs on them."""
    from surefoot.web import models

    for table in (models.Answer, models.Invitation, models.Wave, models.Study):
        table.objects.all().delete()


def test_governance_goes_out_and_comes_back(opened: Any, tmp_path: Path) -> None:
    """Exported with the study's folder and imported again, not a letter is lost."""
    from surefoot.web import actions, models, store

    opened()
    signed("privacy-notice", {"notice": 'Zeile eins\n\n"Quoted" – ö'})
    actions.close_wave(study="staff", wave="1", by=BY)
    place = store.materialise("staff", tmp_path)
    before = store.governance_table(models.Study.objects.get())
    forget_everything()
    actions.import_study(folder=place, by=BY)
    assert store.governance_table(models.Study.objects.get()) == before
    (place / "governance.toml").write_text('schema = "surefoot/governance/1"\n[[wave]]\nname = "1"\nitem = [1]\n')
    forget_everything()
    with pytest.raises(BadInput, match=r"governance\.toml"):
        actions.import_study(folder=place, by=BY)
