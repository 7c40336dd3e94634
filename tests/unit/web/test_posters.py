"""Posters: links for whoever opens one, bounded, counted apart, gone at the close."""

from typing import Any

import pytest

from surefoot.errors import Refused

BY = "lead@example.org"
POSTERS = "/studies/staff/waves/1/posters"


def made(opened: Any, client: Any) -> tuple[Any, Any, str]:
    """An open wave with a poster of North: the wave, a lead's browser, the poster's address."""
    from surefoot.web import models

    wave, lead = opened(), client("programme-lead")
    assert lead.post(POSTERS, {"step": "make", "organisation": "north"}).status_code == 302
    return wave, lead, f"/p/{models.Poster.objects.get().secret}"


def test_poster_gives_everybody_a_link_of_their_own(opened: Any, client: Any) -> None:
    """Looking takes none; beginning takes one, without a cookie; twice are two; the sheet holds code and address."""
    from surefoot.web import models

    _, lead, address = made(opened, client)
    before = models.Invitation.objects.count()
    page = client().get(address)
    assert page.status_code == 200
    assert models.Invitation.objects.count() == before
    places = [client().post(address)["Location"] for _ in range(2)]
    assert places[0] != places[1]
    assert all(client().get(place).status_code == 200 for place in places)
    sheet = lead.get(f"{POSTERS}/north").content.decode()
    assert "<svg" in sheet
    assert f"http://localhost{address}" in sheet
    assert "style=" not in sheet


def test_closed_poster_gives_out_none(opened: Any, client: Any) -> None:
    """Until it is opened again; its links go on working; a wrong address is unknown."""
    _, lead, address = made(opened, client)
    place = client().post(address)["Location"]
    lead.post(POSTERS, {"step": "close", "organisation": "north"})
    assert "takes no answers now" in client().post(address).content.decode()
    assert "Start" in client().get(place).content.decode()
    lead.post(POSTERS, {"step": "open", "organisation": "north"})
    assert client().post(address).status_code == 302
    assert client().get("/p/nothing").status_code == 404
    assert lead.post(POSTERS, {"step": "close", "organisation": "south"}).status_code == 400


def test_answers_are_bounded_by_the_headcount(opened: Any, client: Any, send: Any) -> None:
    """Never more answers than staff: neither a link more, nor an answer more; one's own link still counts."""
    from surefoot.web import actions, models
    from surefoot.web.link import Link

    wave, _, address = made(opened, client)
    links = [Link.read(client().post(address)["Location"].removeprefix("/a/")) for _ in range(3)]
    models.Organisation.objects.filter(slug="north").update(headcount={"all": 2})
    for link in links[:2]:
        send(link, wave.today)
    with pytest.raises(Refused, match="as many people"):
        send(links[2], wave.today)
    assert client().post(address).status_code == 409
    send(wave.one, wave.today)
    with pytest.raises(Refused, match="headcount"):
        models.Organisation.objects.filter(slug="south").update(headcount={})
        actions.make_poster(study="staff", wave="1", organisation="south", by=BY)


def test_hurry_is_slowed_down(opened: Any, client: Any) -> None:
    """After sixty links of one machine in ten minutes there is a pause."""
    _, _, address = made(opened, client)
    browser = client()
    statuses = {browser.post(address).status_code for _ in range(60)}
    assert statuses == {302}
    assert browser.post(address).status_code == 429


def test_posters_are_counted_apart(opened: Any, client: Any, send: Any) -> None:
    """Their answers are in no rate; fewer than 11 are not shown; at the close poster and unused links are gone."""
    from surefoot.web import actions, models, store

    wave, lead, _ = made(opened, client)
    secret = models.Poster.objects.get().secret
    links = [actions.take_link(secret=secret, today=wave.today) for _ in range(13)]
    for link in links[:10]:
        send(link, wave.today)
    assert store.taking_part("staff", "1")[0].posted is None
    for link in links[10:12]:
        send(link, wave.today)
    north = store.taking_part("staff", "1")[0]
    assert (north.invited, north.completed, north.posted) == (5, None, 12)
    assert "could answer twice" in lead.get("/studies/staff/waves/1/").content.decode()
    actions.close_wave(study="staff", wave="1", by=BY)
    assert not models.Poster.objects.exists()
    assert models.Invitation.objects.filter(poster=True).count() == 12
    assert store.taking_part("staff", "1")[0].posted == 12
