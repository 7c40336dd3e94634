"""The same known answers written in every dialect read back equal; damaged files are read rightly or refused."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.readers import read
from surefoot.responses import RESERVED, Missing, Responses, responses

AGREEMENT = ["Strongly disagree", "Disagree", "Agree", "Strongly agree", "I don't know enough to say"]
INSTRUMENT: Instrument = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "known",
        "title": "Known answers",
        "scale": [
            {
                "id": "roles",
                "options": [
                    {"id": "front", "text": "Front line, with patients"},
                    {"id": "back", "text": "Back office"},
                    {"id": "other", "text": "Other"},
                ],
            },
            {"id": "used", "options": [{"id": "Y", "text": "Yes"}, {"id": "N", "text": "No"}]},
            {
                "id": "tools",
                "options": [
                    {"id": "chat", "text": "Chat, such as an assistant"},
                    {"id": "notes", "text": "Notes; minutes, letters"},
                    {"id": "rota", "text": "Rotas"},
                ],
            },
            {
                "id": "needs",
                "options": [
                    {"id": "time", "text": "Time"},
                    {"id": "train", "text": "Training"},
                    {"id": "none", "text": "None of these", "exclusive": True},
                ],
            },
            {"id": "agree", "ordered": True, "options": [{"id": f"a{n}", "text": t} for n, t in enumerate(AGREEMENT)]},
        ],
        "question": [
            {"id": "role", "kind": "single", "text": "What is your role?", "scale": "roles"},
            {"id": "used", "kind": "single", "text": "Have you used AI?", "scale": "used"},
            {
                "id": "tools",
                "kind": "multi",
                "text": "Which tools?",
                "scale": "tools",
                "show_if": [{"question": "used", "any_of": ["Y"]}],
            },
            {"id": "needs", "kind": "multi", "text": "What would you need?", "scale": "needs"},
            {"id": "trust", "kind": "single", "text": "I trust it", "scale": "agree", "group": "views"},
            {"id": "hope", "kind": "single", "text": "I hope for it", "scale": "agree", "group": "views"},
            {"id": "hours", "kind": "number", "text": "Hours a week?", "decimals": 1},
            {"id": "comment", "kind": "text", "text": "Anything else?"},
        ],
    }
)
QUESTIONS = {question.id: question for question in INSTRUMENT.questions}
Row = dict[str, Any]
Grid = list[list[str]]


def option_text(question: str, option: str) -> str:
    """The wording of an option."""
    return next(entry.text["en"] for entry in QUESTIONS[question].options if entry.id == option)


# Known answers ----------------------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=20)
comments = st.one_of(
    st.just(""), words, st.just('=1+1, "quoted"; and\na line'), st.just("naïve – “dash”"), st.just("one, two; three")
).map(lambda text: " ".join(text.split(" ")).strip() if text.strip() not in ("N/A", "-99") else "")


def chosen(question: str) -> st.SearchStrategy[Any]:
    """One option of a question, or None where it was left empty."""
    return st.sampled_from([None, *(option.id for option in QUESTIONS[question].options)])


def ticks(question: str) -> st.SearchStrategy[list[str]]:
    """Some options of a multi question; one that stands alone comes alone."""
    options = [option.id for option in QUESTIONS[question].options if not option.exclusive]
    alone = [option.id for option in QUESTIONS[question].options if option.exclusive]
    several = st.lists(st.sampled_from(options), unique=True).map(lambda found: [o for o in options if o in found])
    return st.one_of(several, st.just(alone)) if alone else several


@st.composite
def rows_of_answers(draw: st.DrawFn) -> list[Row]:
    """A few people's answers that follow the routing."""
    row = st.fixed_dictionaries(
        {
            "role": chosen("role").filter(bool),
            **{name: chosen(name) for name in ("used", "trust", "hope")},
            **{name: ticks(name) for name in ("tools", "needs")},
            "hours": st.one_of(st.none(), st.integers(0, 999)),
            "comment": comments,
        }
    )
    rows = draw(st.lists(row, min_size=1, max_size=8))
    return [{**found, "tools": found["tools"] if found["used"] == "Y" else []} for found in rows]


