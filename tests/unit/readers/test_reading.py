"""Reading one file: missing values, routing, options in one cell, mappings that replay, and the account."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.readers import READERS, example, open_mapping, read
from surefoot.responses import Missing, write_responses


@pytest.fixture
def instrument() -> Instrument:
    """A few questions of each kind."""
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "small", "title": "Small", "languages": ["en", "cy"],
            "scale": [
                {"id": "used", "options": [{"id": "yes", "text": {"en": "Yes", "cy": "Do"}},
                                           {"id": "no", "text": "No"}]},
                {"id": "tools", "options": [{"id": "chat", "text": "Chat"}, {"id": "notes", "text": "Notes, letters"}]},
                {"id": "needs", "options": [{"id": "time", "text": "Time"},
                                            {"id": "none", "text": "None", "exclusive": True}]},
            ],
            "question": [
                {"id": "used", "kind": "single", "text": {"en": "Used AI?", "cy": "Wedi defnyddio AI?"},
                 "scale": "used"},
                {"id": "tools", "kind": "multi", "text": "Tools?", "scale": "tools",
                 "show_if": [{"question": "used", "any_of": ["yes"]}]},
                {"id": "needs", "kind": "multi", "text": "Needs?", "scale": "needs"},
                {"id": "hours", "kind": "number", "text": "Hours?", "decimals": 1},
                {"id": "why", "kind": "text", "text": "Why?", "show_if": [{"question": "used", "any_of": ["no"]}]},
            ],
        }
    )  # fmt: skip


def written(folder: Path, text: str) -> Path:
    """A file whose name says nothing about what is in it."""
    path = folder / "answers.dat"
    path.write_text(text, encoding="utf-8")
    return path


def test_wordings_match_in_any_language_case_and_dash(tmp_path: Path, instrument: Instrument) -> None:
    """Headers and options are matched by id or wording as people see them."""
    made = read(written(tmp_path, "wedi defnyddio ai?,HOURS?\ndo,1.5\n  NO ,2\n"), instrument=instrument).responses
    assert made.codes("used").tolist() == [0, 1]
    assert made.codes("hours").tolist() == [15, 20]


def test_four_kinds_of_missing_stay_apart(tmp_path: Path, instrument: Instrument) -> None:
    """Not asked by routing, not answered, unticked, and unknown where the file cannot say."""
    text = "used,tools,needs,hours,why\nyes,Chat,Time,1,\nyes,,,,\nno,,,,because\n"
    made = read(written(tmp_path, text), instrument=instrument).responses
    tools = [made.codes(item).tolist() for item in ("tools/chat", "tools/notes")]
    assert tools == [[1, Missing.UNKNOWN, Missing.NOT_ASKED], [Missing.UNTICKED, Missing.UNKNOWN, Missing.NOT_ASKED]]
    assert made.codes("needs/time").tolist() == [1, Missing.NOT_ANSWERED, Missing.NOT_ANSWERED]
    assert made.texts.to_dicts() == [{"@row": 2, "question": "why", "text": "because"}]


def test_answers_against_routing_are_kept_and_noted(tmp_path: Path, instrument: Instrument) -> None:
    """Somebody who answered a hidden question did answer it."""
    reading = read(written(tmp_path, "used,tools\nno,Chat\nno,\n"), instrument=instrument)
    assert reading.responses.codes("tools/chat").tolist() == [1, Missing.NOT_ASKED]
    assert any('"tools": fewer than 11 rows answered' in sentence for sentence in reading.account.unsure)


def test_explicit_boxes_say_unticked(tmp_path: Path, instrument: Instrument) -> None:
    """A plain table that marks each empty box with 0 says more than a blank does."""
    text = "used,tools/chat,tools/notes\nyes,1,0\nyes,0,0\nyes,,\n"
    made = read(written(tmp_path, text), instrument=instrument).responses
    assert made.codes("tools/chat").tolist() == [1, Missing.UNTICKED, Missing.UNKNOWN]


def test_columns_that_are_absent_were_not_asked(tmp_path: Path, instrument: Instrument) -> None:
    """What a file has no column for counts as not asked, and the account says so."""
    reading = read(written(tmp_path, "used\nyes\nno\n"), instrument=instrument)
    assert reading.responses.codes("needs/time").tolist() == [Missing.NOT_ASKED] * 2
    assert any("needs" in sentence and "not asked" in sentence for sentence in reading.account.unsure)


@pytest.mark.parametrize(
    "cell", ["Chat,Notes, letters", "Chat;Notes, letters", "Notes, letters,Chat", "Chat\nNotes, letters"]
)
def test_known_options_do_not_split_at_their_commas(tmp_path: Path, instrument: Instrument, cell: str) -> None:
    """The longest known option is found first, so a comma inside an option does not split it."""
    made = read(written(tmp_path, f'used,tools\nyes,"{cell}"\nyes,Chat\n'), instrument=instrument).responses
    assert made.codes("tools/notes").tolist() == [1, Missing.UNTICKED]


def test_unknown_options_are_listed_and_then_decided(tmp_path: Path, instrument: Instrument) -> None:
    """A proposed mapping lists what matches nothing; a kept one must decide it, and merges as the lead says."""
    path = written(tmp_path, "used\nyes\nyep\nno\n")
    proposed = read(path, instrument=instrument)
    assert proposed.mapping.columns["used"].values == {"yes": "yes", "yep": "", "no": "no"}
    assert proposed.responses.codes("used").tolist() == [0, Missing.UNKNOWN, 1]
    kept = tmp_path / "mapping.toml"
    proposed.mapping.save(kept)
    with pytest.raises(BadInput, match=r'answers\.dat, row 3, column "used": found "yep"; expected one of: Yes; No'):
        read(path, instrument=instrument, mapping=kept)
    kept.write_text(kept.read_text().replace('yep = ""', 'yep = "yes"'))
    assert read(path, instrument=instrument, mapping=kept).responses.codes("used").tolist() == [0, 0, 1]


def test_digits_stand_for_options_only_where_the_mapping_says_so(tmp_path: Path, instrument: Instrument) -> None:
    """Numeric codes have no meaning until somebody gives them one."""
    path = written(tmp_path, "used\n1\n2\n")
    proposed = read(path, instrument=instrument)
    assert proposed.responses.codes("used").tolist() == [Missing.UNKNOWN] * 2
    column = replace(proposed.mapping.columns["used"], values={}, digits="order")
    decided = replace(proposed.mapping, columns={"used": column})
    assert read(path, instrument=instrument, mapping=decided).responses.codes("used").tolist() == [0, 1]


@pytest.mark.parametrize(("cell", "code"), [("1,234.5", 12345), ("2,5", 25), ("1 000", 10000), ("-3", -30)])
def test_numbers_are_read_as_people_write_them(tmp_path: Path, instrument: Instrument, cell: str, code: int) -> None:
    """Thousands separators, decimal commas and signs."""
    path = written(tmp_path, f'hours,used\n"{cell}",yes\n')
    assert read(path, instrument=instrument).responses.codes("hours").tolist() == [code]


@pytest.mark.parametrize("cell", ["about 5", "1.25", "9" * 30])
def test_numbers_that_do_not_fit_are_refused(tmp_path: Path, instrument: Instrument, cell: str) -> None:
    """Words, too many decimals and numbers too large are named with their row and column."""
    path = written(tmp_path, f"hours,used\n4,yes\n{cell},yes\n")
    mapping = read(path, instrument=instrument).mapping
    with pytest.raises(BadInput, match='row 3, column "hours"'):
        read(path, instrument=instrument, mapping=mapping)


def test_inferred_mappings_replay_exactly(tmp_path: Path) -> None:
    """A mapping read back from TOML carries its instrument and gives the same answers."""
    (path,) = example(tmp_path / "example")
    first = read(path)
    first.mapping.save(tmp_path / "mapping.toml")
    kept = open_mapping(tmp_path / "mapping.toml")
    assert kept == first.mapping
    again = read(path, mapping=kept)
    assert again.responses.table.equals(first.responses.table)
    assert again.responses.instrument.id == first.instrument.id


def test_inference_orders_known_scales_and_says_so(tmp_path: Path) -> None:
    """A scale that the library knows is ordered; answers off the scale have no position; others keep their order."""
    rows = ["Agree", "Strongly disagree", "Don't know", "Disagree", "Strongly agree", "Neutral"] * 3
    reading = read(written(tmp_path, "view,place\n" + "".join(f"{row},Leeds\n" for row in rows)))
    scale = reading.instrument["view"].scale
    assert [option.text["en"] for option in scale.options][-1] == "Don't know"
    assert [option.position for option in scale.options] == [-2, -1, 0, 1, 2, None]
    assert any("known scale" in sentence for sentence in reading.account.unsure)


def test_inference_splits_only_where_pieces_recur(tmp_path: Path) -> None:
    """Commas within options split nothing; commas between options do."""
    cells = ["Yes, to read", "Yes, to read,Yes, to write", "Yes, to write", "No, never", "Yes, to write,Yes, other:"]
    cells += ["Yes, other:", "Yes, to read,Yes, other:"]
    group = ["Man", "Woman, non-binary, other"]
    rows = "".join(f'"{cell}","{group[index % 2]}"\n' for index, cell in enumerate(cells * 3))
    reading = read(written(tmp_path, f"uses,group\n{rows}"))
    assert reading.instrument["uses"].kind == "multi"
    options = {option.text["en"] for option in reading.instrument["uses"].options}
    assert options == {"Yes, to read", "Yes, to write", "Yes, other:", "No, never"}
    assert reading.instrument["group"].kind == "single"


def test_spellings_that_read_the_same_are_one_option(tmp_path: Path) -> None:
    """NHSE and Nhse are one organisation type; the account says that they were merged."""
    reading = read(written(tmp_path, "kind,used\nNHSE,Yes\nNhse,No\nNHSE,No\nTrust,Yes\nTrust,No\n"))
    assert len(reading.instrument["kind"].options) == 2
    assert any("spellings" in sentence for sentence in reading.account.unsure)


@pytest.mark.parametrize(("keep", "kept"), [(False, 2), (True, 3)])
def test_unfinished_rows_are_excluded_and_counted(tmp_path: Path, keep: bool, kept: int) -> None:
    """Finished = FALSE leaves a row out, unless the lead wants it."""
    path = written(tmp_path, "Progress,Finished,used\n100,TRUE,Yes\n43,FALSE,No\n100,TRUE,No\n")
    account = read(path, keep_unfinished=keep).account
    assert (account.rows, account.kept) == (3, kept)
    assert account.excluded == ({} if keep else {"unfinished": 1})


def test_the_account_adds_up_as_json(tmp_path: Path, instrument: Instrument) -> None:
    """Each question's rows are answered or of one kind of missing; the whole is plain JSON with its schema."""
    text = "used,tools,hours,why\nyes,Chat,1,\nno,,,x\n,,,\nyes,,2,\n"
    account = read(written(tmp_path, text), instrument=instrument).account
    assert json.loads(json.dumps(account.to_json()))["schema"] == "surefoot/reading/1"
    assert account.rows == account.kept + sum(account.excluded.values()) == 4
    for question in account.questions:
        assert question.answered + question.not_asked + question.not_answered + question.unknown == account.kept


