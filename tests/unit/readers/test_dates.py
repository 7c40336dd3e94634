"""Of dates only early or late is kept; which part is the day is inferred from the column, or asked."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from surefoot.errors import BadInput
from surefoot.readers import Mapping, open_mapping, read, read_study
from surefoot.readers.dates import days_of, order_of
from surefoot.readers.told import told
from surefoot.responses import EARLY, LATE, PHASE, read_responses, write_responses
from surefoot.study import Phase, Source, Study, open_study


def written(folder: Path, days: list[str], header: str = "Timestamp") -> Path:
    """A file with one answer a day."""
    path = folder / "answers.csv"
    path.write_text(f"{header},used\n" + "".join(f"{day},{'Yes' if n % 2 else 'No'}\n" for n, day in enumerate(days)))
    return path


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2026-05-01 10:00:00", "2026/06/22 11:07:29 AM AST"], ""),
        (["7/2/2026 11:02", "27/2/26"], "day-first"),
        (["7/2/20 11:00:22", "7/13/20 08:00"], "month-first"),
        (["01.05.2026 10:00"], "day-first"),
        (["1/5/2026", None], "either"),
        (["27/2/2026", "2/27/2026"], "both"),
    ],
)
def test_order_of_day_and_month(cells: list[str], order: str) -> None:
    """A part above 12 is a day; full stops mean day first; ISO needs no telling."""
    assert order_of([pl.Series(cells, dtype=pl.String)]) == order


def test_days_are_read_in_their_order() -> None:
    """The same cell is two days, by the order; nonsense and LimeSurvey's empty stamp are none."""
    cells = pl.Series(["7/2/26 11:00", "2026-02-07T10:00:00+01:00", "31/31/2026", "1980-01-01 00:00:00", None, "soon"])
    assert days_of(cells, "day-first").to_list() == [date(2026, 2, 7), date(2026, 2, 7), None, None, None, None]
    assert days_of(cells, "month-first").to_list()[0] == date(2026, 7, 2)


def test_early_and_late_are_told_by_the_middle_day(tmp_path: Path) -> None:
    """Days after the middle day are late; neither the date nor the time is stored anywhere."""
    path = written(tmp_path, ["2026-05-01 10:00:01", "2026-05-01 11:00:02", "2026-05-09 09:00:03", "", "2026-05-09"])
    reading = read(path)
    assert reading.responses.codes(PHASE).tolist() == [EARLY, EARLY, LATE, -1, LATE]
    out = tmp_path / "out.parquet"
    write_responses(reading.responses, out)
    assert b"2026" not in out.read_bytes()
    assert read_responses(out).table.equals(reading.responses.table)


def test_dates_that_may_be_either_are_asked(tmp_path: Path) -> None:
    """Without a part above 12 nobody is early or late, and the account says what to write; the mapping decides."""
    path = written(tmp_path, ["7/2/2026 10:00", "8/1/2026 11:00"])
    reading = read(path)
    assert reading.responses.codes(PHASE).tolist() == [-1, -1]
    assert any('write dates = "day-first" or dates = "month-first"' in line for line in reading.account.unsure)
    kept = tmp_path / "m.toml"
    phases = {}
    for order in ("day-first", "month-first"):
        kept.write_text(f'dates = "{order}"\n' + reading.mapping.to_toml())
        assert open_mapping(kept).dates == order
        assert f'dates = "{order}"' in open_mapping(kept).to_toml()
        phases[order] = read(path, mapping=kept).responses.codes(PHASE).tolist()
    assert phases == {"day-first": [LATE, EARLY], "month-first": [EARLY, LATE]}
    kept.write_text('dates = "american"\n' + reading.mapping.to_toml())
    with pytest.raises(BadInput, match="one of day-first, month-first"):
        open_mapping(kept)


def test_end_of_answering_counts_rather_than_its_start(tmp_path: Path) -> None:
    """Of several dates the end is taken; a kept mapping without a date column knows of no phase."""
    path = tmp_path / "a.csv"
    path.write_text("StartDate,EndDate,used\n2026-05-01,2026-05-01,Yes\n2026-05-01,2026-06-01,No\n")
    reading = read(path)
    assert list(reading.mapping.with_role("date")) == ["EndDate"]
    assert reading.responses.codes(PHASE).tolist() == [EARLY, LATE]
    columns = {header: column for header, column in reading.mapping.columns.items() if column.role != "date"}
    without = read(path, mapping=Mapping("plain", columns, instrument=reading.instrument))
    assert without.responses.codes(PHASE).tolist() == [-1, -1]


