"""KoboToolbox and ODK: names or labels, paths of groups, lists and boxes of one question, tags below the header."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.readers import read
from surefoot.responses import EARLY, LATE, PHASE, Missing

Writer = Callable[..., Path]
OWN = ["start", "end", "today", "username", "deviceid", "phonenumber"]
END = ["_id", "_uuid", "_submission_time", "_validation_status", "_submitted_by", "__version__", "_index",
       "meta/instanceID"]  # fmt: skip
AREAS = ["rotas", "letters", "other"]
BALANCE = ["benefits", "risks", "unknown"]


def rows(shape: str = "both", tags: bool = False, labels: bool = False) -> list[list[object]]:
    """A form exported with lists ("summary"), with one column an option ("details"), or both."""
    named = {"rotas": "Rotas and shifts", "letters": "Letters", "other": "Other"} if labels else {}
    listed = ["Areas" if labels else "work/areas"] if shape != "details" else []
    stem = "Areas" if labels else "work/areas"
    boxes = [f"{stem}/{named.get(area, area)}" for area in AREAS] if shape != "summary" else []
    header = [*OWN, "org", *listed, *boxes, "work/areas_other", "balance/uc1", "balance/uc2", "hours", "_gps_latitude"]
    table: list[list[object]] = [[*header, *END]]
    if tags:
        table.append(["#" if n % 2 else "#meta+id" for n in range(len(table[0]))])
    for n in range(40):
        chosen = [area for place, area in enumerate(AREAS) if (n + place) % 3] if n % 5 else []
        row: list[object] = [f"2026-05-{n % 28 + 1:02}T10:00:00.000+01:00"] * 3 + ["jo", "collect:abc", "0161"]
        row += [["oak", "elm"][n % 2]]
        row += [" ".join(named.get(area, area) for area in chosen)] if shape != "details" else []
        row += [int(area in chosen) if chosen else "" for area in AREAS] if shape != "summary" else []
        row += ["piano" if "other" in chosen else "", BALANCE[n % 3], BALANCE[(n + 1) % 3], n % 40, 53.4]
        stamp = [f"2026-05-{n % 28 + 1:02}T10:00:00", "", "jo", "v1", n + 1, f"uuid:x{n}"]
        table.append([*row, 1000 + n, f"aa{n}", *stamp])
    return table


@pytest.mark.parametrize("shape", ["summary", "details", "both"])
@pytest.mark.parametrize("kind", [",", ";", "xlsx"])
def test_lists_and_boxes_read_alike(shape: str, kind: str, csv_file: Writer, xlsx_file: Writer) -> None:
    """The list in one cell, the boxes, or both give the same answers; nothing is read twice."""
    table = rows(shape)
    quoted = {"quoting": csv.QUOTE_ALL}
    reading = read(xlsx_file(table) if kind == "xlsx" else csv_file(table, delimiter=kind, **quoted))
    assert reading.dialect == "kobo"
    kinds = {q.text["en"]: q.kind for q in reading.instrument.questions}
    assert kinds == {"org": "single", "areas": "multi", "uc1": "single", "uc2": "single", "hours": "number"}
    areas = reading.instrument.questions[1]
    ticked = {
        o.text["en"].casefold(): int((reading.responses.codes(f"{areas.id}/{o.id}") == 1).sum()) for o in areas.options
    }
    assert ticked == {area: sum((n + p) % 3 > 0 for n in range(40) if n % 5) for p, area in enumerate(AREAS)}
    assert set(reading.account.dropped) == {"username", "deviceid", "phonenumber", "_submitted_by", "_gps_latitude"}
    assert {EARLY, LATE} == set(reading.responses.codes(PHASE).tolist())


def test_boxes_tell_unticked_from_unanswered(csv_file: Writer) -> None:
    """A box holds 0 where the question was answered and is blank where it was not."""
    reading = read(csv_file(rows()))
    codes = reading.responses.codes(reading.instrument.questions[1].items[0])
    assert codes[0] == Missing.UNKNOWN
    assert set(codes.tolist()) == {1, int(Missing.UNTICKED), int(Missing.UNKNOWN)}


def test_other_texts_belong_to_their_question(csv_file: Writer) -> None:
    """`areas_other` beside `areas` is the text of its "other"."""
    reading = read(csv_file(rows("summary")))
    assert reading.mapping.columns["work/areas_other"].role == "other"
    assert {text for _, _, text in reading.responses.texts.rows()} == {"piano"}


def test_tag_rows_are_no_person(csv_file: Writer) -> None:
    """A row of HXL tags below the header is skipped; rows keep their numbers."""
    assert read(csv_file(rows(tags=True))).account.rows == read(csv_file(rows())).account.rows == 40


def test_labels_instead_of_names(csv_file: Writer) -> None:
    """An export with labels has labels in headers and cells; the boxes say where one label ends."""
    reading = read(csv_file(rows(labels=True)))
    areas = reading.instrument.questions[1]
    assert [o.text["en"] for o in areas.options] == ["Rotas and shifts", "Letters", "Other"]


def test_statements_of_a_group_share_a_scale(csv_file: Writer) -> None:
    """Questions of one path with the same answers are a group."""
    reading = read(csv_file(rows()))
    first, second = reading.instrument.questions[2:4]
    assert first.group == second.group == "balance"
    assert first.scale == second.scale


def test_two_own_columns_tell_the_dialect(csv_file: Writer) -> None:
    """A plain table with an id is no Kobo export."""
    assert read(csv_file([["key", "used"], ["a", "Yes"], ["b", "No"]])).dialect == "plain"