def test_our_own_files_are_recognised(tmp_path: Path, instrument: Instrument) -> None:
    """Answers that Surefoot wrote need neither dialect nor mapping."""
    first = read(written(tmp_path, "used,why\nyes,\nno,x\n"), instrument=instrument)
    write_responses(first.responses, tmp_path / "own")
    own = read(tmp_path / "own")
    assert own.dialect == "surefoot"
    assert own.responses.table.equals(first.responses.table)


def test_mappings_are_checked(tmp_path: Path, instrument: Instrument) -> None:
    """A mapping that speaks of what does not exist is refused where it stands."""
    path = written(tmp_path, "used\nyes\n")
    mapping = tmp_path / "mapping.toml"
    faults = {
        'question = "nowhere"': "nowhere",
        'question = "used"\nvalues = {yes = "yess"}': "yess",
        'question = "used"\noption = "maybe"': "maybe",
        'role = "boss"': "boss",
        "question = 3": "3",
        'colour = "red"': "colour",
    }
    for entry, found in faults.items():
        mapping.write_text(f'schema = "surefoot/mapping/1"\n[columns."used"]\n{entry}\n')
        with pytest.raises(BadInput, match=found):
            read(path, instrument=instrument, mapping=mapping)


def test_unknown_dialects_are_refused(tmp_path: Path) -> None:
    """A dialect is one of READERS."""
    with pytest.raises(BadInput, match=", ".join(READERS)):
        read(written(tmp_path, "a\nx\n"), dialect="fax")


