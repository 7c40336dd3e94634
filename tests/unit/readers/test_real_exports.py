"""Real exports and surveys, as a new user would try them; skipped where the folder of real data is not at hand."""

from pathlib import Path

import pytest

from surefoot.instrument import instrument_from_table
from surefoot.readers import Reading, open_mapping, read
from surefoot.responses import Missing


def kinds(reading: Reading) -> dict[str, str]:
    """Question id to kind."""
    return {question.id: question.kind for question in reading.instrument.questions}


def adds_up(reading: Reading) -> bool:
    """Whether every row is accounted for."""
    return reading.account.rows == reading.account.kept + sum(reading.account.excluded.values())


def test_ai2_research_survey(real_data: Path) -> None:
    """816 rows, 178 unfinished; commas inside options do not split them; inferred options are listed as unsure."""
    reading = read(real_data / "surveys/allenai_llm_research/SurveyResults.csv")
    account = reading.account
    assert (account.rows, account.kept, account.excluded) == (816, 638, {"unfinished": 178})
    assert [len(reading.instrument[name].options) for name in ("q7", "q27", "q79", "q81", "q85", "q83")] == [
        6, 5, 5, 5, 5, 6,
    ]  # fmt: skip
    assert kinds(reading)["gender-group"] == "single"
    assert [o.position for o in reading.instrument["q90-1"].options] == [-2, -1, 0, 1, 2, None]
    assert sum(why == "blank column" for why in account.ignored.values()) == 5
    assert any('"Q7"' in sentence for sentence in account.unsure)


def test_ai2_research_survey_with_its_questionnaire(real_data: Path) -> None:
    """Options as the questionnaire spells them match although the file has a hyphen less and a colon more."""
    listed = (real_data / "surveys/allenai_llm_research/SurveyQuestions.md").read_text(encoding="utf-8")
    block = listed.partition("Q7:")[2].partition("Q26:")[0]
    texts = [line.removeprefix("* ").strip() for line in block.splitlines() if line.startswith("* ")]
    options = [{"id": f"o{n}", "text": text, "exclusive": text.startswith("No")} for n, text in enumerate(texts)]
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "ai2", "title": "ai2",
            "scale": [{"id": "uses", "options": options}],
            "question": [{"id": "q7", "kind": "multi", "text": "Uses", "scale": "uses"}],
        }
    )  # fmt: skip
    path = real_data / "surveys/allenai_llm_research/SurveyResults.csv"
    given = read(path, instrument=instrument)
    assert "" not in given.mapping.columns["Q7"].values.values()
    assert given.account.questions[0].answered == 638
    inferred = read(path).responses
    assert sum(int((given.responses.codes(f"q7/o{n}") == 1).sum()) for n in range(6)) == sum(
        int((inferred.codes(item) == 1).sum()) for item in inferred.instrument["q7"].items
    )


def test_nhs_analysts_survey_merges_spellings(real_data: Path, tmp_path: Path) -> None:
    """One organisation type written many ways is merged by the mapping, and replaying it is exact."""
    path = real_data / "surveys/nhs_analysts_cpd/apha_cpd_survey.csv"
    first = read(path)
    assert adds_up(first) and first.account.kept == 237
    column = first.mapping.columns["q22a_org_nhs_type_cat"]
    assert column.values["NHSE"] == column.values["Nhse"] != column.values["NHS England"]
    kept = tmp_path / "m.toml"
    text = first.mapping.to_toml()
    kept.write_text(text.replace('"NHS England" = "nhs-england"', f'"NHS England" = "{column.values["NHSE"]}"'))
    merged = read(path, mapping=open_mapping(kept)).responses.codes("q22a-org-nhs-type-cat")
    before = first.responses.codes("q22a-org-nhs-type-cat")
    ids = first.instrument["q22a-org-nhs-type-cat"].scale.option_ids
    places = [ids.index(column.values["NHSE"]), ids.index("nhs-england")]
    counts = [[int((codes == place).sum()) for place in places] for codes in (before, merged)]
    assert counts[1] == [sum(counts[0]), 0]


@pytest.mark.parametrize("name", ["ls642_codes_short.csv", "ls642_full_long.csv"])
def test_limesurvey_csv(real_data: Path, name: str) -> None:
    """Blank submitdate is unfinished; boxes are one question with its "other"; N/A is not answered."""
    reading = read(real_data / "exports/limesurvey" / name)
    assert reading.dialect == "limesurvey"
    assert reading.account.excluded == {"unfinished": 1}
    assert list(kinds(reading).values()).count("multi") == 1
    boxes = next(question for question in reading.instrument.questions if question.kind == "multi")
    assert [option.id for option in boxes.options][-1] == "other" and len(boxes.options) == 6


def test_limesurvey_sav(real_data: Path) -> None:
    """Codes, labels and wordings come from one file; labels give the order."""
    reading = read(real_data / "exports/limesurvey/ls642_spss.sav")
    assert (reading.dialect, reading.account.kept) == ("sav", 59)
    assert [o.text["en"] for o in reading.instrument["understand"].options] == ["None", "Vague", "Good", "Very good"]
    assert kinds(reading)["areas"] == "multi"
    counted = reading.responses.codes("workused")
    assert int((counted == Missing.NOT_ANSWERED).sum()) == 15


@pytest.mark.parametrize("name", ["qualtRics_sample.csv", "qualtRics_sample_legacy.csv"])
def test_qualtrics_samples(real_data: Path, name: str) -> None:
    """Three and two header rows, German metadata too: persons are dropped, the two questions are left."""
    reading = read(real_data / "exports/qualtrics" / name)
    assert reading.dialect == "qualtrics"
    assert len(reading.account.dropped) == 7
    assert {"q1": "single", "q2": "text"}.items() <= kinds(reading).items()


@pytest.mark.parametrize("name", ["Better_Sample_Survey", "Text_Entry"])
def test_qualtrics_test_rows(real_data: Path, name: str) -> None:
    """Rows that Qualtrics generated as a test are left out, and the account says that none is left."""
    reading = read(real_data / f"exports/qualtrics/QualtricsTools_{name}.csv")
    assert reading.account.kept == 0 and adds_up(reading)
    assert set(reading.account.excluded) == {"survey test"}
    assert "No row was kept." in reading.account.unsure


def test_exports_cut_short_lose_one_row_and_say_so(real_data: Path) -> None:
    """A file that ends in the middle of a row is read without it; side-by-side columns are questions."""
    reading = read(real_data / "exports/qualtrics/QualtricsTools_SidebySide_Insights_head.csv")
    assert reading.account.excluded["row cut off at the end of the file"] == 1
    assert adds_up(reading)
    assert any("others may be missing" in sentence for sentence in reading.account.unsure)
