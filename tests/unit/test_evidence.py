"""Names of content, keyed digests, and the ledger of evidence."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.evidence import Evidence, Ledger, canonical, content_id, secret_digest


def test_canonical_form() -> None:
    """Sorted keys, no spaces, NFC, floats as strings of 12 significant digits, dates in ISO 8601."""
    content = {"z": 1.0, "a": [True, None, 3], "e\u0301": date(2026, 5, 1), "at": datetime(2026, 5, 1, 9, tzinfo=UTC)}
    assert canonical(content).decode() == (
        '{"a":[true,null,3],"at":"2026-05-01T09:00:00+00:00","z":"1","\u00e9":"2026-05-01"}'
    )


def test_canonical_form_forgets_how_a_number_was_reached() -> None:
    """Differences beyond the twelfth digit, and the sign of zero, are no differences."""
    assert canonical(0.1 + 0.2) == canonical(0.3)
    assert canonical(-0.0) == canonical(0.0)
    assert canonical(1 / 3) != canonical(0.333333333)


def test_canonical_form_does_not_depend_on_order() -> None:
    """Tables are equal whatever the order of their keys; lists are not."""
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})
    assert canonical([1, 2]) != canonical([2, 1])


@pytest.mark.parametrize("nothing", [float("nan"), float("inf"), [float("-inf")]])
def test_no_name_for_nothing(nothing: object) -> None:
    """NaN and infinity name nothing."""
    with pytest.raises(ValueError, match="no canonical form"):
        canonical(nothing)


def test_objects_have_no_canonical_form() -> None:
    """What is not plain content is refused, not guessed at."""
    with pytest.raises(TypeError, match="set has no canonical form"):
        canonical({1, 2})


def test_content_id_is_kind_and_sixteen_digits() -> None:
    """The kind, a hyphen, 16 hexadecimal digits; another kind or content is another id."""
    made = content_id("figure", {"a": 1})
    assert made == "figure-015abd7f5cc57a2d"
    assert content_id("figure", {"a": 2}) != made


def test_secret_digest_needs_the_secret() -> None:
    """The same content under another secret has an unrelated digest."""
    assert secret_digest(b"one", [3, 4]) != secret_digest(b"other", [3, 4])
    assert secret_digest(b"one", [3, 4]) == secret_digest(b"one", (3, 4))


def example() -> Evidence:
    """A piece of evidence."""
    return Evidence(
        "evidence-1", "survey-figure", "Wilson interval", {}, {"level": 0.95}, "0" * 64,
        "2026-05-01T09:00:00Z", "surefoot", n=42, interval=(0.4, 0.6),
    )  # fmt: skip


def test_ledger_reads_what_was_written(tmp_path: Path) -> None:
    """Evidence goes to a file and comes back equal; the ledger finds it by id."""
    (tmp_path / "one.json").write_text(json.dumps(example().to_json()), encoding="utf-8")
    ledger = Ledger.open(tmp_path)
    assert ledger["evidence-1"] == example()
    assert list(ledger) == [example()]


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"schema": "surefoot/evidence/1"}', json.dumps(example().to_json() | {"schema": "x"})]
)
def test_ledger_refuses_what_is_not_evidence(tmp_path: Path, content: str) -> None:
    """A broken file is named, whatever is wrong with it."""
    (tmp_path / "odd.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"odd\.json: found a file"):
        Ledger.open(tmp_path)