PLAIN = "used,hours\nyes,1\nno,2\nyes,3\n"
QUALTRICS = 'Q1,Q2\nUsed AI?,Hours?\n{"ImportId":"QID1"},{"ImportId":"QID2"}\nyes,1\n'
LIMESURVEY = "id,submitdate,lastpage,startlanguage,used\n1,2026-01-01 10:00:00,2,en,Y\n"


@pytest.mark.parametrize(
    ("dialect", "text", "like"),
    [
        ("qualtrics", PLAIN, "plain"),
        ("qualtrics", LIMESURVEY, "limesurvey"),
        ("limesurvey", PLAIN, "plain"),
        ("limesurvey", QUALTRICS, "qualtrics"),
        ("sav", PLAIN, "plain"),
    ],
)
def test_dialect_that_a_file_is_not_in(tmp_path: Path, dialect: str, text: str, like: str) -> None:
    """A second header row that is none would be an answer lost in silence, so a dialect cannot be forced on a file."""
    path = written(tmp_path, text)
    said = f'answers.dat: found a file that is not "{dialect}" but looks like "{like}"; expected '
    with pytest.raises(BadInput) as refused:
        read(path, dialect=dialect)
    assert str(refused.value).startswith(said + READERS[dialect].signs)
    assert read(path, dialect=like).dialect == like


