"""Personal data goes, ordinary words stay, and doing it again changes nothing."""

import pytest

from surefoot.study import Comments, Organisation, Study
from surefoot.themes import redact, redactor
from surefoot.themes.redaction import is_nhs_number


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to a.b@nhs.net now", "Write to [email] now"),
        ("sarah dot jones at nhs dot net", "[name] dot [email]"),
        ("Ring 07700 900123 or (020) 7946 0018", "Ring [phone] or [phone]"),
        ("My number is 943 476 5919.", "My number is [number]."),
        ("NI AB123456C", "NI [number]"),
        ("at LS1 4AP", "at [postcode]"),
        ("born 12/03/1975, started on 3 June 2019", "born [date], started on [date]"),
        ("see https://example.org/a?b and example.co.uk", "see [web address] and [web address]"),
        ("Mrs Smith and Dr A Jones said so", "[name] and [name] said so"),
        ("my manager Sarah said no", "my manager [name] said no"),
        ("i asked sarah", "i asked [name]"),
        ("We met Zbynek there", "We met [name] there"),
        ("In Leeds and in Reading", "In [place] and in [place]"),
        ("Reading takes time", "Reading takes time"),
        ("our registered manager left", "our [job title] left"),
        ("I am the only physiotherapist here", "I am the only [job title] here"),
        ("It takes 20 minutes, 3 times a day, 80%", "It takes 20 minutes, 3 times a day, 80%"),
        ("Copilot and ChatGPT on Mondays", "Copilot and ChatGPT on Mondays"),
        ("Will it work? I hope so.", "Will it work? I hope so."),
    ],
)
def test_what_is_taken_out(text: str, left: str) -> None:
    """Each kind of personal data leaves its mark, and everyday words that look like names stay."""
    assert redact(text) == left
    assert redact(left) == left


def test_own_names_of_a_study_go(make_study: object) -> None:
    """Organisations, by their whole name, the word that tells them apart and their initials, and further names."""
    study = Study(
        "s",
        "S",
        make_study().instrument,  # type: ignore[operator]
        (Organisation("oakfield", "Oakfield Care Homes"),),
        comments=Comments(names=("Project Falcon",)),
    )
    own = redactor(study)
    assert own("At oakfield care homes, Oakfield and OCH") == "At [organisation] and [organisation]"
    assert own("project falcon is late, care homes are not") == "[organisation] is late, care homes are not"


@pytest.mark.parametrize(("digits", "valid"), [("9434765919", True), ("9434765918", False), ("1234567890", False)])
def test_nhs_numbers_have_a_check_digit(digits: str, valid: bool) -> None:
    """Modulus 11, as the NHS data dictionary says; the first is its published example."""
    assert is_nhs_number(digits) is valid
