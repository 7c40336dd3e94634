"""Reading a study: several files in several dialects, one instrument, organisations and waves."""

import json
from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.instrument import instrument_from_table
from surefoot.readers import read, read_study
from surefoot.responses import ORGANISATION, SOURCE, WAVE, Missing, write_responses
from surefoot.study import Organisation, Source, Study

TABLE = {
    "schema": "surefoot/instrument/1",
    "name": "small",
    "title": "Small",
    "scale": [
        {"id": "places", "options": [{"id": "oak", "text": "Oak Home Care"}, {"id": "elm", "text": "Elm Surgery"}]},
        {"id": "used", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
    ],
    "question": [
        {"id": "place", "kind": "single", "text": "Where do you work?", "scale": "places"},
        {"id": "used", "kind": "single", "text": "Used AI?", "scale": "used"},
        {"id": "again", "kind": "single", "text": "Again?", "scale": "used"},
        {"id": "why", "kind": "text", "text": "Why?"},
    ],
}


def study(folder: Path, *sources: Source, question: str | None = "place") -> Study:
    """Two organisations and some files."""
    return Study(
        "s",
        "S",
        instrument_from_table(TABLE),
        organisations=(Organisation("oak", "Oak Home Care"), Organisation("elm", "Elm Surgery")),
        sources=sources,
        organisation_question=question,
        folder=folder,
    )


def test_files_of_several_organisations_and_waves_are_one(tmp_path: Path) -> None:
    """Each file's organisation, wave and place in the list are kept; what a file did not ask is not asked."""
    (tmp_path / "oak.csv").write_text("used,why\nyes,first\nno,\n")
    (tmp_path / "elm.csv").write_text("Used AI?;Again?;Why?\nNo;Yes;second\n")
    both = study(tmp_path, Source("oak.csv", organisation="oak"), Source("elm.csv", organisation="elm", wave="2"))
    made, accounts = read_study(both)
    assert made.codes(ORGANISATION).tolist() == [0, 0, 1]
    assert made.codes(WAVE).tolist() == [0, 0, 1]
    assert made.codes(SOURCE).tolist() == [0, 0, 1]
    assert made.codes("again").tolist() == [Missing.NOT_ASKED, Missing.NOT_ASKED, 0]
    assert made.texts.rows() == [(0, "why", "first"), (2, "why", "second")]
    assert [(account.rows, account.kept) for account in accounts] == [(2, 2), (1, 1)]


def test_rows_of_other_organisations_are_left_out_and_counted(tmp_path: Path) -> None:
    """An organisation that the study does not have is a reason, and so is none at all."""
    (tmp_path / "all.csv").write_text("place,used\nOak home care,yes\nelsewhere,no\n,no\nelm,no\n")
    made, (account,) = read_study(study(tmp_path, Source("all.csv")))
    assert made.codes(ORGANISATION).tolist() == [0, 1]
    assert account.excluded == {"organisation not given": 1, "organisation not in the study": 1}
    assert account.unmatched == ('"elsewhere"',)
    assert account.absent == ("again", "why")
    assert made.read == 4


def test_files_of_unknown_organisations_are_refused(tmp_path: Path) -> None:
    """Where no row belongs to the study, the file or the question is the wrong one."""
    (tmp_path / "all.csv").write_text("place,used\nelsewhere,yes\nnowhere,no\n")
    with pytest.raises(BadInput) as refused:
        read_study(study(tmp_path, Source("all.csv")))
    assert str(refused.value) == (
        'all.csv, column "place": found no organisation of the study in any row ("elsewhere", "nowhere"); expected '
        'oak (Oak Home Care), elm (Elm Surgery); or organisation = "..." in its [[source]], or values in its mapping.'
    )


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("header", ["Provider", "organisation", "Your organisation's name"])
def test_columns_of_other_organisations_are_named(tmp_path: Path, header: str, mapped: bool) -> None:
    """A column that seems to say whose answers these are is named, with the commonest of what it holds."""
    names = ["Oak House", "Oak House", "x" * 70, *(f"Elm {number}" for number in range(20))]
    (tmp_path / "all.csv").write_text(f"{header},used\n" + "".join(f"{name},yes\n" for name in names))
    mapping = 'schema = "surefoot/mapping/1"\n[columns.used]\nquestion = "used"\n'
    (tmp_path / "m.toml").write_text(mapping)
    with pytest.raises(BadInput) as refused:
        read_study(study(tmp_path, Source("all.csv", mapping="m.toml" if mapped else None)))
    assert refused.value.where == f'all.csv, column "{header}"'
    assert refused.value.found.startswith('no organisation of the study in any row ("Oak House", ')
    assert refused.value.found.endswith(" and 2 more)")
    assert "x" * 60 not in refused.value.found


def test_files_that_do_not_say_whose_they_are_are_refused(tmp_path: Path) -> None:
    """Answers without an organisation cannot be counted for one."""
    (tmp_path / "all.csv").write_text("used\nyes\n")
    with pytest.raises(BadInput, match="whose answers"):
        read_study(study(tmp_path, Source("all.csv")))


def test_columns_that_name_organisations_are_found(tmp_path: Path) -> None:
    """A column that is no question but holds the study's organisations says whose each row is, and is unsure."""
    (tmp_path / "all.csv").write_text("Provider,used\nOAK HOME CARE,yes\nElm surgery,no\n")
    made, (account,) = read_study(study(tmp_path, Source("all.csv"), question=None))
    assert made.codes(ORGANISATION).tolist() == [0, 1]
    assert any("Provider" in sentence for sentence in account.unsure)


def test_mappings_name_organisations(tmp_path: Path) -> None:
    """A column that is no question may say the organisation; the mapping turns its words into ids."""
    (tmp_path / "all.csv").write_text("site,used\nThe Oaks,yes\nElm (GP),no\n")
    (tmp_path / "m.toml").write_text(
        'schema = "surefoot/mapping/1"\n[columns.site]\nrole = "organisation"\n'
        'values = {"The Oaks" = "oak", "Elm (GP)" = "elm"}\n[columns.used]\nquestion = "used"\n'
    )
    made, _ = read_study(study(tmp_path, Source("all.csv", mapping="m.toml"), question=None))
    assert made.codes(ORGANISATION).tolist() == [0, 1]
    assert made.codes("used").tolist() == [0, 1]


def test_unknown_answers_are_refused(tmp_path: Path) -> None:
    """In a study every cell must have a meaning; the row and the options are named."""
    (tmp_path / "oak.csv").write_text("used\nyes\nperhaps\n")
    with pytest.raises(BadInput, match=r'oak\.csv, row 3, column "used": found "perhaps"; expected one of: Yes; No'):
        read_study(study(tmp_path, Source("oak.csv", organisation="oak")))


def test_our_own_files_join_by_organisation_id(tmp_path: Path) -> None:
    """Parquet that Surefoot wrote is read like any source; its rows of other organisations are left out."""
    (tmp_path / "all.csv").write_text("place,used\noak,yes\nelm,no\n")
    whole = study(tmp_path, Source("all.csv"))
    made, _ = read_study(whole)
    write_responses(made, tmp_path / "own.parquet")
    again, (account,) = read_study(study(tmp_path, Source("own.parquet")))
    assert again.table.equals(made.table)
    assert account.dialect == "surefoot"


def test_progress_counts_sources(tmp_path: Path) -> None:
    """Progress is told in sources, of so many."""
    (tmp_path / "oak.csv").write_text("used\nyes\n")
    seen: list[tuple[int, int]] = []
    read_study(study(tmp_path, Source("oak.csv", organisation="oak")), progress=lambda *done: seen.append(done))
    assert seen == [(1, 1)]
    read(tmp_path / "oak.csv", instrument=instrument_from_table(TABLE), progress=lambda *done: seen.append(done))
    assert seen[-1] == (4, 4)


def test_the_same_answers_twice_are_refused(tmp_path: Path) -> None:
    """Two files of one wave whose rows are the same would count each person twice; of two waves they are let be."""
    rows = "".join(f"{n},{'yes' if n % 3 else 'no'},reason {n}\n" for n in range(20))
    (tmp_path / "one.csv").write_text("id,used,why\n" + rows)
    (tmp_path / "two.csv").write_text("id,used,why\n" + rows + "99,yes,late\n")
    first = Source("one.csv", organisation="oak")
    with pytest.raises(BadInput, match=r"two\.csv: found rows that are in one\.csv too, cell by cell"):
        read_study(study(tmp_path, first, Source("two.csv", organisation="elm")))
    assert len(read_study(study(tmp_path, first, Source("two.csv", organisation="elm", wave="2")))[0]) == 41
    (tmp_path / "two.csv").write_text("id,used,why\n" + rows.replace("reason", "because"))
    assert len(read_study(study(tmp_path, first, Source("two.csv", organisation="elm")))[0]) == 40


def test_numbers_of_qualtrics_are_read_with_the_questionnaire_beside(tmp_path: Path) -> None:
    """In a study, the numbers of an export match the instrument's options by the texts of the .qsf beside it."""
    payload = {
        "QuestionID": "QID1", "DataExportTag": "Q1", "QuestionText": "Used AI?", "QuestionType": "MC",
        "Selector": "SAVR", "Choices": {"1": {"Display": "Yes"}, "2": {"Display": "No"}}, "ChoiceOrder": ["1", "2"],
        "RecodeValues": {"1": "7", "2": "3"},
    }  # fmt: skip
    block = {"1": {"Type": "Default", "BlockElements": [{"Type": "Question", "QuestionID": "QID1"}]}}
    elements = [{"Element": "BL", "Payload": block}, {"Element": "SQ", "Payload": payload}]
    survey = {"SurveyEntry": {"SurveyName": "S", "SurveyLanguage": "EN"}, "SurveyElements": elements}
    (tmp_path / "oak.qsf").write_text(json.dumps(survey))
    (tmp_path / "oak.csv").write_text('Finished,Q1\nFinished,Used AI?\n"{""ImportId"":""finished""}",'
                                      '"{""ImportId"":""QID1""}"\n1,7\n1,3\n1,7\n')  # fmt: skip
    made, (account,) = read_study(study(tmp_path, Source("oak.csv", organisation="oak")))
    assert made.codes("used").tolist() == [0, 1, 0]
    assert any("oak.qsf" in sentence for sentence in account.unsure)