def test_plain_can_be_said_of_any_text(tmp_path: Path) -> None:
    """Who wants every row but the first as answers may say so."""
    assert read(written(tmp_path, LIMESURVEY), dialect="plain").account.rows == 1
    assert read(written(tmp_path, PLAIN), dialect="plain").account.rows == 3


def test_plain_cannot_be_said_of_spss(tmp_path: Path) -> None:
    """Without its labels, an SPSS file is numbers."""
    import polars as pl
    import pyreadstat

    path = tmp_path / "answers.dat"
    frame = pl.DataFrame({"used": [1.0, 2.0]})
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"used": {1.0: "Yes", 2.0: "No"}})
    with pytest.raises(BadInput, match='not "plain" but looks like "sav"; expected a table of texts'):
        read(path, dialect="plain")
    assert read(path, dialect="sav").account.rows == 2


def test_dialect_of_our_own_files(tmp_path: Path) -> None:
    """Answers that Surefoot wrote are in no survey tool's dialect."""
    made = read(written(tmp_path, PLAIN))
    made.save(out=tmp_path / "own.parquet")
    with pytest.raises(BadInput, match='answers that Surefoot wrote, where "qualtrics" was said'):
        read(tmp_path / "own.parquet", dialect="qualtrics")
    assert read(tmp_path / "own.parquet", dialect="surefoot").account.kept == 3


def test_inferred_mappings_decide_what_they_cannot_read(tmp_path: Path) -> None:
    """Words and numbers out of reach among numbers are unknown in the mapping too, so that it replays."""
    cells = ["1 ~2", "9" * 30, *(str(number) for number in range(20, 60))]
    path = written(tmp_path, "years\n" + "\n".join(cells) + "\n")
    made = read(path)
    assert made.mapping.columns["years"].values == {"1 ~2": "unknown", "9" * 30: "unknown"}
    again = read(path, mapping=made.mapping)
    assert again.responses.table.equals(made.responses.table)
    assert again.account.questions[0].unknown == 2


def test_proposed_mappings_leave_it_to_be_decided(tmp_path: Path, instrument: Instrument) -> None:
    """With an instrument at hand, the lead decides what words among numbers mean: they are listed, and unsure."""
    made = read(written(tmp_path, "hours,used\nten,yes\n4,yes\n"), instrument=instrument)
    assert made.mapping.columns["hours"].values == {"ten": ""}
    assert any(
        '"hours": 1 values in fewer than 11 rows match no option' in sentence for sentence in made.account.unsure
    )


def test_every_dialect_is_documented() -> None:
    """Each dialect has a row in both tables of the how-to: what is read, and what its files hold."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "read.md").read_text(encoding="utf-8")
    for name in READERS:
        assert page.count(f"\n| `{name}` |") == 2, name


def test_an_option_called_unknown_is_an_answer(tmp_path: Path) -> None:
    """An option "unknown" stands for "I do not know enough": neither inferred nor given is it taken as missing."""
    path = tmp_path / "a.csv"
    path.write_text("balance,used\n" + "benefits,Yes\nunknown,No\nrisks,Yes\nunknown,Yes\n" * 3)
    inferred = read(path)
    assert inferred.account.questions[0].answered == 12
    options = [{"id": name, "text": name.title()} for name in ("benefits", "risks", "unknown")]
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "x", "title": "x", "scale": [{"id": "s", "options": options}],
            "question": [{"id": "balance", "kind": "single", "text": "Balance?", "scale": "s"}],
        }
    )  # fmt: skip
    assert read(path, instrument=instrument).responses.codes("balance").tolist()[:4] == [0, 2, 1, 2]