def truth(rows: list[Row]) -> Responses:
    """The answers as Responses, coded by hand."""
    columns: dict[str, list[int]] = {item: [] for _, item in INSTRUMENT.items}
    texts = []
    for number, row in enumerate(rows):
        for name in ("role", "used", "trust", "hope"):
            ids = [option.id for option in QUESTIONS[name].options]
            columns[name].append(ids.index(row[name]) if row[name] else int(Missing.NOT_ANSWERED))
        silent = {"needs": int(Missing.NOT_ANSWERED)}
        silent["tools"] = int(Missing.UNKNOWN) if row["used"] == "Y" else int(Missing.NOT_ASKED)
        for name in ("tools", "needs"):
            for option in QUESTIONS[name].options:
                empty = int(Missing.UNTICKED) if row[name] else silent[name]
                columns[f"{name}/{option.id}"].append(1 if option.id in row[name] else empty)
        columns["hours"].append(-(2**62) + int(Missing.NOT_ANSWERED) if row["hours"] is None else row["hours"])
        if row["comment"]:
            texts.append({"@row": number, "question": "comment", "text": row["comment"]})
    schema = {"@row": pl.Int64, "question": pl.String, "text": pl.String}
    return responses(INSTRUMENT, columns, texts=pl.DataFrame(texts, schema=schema))


# The dialects -----------------------------------------------------------------------------------------------------


def hours(row: Row) -> str:
    """A number with one decimal as people write it."""
    return "" if row["hours"] is None else str(row["hours"] / 10)


def plain_cells(separator: str, *, ids: bool) -> Callable[[list[Row]], Grid]:
    """One column a question, with several options in one cell."""

    def write(rows: list[Row]) -> Grid:
        def cell(row: Row, name: str) -> str:
            if name in ("tools", "needs"):
                return separator.join(o if ids else option_text(name, o) for o in row[name])
            if name == "hours":
                return hours(row)
            if name == "comment":
                return str(row[name])
            return "" if row[name] is None else row[name] if ids else option_text(name, row[name])

        header = [name if ids else question.text["en"] for name, question in QUESTIONS.items()]
        return [header, *([cell(row, name) for name in QUESTIONS] for row in rows)]

    return write


def boxes(heading: Callable[[str, str], str], tick: str, empty: str) -> Callable[[Row], list[tuple[str, str]]]:
    """Headings and cells of the two multi questions, one column an option."""

    def write(row: Row) -> list[tuple[str, str]]:
        return [
            (heading(name, option.id), tick if option.id in row[name] else empty)
            for name in ("tools", "needs")
            for option in QUESTIONS[name].options
        ]

    return write


def plain_boxes(rows: list[Row]) -> Grid:
    """A plain table with ids as headers and one column an option."""
    write = boxes(lambda name, option: f"{name}/{option}", "1", "")
    single = ("role", "used", "trust", "hope")
    header = [*single, *(heading for heading, _ in write(rows[0])), "hours", "comment"]
    return [
        header,
        *(
            [*(row[name] or "" for name in single), *(cell for _, cell in write(row)), hours(row), row["comment"]]
            for row in rows
        ),
    ]


def qualtrics(*, legacy: bool) -> Callable[[list[Row]], Grid]:
    """Three header rows, or the two of the legacy format, with metadata and a preview that must not count."""

    def write(rows: list[Row]) -> Grid:
        fixed = ["ResponseID", "ResponseSet", "IPAddress", "StartDate", "Finished", "Status"]
        codes, texts, ids = list(fixed), list(fixed), ["responseId", "responseSetId", "ipAddress", "startDate"]
        ids += ["finished", "status"]
        for number, (name, question) in enumerate(QUESTIONS.items(), 1):
            if question.kind == "multi":
                for place, option in enumerate(question.options, 1):
                    codes.append(f"{name}_{place}")
                    texts.append(f"{question.text['en']}-{option.text['en']}")
                    ids.append(f"QID{number}-{place}")
            else:
                codes.append(name)
                texts.append(question.text["en"])
                ids.append(f"QID{number}-TEXT" if question.kind == "text" else f"QID{number}")
        header = [codes, texts] if legacy else [codes, texts, [json.dumps({"ImportId": name}) for name in ids]]
        preview = {**rows[0], "used": "N", "tools": [], "comment": "a preview"}
        body = [_qualtrics_row(number, row, "0") for number, row in enumerate(rows)]
        return [*header, *body, _qualtrics_row(len(rows), preview, "1")]

    return write


def _qualtrics_row(number: int, row: Row, status: str) -> list[str]:
    cells = [f"R_{number:011d}", "Default Response Set", "192.0.2.7", "2026-05-01 10:00:00", "1", status]
    for name, question in QUESTIONS.items():
        if question.kind == "multi":
            cells += ["1" if option.id in row[name] else "" for option in question.options]
        elif name == "hours":
            cells.append(hours(row) or "-99")
        else:
            cells.append(row[name] if name == "comment" else option_text(name, row[name]) if row[name] else "")
    return cells


