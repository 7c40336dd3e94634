"""No count of one to ten people is told, in words or for machines, nor one from which it follows."""

import json
from pathlib import Path

from surefoot.readers import read
from surefoot.readers.account import Account, QuestionAccount
from surefoot.readers.told import each_in_words, told, told_rows

ASKED = QuestionAccount("q", "single", "Asked?", ("Yes", "No"), 96, 0, 4, 0, 0)


def account(kept: int, **excluded: int) -> Account:
    """An account of one file."""
    return Account("plain", "a.csv", kept + sum(excluded.values()), kept, excluded, questions=(ASKED,))


def test_few_rows_left_out_are_told_without_their_number() -> None:
    """That rows were left out is said; rows read less rows kept would be how many, so they are not said."""
    made = account(100, unfinished=4)
    assert made.lines()[:2] == [
        "a.csv: plain; rows read = 100 kept + fewer than 11 excluded",
        "  excluded  fewer than 11 unfinished",
    ]
    assert made.lines()[3] == "            nearly all answered, fewer than 11 not answered"
    content = made.to_json()
    assert (content["rows"], content["kept"], content["excluded"]) == (None, 100, {"unfinished": None})
    assert (content["questions"][0]["answered"], content["questions"][0]["not_answered"]) == (None, None)


def test_enough_rows_are_told() -> None:
    """Twelve unfinished rows and a few test rows: the few are no difference of what is told."""
    assert account(100, unfinished=12).lines()[0] == "a.csv: plain; 112 rows read = 100 kept + 12 excluded"
    assert account(100, unfinished=12, test=3).lines()[:3] == [
        "a.csv: plain; rows read = 100 kept + some excluded",
        "  excluded  12 unfinished",
        "  excluded  fewer than 11 test",
    ]
    assert told_rows(100, {"unfinished": 9, "test": 8}) == (117, 100, {"unfinished": None, "test": None})


def test_file_of_few_rows_tells_no_number(tmp_path: Path) -> None:
    """Three people are fewer than eleven, whatever is asked of them."""
    (tmp_path / "a.csv").write_text("Used it?\nYes\nNo\nYes\n", encoding="utf-8")
    made = read(tmp_path / "a.csv").account
    assert made.lines()[0].endswith("rows read = fewer than 11 kept + 0 excluded")
    content = json.loads(json.dumps(made.to_json()))
    assert (content["rows"], content["kept"], content["questions"][0]["answered"]) == (None, None, None)


def test_larger_count_that_would_tell_a_small_one_is_some() -> None:
    """Thirty beside four: not told, and not called few."""
    counts = {"answered": 30, "unknown": 4}
    assert each_in_words(counts, told(counts)) == {"answered": "some", "unknown": "fewer than 11"}