def test_studies_name_the_day_of_the_reminder(tmp_path: Path) -> None:
    """From the given day on answers are late, in the waves that have one; another wave has its middle day."""
    first = written(tmp_path, ["2026-05-01", "2026-05-02", "2026-05-03"])
    instrument = read(first).instrument
    (tmp_path / "two.csv").write_text(first.read_text())
    sources = (Source("answers.csv"), Source("two.csv", wave="2"))
    study = Study("s", "S", instrument, sources=sources, phases=(Phase(date(2026, 5, 2), "2"),), folder=tmp_path)
    made, _ = read_study(study)
    assert made.codes(PHASE).tolist() == [EARLY, EARLY, LATE, EARLY, LATE, LATE]


def test_phases_in_study_files(tmp_path: Path) -> None:
    """A phase names a wave that there is, once; its day is a date."""
    text = 'schema = "surefoot/study/1"\nid = "s"\ntitle = "S"\ninstrument = "ai-baseline"\n'
    text += '[[source]]\nfile = "a.csv"\n[[phase]]\nlate_from = 2026-05-11\n'
    (tmp_path / "study.toml").write_text(text)
    assert open_study(tmp_path).late_from("1") == date(2026, 5, 11)
    for more, found in (('[[phase]]\nlate_from = 2026-05-11\nwave = "2"\n', '"2"'), ("[[phase]]\n", "no late_from")):
        (tmp_path / "study.toml").write_text(text + more)
        with pytest.raises(BadInput, match=found):
            open_study(tmp_path)
    (tmp_path / "study.toml").write_text(text + "[[phase]]\nlate_from = 2026-05-12\n")
    with pytest.raises(BadInput, match="two phases"):
        open_study(tmp_path)


def test_duplicates_are_counted_before_ids_are_dropped(tmp_path: Path) -> None:
    """Equal rows and repeated e-mail addresses are counted and kept; "anonymous" is nobody's id."""
    rows = [f"p{n}@x.org,anonymous,{n % 3}" for n in range(40)] + [f"p{n}@x.org,anonymous,9" for n in range(12)]
    path = tmp_path / "a.csv"
    path.write_text("Email,Username,visits\n" + "\n".join([*rows, *rows[:11]]) + "\n")
    reading = read(path)
    assert reading.account.duplicates == {"rows": 11, "ids": 12}
    assert reading.account.kept == len(rows) + 11
    path.write_text("Email,Username,visits\n" + "\n".join([*rows[:20], rows[0]]) + "\n")
    assert read(path).account.duplicates == {"rows": None}
    assert any("fewer than 11 rows equal an earlier row" in line for line in read(path).account.lines())


@pytest.mark.parametrize("keep", [False, True])
def test_break_offs_are_counted_by_question(tmp_path: Path, keep: bool) -> None:
    """The last question that unfinished rows answer, whether they are kept or not; finished rows are none."""
    path = tmp_path / "a.csv"
    rows = ["FALSE,Yes,,"] * 12 + ["FALSE,Yes,No,"] * 13 + ["FALSE,,,"] * 11 + ["TRUE,Yes,,No"] * 5
    path.write_text("Finished,first,second,third\n" + "\n".join(rows) + "\n")
    account = read(path, keep_unfinished=keep).account
    assert account.break_offs == {"before the first question": 11, "first": 12, "second": 13}
    path.write_text("Finished,first,second,third\n" + "\n".join(rows[:-5]) + "\n" + "FALSE,Yes,,Yes\nTRUE,,,No\n")
    account = read(path, keep_unfinished=keep).account
    assert account.break_offs["third"] is None
    assert sum(count is None for count in account.break_offs.values()) == 2


@pytest.mark.parametrize(
    "counts", [{"a": 3, "b": 40}, {"a": 3, "b": 5, "c": 20, "d": 11}, {"a": 1}, {"a": 10, "b": 12}]
)
def test_hidden_counts_cannot_be_worked_out(counts: dict[str, int]) -> None:
    """What is not told adds up to at least 11 where anything else is there to hide with it."""
    shown = told(counts)
    hidden = [counts[name] for name, count in shown.items() if count is None]
    assert all(count is None or count >= 11 for count in shown.values())
    assert sum(hidden) >= 11 or len(hidden) == len(counts)