def limesurvey(*, long: bool) -> Callable[[list[Row]], Grid]:
    """Codes, or full texts with "No" for boxes left empty and "N/A" for yes/no left empty; one row was not finished."""

    def heading(name: str) -> str:
        return QUESTIONS[name].text["en"] if long else name

    def body(number: int, row: Row, submitted: str) -> list[str]:
        cells = [str(number), submitted, "1", "en", "2026-05-01 10:00:00"]
        for name, question in QUESTIONS.items():
            if question.kind == "multi":
                cells += [_tick(option.id in row[name], long) for option in question.options]
            elif name == "hours":
                cells.append(hours(row))
            elif question.kind == "text" or not row[name]:
                cells.append(row[name] or ("N/A" if long and name == "used" else ""))
            else:
                cells.append(option_text(name, row[name]) if long else row[name])
        return cells

    def write(rows: list[Row]) -> Grid:
        header = ["id", "submitdate", "lastpage", "startlanguage", "startdate"]
        if long:
            header = ["Response ID", "Date submitted", "Last page", "Start language", "Date started"]
        for name, question in QUESTIONS.items():
            if question.kind == "multi":
                parts = [(option.text["en"] if long else option.id) for option in question.options]
                header += [f"{heading(name)} [{part}]" if long else f"{name}[{part}]" for part in parts]
            else:
                header.append(heading(name))
        unfinished = body(0, {**rows[0], "comment": "not finished"}, "")
        return [header, unfinished, *(body(n, row, "2026-05-01 10:09:00") for n, row in enumerate(rows, 1))]

    return write


def _tick(ticked: bool, long: bool) -> str:
    return ("Yes" if ticked else "No") if long else ("Y" if ticked else "")


# The files --------------------------------------------------------------------------------------------------------


