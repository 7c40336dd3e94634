"""Every real export and survey reads without hand-editing, to the counts that are known of it; skipped where the folder
of real data is not at hand."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.readers import ColumnMapping, Reading, read
from surefoot.responses import LATE, PHASE, Missing

# file: dialect, rows, kept, columns, personal columns dropped
KNOWN = {
    "exports/limesurvey/ls642_codes_long_complete.csv": ("limesurvey", 8, 8, 24, 0),
    "exports/limesurvey/ls642_codes_short.csv": ("limesurvey", 8, 7, 24, 0),
    "exports/limesurvey/ls642_full_long.csv": ("limesurvey", 8, 7, 24, 0),
    "exports/limesurvey/ls642_spss.sav": ("sav", 59, 59, 24, 0),
    "exports/qualtrics/qualtRics_sample.csv": ("qualtrics", 1, 1, 20, 7),
    "exports/qualtrics/qualtRics_sample_legacy.csv": ("qualtrics", 1, 1, 16, 7),
    "exports/qualtrics/QualtricsTools_Better_Sample_Survey.csv": ("qualtrics", 10, 0, 59, 8),
    "exports/qualtrics/QualtricsTools_Text_Entry.csv": ("qualtrics", 15, 0, 40, 8),
    "exports/qualtrics/QualtricsTools_SidebySide_Insights_head.csv": ("qualtrics", 10, 0, 71, 8),
    "exports/surveymonkey/538_StarWars_head.csv": ("surveymonkey", 6, 6, 38, 0),
    "surveys/allenai_llm_research/SurveyResults.csv": ("plain", 816, 638, 67, 0),
    "surveys/nhs_analysts_cpd/apha_cpd_survey.csv": ("plain", 237, 237, 38, 0),
    "surveys/doctors_ai/Table_demographics_questions_report.xlsx": ("plain", 60, 60, 21, 0),
    "surveys/doctors_ai/gmc_stats.xlsx": ("plain", 14, 14, 6, 0),
    "surveys/doctors_ai/question_stat.xlsx": ("plain", 24, 24, 14, 0),
}


@pytest.mark.parametrize("name", list(KNOWN))
def test_real_files_read_to_known_counts(real_data: Path, name: str) -> None:
    """Dialect, rows, rows kept, columns and dropped columns are as known; every row and column is accounted for."""
    reading = read(real_data / name)
    account = reading.account
    columns = len(reading.mapping.columns) + len(account.dropped)
    found = (reading.dialect, account.rows, account.kept, columns, len(account.dropped))
    assert found == KNOWN[name]
    assert account.rows == account.kept + sum(account.excluded.values())
    for question in account.questions:
        kinds = question.not_asked + question.not_answered + question.unknown
        assert question.answered + kinds == account.kept


@pytest.mark.parametrize("name", list(KNOWN))
def test_real_files_are_replayed_by_their_mapping(real_data: Path, name: str, tmp_path: Path) -> None:
    """The mapping that a reading proposes gives the same answers again."""
    first = read(real_data / name)
    kept = tmp_path / "m.toml"
    first.save(mapping=kept)
    assert read(real_data / name, mapping=kept).responses.table.equals(first.responses.table)


@pytest.mark.parametrize("name", ["exports/xlsform/ai_staff_survey.xlsx",
                                  "exports/qualtrics/QualtricsTools_Better_Sample_Survey.qsf"])  # fmt: skip
def test_questionnaires_are_no_answers(real_data: Path, name: str) -> None:
    """An XLSForm and a .qsf are refused with the command that reads them."""
    with pytest.raises(BadInput, match=r"surefoot instrument convert"):
        read(real_data / name)


def test_results_are_said_to_be_results(real_data: Path) -> None:
    """A table of figures is no table of answers, and the account says so."""
    for name in ("Table_demographics_questions_report", "gmc_stats", "question_stat"):
        account = read(real_data / f"surveys/doctors_ai/{name}.xlsx").account
        assert any("check that each row is one person's answers" in sentence for sentence in account.unsure)


def star_wars(real_data: Path) -> Reading:
    """The first lines of the SurveyMonkey export."""
    return read(real_data / "exports/surveymonkey/538_StarWars_head.csv")


def test_surveymonkey_export(real_data: Path) -> None:
    """Boxes, ranks and a matrix under two header rows, in an old encoding: the first people's answers as they stand."""
    reading = star_wars(real_data)
    seen, ranked = reading.instrument["q3"], reading.instrument["q9"]
    assert (seen.kind, len(seen.options), ranked.kind, len(ranked.options)) == ("multi", 6, "ranked", 6)
    boxes = [[reading.responses.codes(item).tolist()[row] for item in seen.items] for row in (0, 1, 2)]
    assert boxes[0] == [1] * 6
    assert boxes[1] == [int(Missing.UNKNOWN)] * 6
    assert boxes[2] == [1] * 3 + [int(Missing.UNTICKED)] * 3
    assert [reading.responses.codes(item)[0] for item in ranked.items] == [3, 2, 1, 4, 5, 6]
    characters = [q for q in reading.instrument.questions if q.group == "q15"]
    assert len(characters) == 14
    assert [o.position for o in characters[0].options] == [-2, -1, 0, 1, 2, None]
    assert any("not in UTF-8" in sentence for sentence in reading.account.unsure)


def test_qualtrics_export_with_its_questionnaire(real_data: Path, tmp_path: Path) -> None:
    """Once its rows are no tests, every answer means what the questionnaire says; recodes are no kinds of missing."""
    for suffix in (".csv", ".qsf"):
        source = real_data / f"exports/qualtrics/QualtricsTools_Better_Sample_Survey{suffix}"
        shutil.copyfile(source, tmp_path / f"s{suffix}")
    kept = read(tmp_path / "s.csv").mapping
    columns = dict(kept.columns) | {"Status": ColumnMapping(role="ignore")}
    made = read(tmp_path / "s.csv", mapping=replace(kept, columns=columns)).responses
    assert made.wordings == {}
    assert len(made) == 10
    assert made.codes("q2_favorite").tolist()[0] == 0
    assert made.codes("q3_volunteer/none-of-the-above").max() == 1
    assert set(made.codes("q4_rank_1").tolist()) <= {0, 1, 2, 3, int(Missing.NOT_ASKED), int(Missing.NOT_ANSWERED)}
    assert [o.text["en"] for o in made.instrument["q4_rank_1"].options][-1] == "Never Tried It"


def test_break_offs_and_phases_of_the_research_survey(real_data: Path) -> None:
    """178 people did not finish: no count under 11 is told, nor can one be worked out; most answered early."""
    reading = read(real_data / "surveys/allenai_llm_research/SurveyResults.csv")
    told = reading.account.break_offs
    shown = sum(count for count in told.values() if count is not None)
    assert shown <= 178 - 11
    assert all(count is None or count >= 11 for count in told.values())
    assert int((reading.responses.codes(PHASE) == LATE).sum()) == reading.account.phases["late"]
