"""A link: what is derived from it, and what cannot be told from what is derived."""

import pytest

from surefoot.web.link import Link


def test_link_survives_its_address() -> None:
    """What stands in an address is the link again."""
    link = Link.new()
    assert Link.read(link.text) == link


@pytest.mark.parametrize("text", ["", "short", "A" * 25, "A" * 23 + "!", "../" * 8, "Ａ" * 24])
def test_what_is_no_link_is_none(text: str) -> None:
    """Any other text leads nowhere, without an error."""
    assert Link.read(text) is None


def test_names_share_nothing() -> None:
    """The invitation's name, the draft's name and the link itself have no eight characters in common."""
    link = Link.new()
    names = [link.invitation, link.draft, link.secret.hex(), link.text]
    parts = [{name[n : n + 8] for n in range(len(name) - 7)} for name in names]
    assert not any(parts[a] & parts[b] for a in range(4) for b in range(a))


def test_draft_opens_with_its_link_alone() -> None:
    """Another link cannot open a draft, nor can this one once it was changed."""
    link, other = Link.new(), Link.new()
    sealed = link.seal({"used": "yes"})
    assert link.open(sealed) == {"used": "yes"}
    assert other.open(sealed) is None
    assert link.open(sealed[:-1] + bytes([sealed[-1] ^ 1])) is None


def test_length_of_draft_tells_little() -> None:
    """One answer or ten: the sealed draft has the same length."""
    link = Link.new()
    assert len(link.seal({"q0": "a"})) == len(link.seal({f"q{n}": "an answer" for n in range(10)}))


def test_link_is_not_shown_in_errors() -> None:
    """A traceback or a log that shows the object does not show the secret."""
    link = Link.new()
    assert link.text not in repr(link)
    assert link.secret.hex() not in repr(link)


def test_shuffled_order_stays() -> None:
    """Somebody sees the same order at every visit, and others see others."""
    link, things = Link.new(), list(range(20))
    assert link.shuffled(things, "q") == link.shuffled(things, "q")
    assert sorted(link.shuffled(things, "q")) == things
    assert len({tuple(Link.new().shuffled(things, "q")) for _ in range(5)}) == 5