def csv_bytes(grid: Grid, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A grid as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(grid)
    return text.getvalue().encode(encoding)


def xlsx_bytes(grid: Grid) -> bytes:
    """A grid as a workbook whose cells are all texts, formula characters included."""
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("Answers")
    for index, row in enumerate(grid):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(index, place, cell)
    book.close()
    return content.getvalue()


def parquet_bytes(grid: Grid) -> bytes:
    """A grid as Parquet, its header as column names."""
    content = io.BytesIO()
    pl.DataFrame(grid[1:], schema=dict.fromkeys(grid[0], pl.String), orient="row").write_parquet(content)
    return content.getvalue()


def sav_file(rows: list[Row], path: Path) -> None:
    """Answers as an SPSS file with value labels, as LimeSurvey writes it."""
    import pyreadstat

    columns: dict[str, list[str]] = {}
    texts: list[str] = []
    labels: dict[str, dict[str, str]] = {}
    for name, question in QUESTIONS.items():
        if question.kind == "multi":
            for option in question.options:
                columns[f"{name}_{option.id}"] = ["Y" if option.id in row[name] else "" for row in rows]
                labels[f"{name}_{option.id}"] = {"Y": "Yes", "0": "Not selected"}
                texts.append(f"[{option.text['en']}] {question.text['en']}")
            continue
        columns[name] = [hours(row) if name == "hours" else row[name] or "" for row in rows]
        texts.append(question.text["en"])
        if question.options:
            labels[name] = {option.id: option.text["en"] for option in question.options}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    pyreadstat.write_sav(frame, str(path), column_labels=texts, variable_value_labels=labels)


GRIDS: dict[str, tuple[str, Callable[[list[Row]], Grid]]] = {
    "plain, ids": ("plain", plain_cells(";", ids=True)),
    "plain, texts and line breaks": ("plain", plain_cells("\n", ids=False)),
    "plain, texts and commas": ("plain", plain_cells(",", ids=False)),
    "plain, boxes": ("plain", plain_boxes),
    "qualtrics": ("qualtrics", qualtrics(legacy=False)),
    "qualtrics, legacy": ("qualtrics", qualtrics(legacy=True)),
    "limesurvey, codes": ("limesurvey", limesurvey(long=False)),
    "limesurvey, texts": ("limesurvey", limesurvey(long=True)),
}
ENCODERS: dict[str, Callable[[Grid], bytes]] = {
    "comma": csv_bytes,
    "semicolon and mark": lambda grid: csv_bytes(grid, ";", "utf-8-sig"),
    "tab in utf-16": lambda grid: csv_bytes(grid, "\t", "utf-16"),
    "xlsx": xlsx_bytes,
    "parquet": parquet_bytes,
}


def answers_only(made: Responses) -> pl.DataFrame:
    """The answers without where they came from."""
    return made.table.drop([name for name in RESERVED if name in made.table.columns])


def assert_same(found: Responses, expected: Responses) -> None:
    """Equal answers and equal texts."""
    assert answers_only(found).to_dicts() == answers_only(expected).to_dicts()
    assert found.texts.sort("@row").to_dicts() == expected.texts.sort("@row").to_dicts()


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("name", GRIDS)
@settings(max_examples=8)
@given(rows=rows_of_answers())
def test_every_dialect_gives_the_same_responses(
    tmp_path_factory: pytest.TempPathFactory, name: str, encoder: str, rows: list[Row]
) -> None:
    """One truth, written as each dialect in each kind of file, reads back as the same Responses and replays exactly."""
    dialect, write = GRIDS[name]
    path = tmp_path_factory.mktemp("answers") / "file.bin"
    path.write_bytes(ENCODERS[encoder](write(rows)))
    reading = read(path, instrument=INSTRUMENT)
    assert reading.dialect == dialect
    if not any(any(row[key] for row in rows) for key in ("tools", "needs")) and "boxes" in name:
        return
    assert_same(reading.responses, truth(rows))
    account = reading.account
    assert account.rows == account.kept + sum(account.excluded.values())
    again = read(path, instrument=INSTRUMENT, mapping=reading.mapping)
    assert_same(again.responses, reading.responses)


@settings(max_examples=15)
@given(rows=rows_of_answers())
def test_spss_gives_the_same_responses(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    """The same truth from an SPSS file with value labels."""
    path = tmp_path_factory.mktemp("answers") / "file.sav"
    sav_file(rows, path)
    reading = read(path, instrument=INSTRUMENT)
    assert reading.dialect == "sav"
    found = reading.responses
    assert answers_only(found).to_dicts() == answers_only(truth(rows)).to_dicts()


# Damage -----------------------------------------------------------------------------------------------------------


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The same file after one accident: bytes flipped, cut, doubled, re-encoded or mixed up."""
    data = bytearray(content)
    accident = chance.randrange(7)
    if accident == 0:
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif accident == 1:
        del data[chance.randrange(len(data)) :]
    elif accident == 2:
        start = chance.randrange(len(data))
        del data[start : start + chance.randint(1, 40)]
    elif accident == 3:
        lines = bytes(data).split(b"\n")
        chance.shuffle(lines)
        data = bytearray(b"\n".join(lines))
    elif accident == 4:
        data = data.replace(b",", b";", chance.randint(1, 30))
    elif accident == 5:
        data = bytearray(content.decode("latin-1").encode(chance.choice(["utf-16", "utf-8", "utf-32"])))
    else:
        at = chance.randrange(len(data))
        data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
    return bytes(data)


def known_rows(number: int) -> list[Row]:
    """Known answers without Hypothesis, for files that are then damaged."""
    chance = random.Random(number)
    rows = []
    for index in range(12):
        used = chance.choice(["Y", "N"])
        rows.append(
            {
                "role": chance.choice(["front", "back", None]),
                "used": used,
                "tools": ["chat"] if used == "Y" else [],
                "needs": chance.choice([["time", "train"], ["none"], []]),
                "trust": chance.choice(["a0", "a4"]),
                "hope": chance.choice(["a1", None]),
                "hours": chance.randint(0, 400),
                "comment": "Ça va – “fine”\nand more" if index % 3 == 0 else "",
            }
        )
    return rows


@pytest.mark.parametrize("encoder", ["comma", "tab in utf-16", "xlsx", "parquet"])
@pytest.mark.parametrize("name", ["plain, texts and commas", "qualtrics", "limesurvey, texts"])
def test_damaged_files_are_read_or_refused(tmp_path: Path, name: str, encoder: str) -> None:
    """After any accident a file is read with all its rows accounted for, or refused in one sentence."""
    content = ENCODERS[encoder](GRIDS[name][1](known_rows(1)))
    for number in range(40):
        path = tmp_path / "damaged"
        path.write_bytes(damaged(content, random.Random(number)))
        for instrument in (INSTRUMENT, None):
            try:
                account = read(path, instrument=instrument).account
            except BadInput as refused:
                assert refused.where and refused.found and refused.expected
            else:
                assert account.rows == account.kept + sum(account.excluded.values())
