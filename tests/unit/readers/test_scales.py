"""Known scales: the order of answers that no file of most tools carries, in eight languages."""

import random
import tomllib
from importlib import resources
from typing import Any

import pytest

from surefoot.readers.scales import known_order
from surefoot.readers.wording import plain

LIBRARY: list[dict[str, Any]] = tomllib.loads(
    (resources.files("surefoot") / "bank" / "scales.toml").read_text("utf-8")
)["scale"]
ENGLISH = {
    "agreement": ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
    "agreement, seven": ["Strongly disagree", "Disagree", "Somewhat disagree", "Neutral", "Somewhat agree", "Agree",
                         "Strongly agree"],
    "agreement, four": ["Disagree strongly", "Tend to disagree", "Tend to agree", "Agree strongly"],
    "agreement, three": ["Disagree", "Neutral", "Agree"],
    "satisfaction": ["Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied",
                     "Very satisfied"],
    "likelihood": ["Very unlikely", "Unlikely", "Neither likely nor unlikely", "Likely", "Very likely"],
    "likelihood, words": ["Definitely not", "Probably not", "Might or might not", "Probably", "Definitely"],
    "frequency": ["Never", "Rarely", "Sometimes", "Often", "Always"],
    "how often": ["Never", "Monthly", "Weekly", "Daily", "Several times a day"],
    "confidence": ["Not at all confident", "Slightly confident", "Moderately confident", "Very confident"],
    "confidence, five": ["Not confident", "Somewhat confident", "Fairly confident", "Confident", "Very confident"],
    "importance": ["Not important", "Slightly important", "Moderately important", "Very important", "Essential"],
    "quality": ["Very poor", "Poor", "Fair", "Good", "Very good", "Excellent"],
    "extent": ["Not at all", "To some extent", "To a large extent", "Completely"],
    "rating": ["Inadequate", "Requires improvement", "Good", "Outstanding"],
    "bands": ["Under 18", "18-29", "30-44", "45-59", "60+"],
    "money": ["$0 - $24,999", "$25,000 - $49,999", "$100,000 - $149,999", "More than $150,000"],
}  # fmt: skip
OFF = ["Don't know", "Prefer not to say", "Weiß nicht", "Ne sait pas", "No sé", "Weet niet", "Não sei", "Non so",
       "Ddim yn gwybod", "Keine Angabe"]  # fmt: skip


@pytest.mark.parametrize("name", list(ENGLISH))
def test_usual_scales_are_ordered(name: str) -> None:
    """From any order of cells the levels come back from low to high; sides have a sign and a middle of 0."""
    texts = ENGLISH[name]
    mixed = random.Random(7).sample(texts, len(texts))
    order = known_order(mixed)
    assert order is not None
    assert [text for text, _ in order.placed] == texts
    if order.two_sided:
        positions = [position for _, position in order.placed]
        assert positions == sorted(positions) and positions[0] == -positions[-1]


@pytest.mark.parametrize("entry", LIBRARY, ids=lambda entry: f"{entry['name']} {entry['language']}")
def test_the_library_is_sound(entry: dict[str, Any]) -> None:
    """No wording stands for two options of a scale, a middle is one of them, and every scale orders itself."""
    wordings = [plain(wording) for option in entry["options"] for wording in option.split(" | ")]
    assert len(set(wordings)) == len(wordings)
    assert "middle" not in entry or plain(entry["middle"]) in wordings
    firsts = [option.split(" | ")[0] for option in entry["options"]]
    order = known_order(firsts[::-1])
    assert order is not None
    assert [text for text, _ in order.placed] == firsts
    assert order.two_sided == ("middle" in entry)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "nl", "pt", "it", "cy"])
def test_each_language_has_the_usual_scales(language: str) -> None:
    """Agreement, frequency, satisfaction, importance and quality are known in eight languages."""
    names = {entry["name"] for entry in LIBRARY if entry["language"] == language}
    assert {"frequency", "importance", "quality"} <= names
    assert language == "en" or {"agreement", "satisfaction"} <= names


@pytest.mark.parametrize("off", OFF)
def test_not_knowing_stands_beside_a_scale(off: str) -> None:
    """Not to know, or not to say, is an answer without a position."""
    order = known_order(["Agree", off, "Disagree", "Neutral"])
    assert order is not None
    assert order.off == (off,)


@pytest.mark.parametrize(
    "texts",
    [["Nurse", "Doctor", "Manager"], ["Good", "Agree", "Often"], ["Yes", "No", "Sometimes"], ["Never", "Agree"],
     ["Agree"], ["Strongly agree", "Agree"], ["Nunca", "Rarely", "Toujours"]],
)  # fmt: skip
def test_what_is_not_known_is_not_ordered(texts: list[str]) -> None:
    """Words of several scales or languages, two of one side, or of none, have no order here: it is asked for."""
    assert known_order(texts) is None


def test_two_answers_on_two_sides_are_a_scale() -> None:
    """In a small file only two of five levels may have been chosen."""
    order = known_order(["Agree", "Strongly disagree", "Don't know"])
    assert order is not None
    assert order.placed == (("Strongly disagree", -1), ("Agree", 1))
