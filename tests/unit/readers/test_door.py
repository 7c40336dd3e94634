"""Persons, times and technicalities stay outside, whatever the file calls them."""

from pathlib import Path

import pytest

from surefoot.instrument import instrument_from_table
from surefoot.readers import ColumnMapping, Mapping, read


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file whose name says nothing about what is in it."""
    path = folder / "answers.dat"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "header",
    ["IP Address", "E-mail", "First name", "LocationLatitude", "location", "Device ID", "Phone number", "token",
     "refurl", "User Agent", "RecipientEmail", "Vorname des Empfängers", "Breitengrad des Standorts"],
)  # fmt: skip
def test_personal_columns_are_dropped_by_header(tmp_path: Path, header: str) -> None:
    """A header that speaks of a person drops its column; the account names it, and nothing else keeps it."""
    reading = read(written(tmp_path, f"{header},used\nsecret-1,Yes\nsecret-2,No\n"))
    assert reading.account.dropped == (header,)
    assert "secret" not in reading.mapping.to_toml() + str(reading.account) + str(reading.responses.texts)


@pytest.mark.parametrize("cell", ["someone{}@example.org", "192.0.2.{}", "2001:db8::{}"])
def test_addresses_are_dropped_by_content(tmp_path: Path, cell: str) -> None:
    """A column of addresses is dropped although its header is innocent, and although a mapping asks for it."""
    rows = "".join(f"{cell.format(n)},Yes\n" for n in range(1, 6))
    path = written(tmp_path, f"contact,used\n{rows}")
    reading = read(path)
    assert reading.account.dropped == ("contact",)
    columns = dict(reading.mapping.columns) | {"contact": ColumnMapping(role="ignore")}
    again = read(path, mapping=Mapping("plain", columns, instrument=reading.instrument))
    assert again.account.dropped == ("contact",)


def test_question_ids_are_not_taken_for_persons(tmp_path: Path) -> None:
    """A question of the instrument may be called "location": its id is the lead's own word."""
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "x", "title": "x",
            "scale": [{"id": "s", "options": [{"id": "north", "text": "North"}, {"id": "south", "text": "South"}]}],
            "question": [{"id": "location", "kind": "single", "text": "Where?", "scale": "s"}],
        }
    )  # fmt: skip
    reading = read(written(tmp_path, "location\nNorth\nSouth\n"), instrument=instrument)
    assert reading.account.dropped == ()
    assert reading.responses.codes("location").tolist() == [0, 1]


def test_ids_times_and_durations_are_ignored_with_reason(tmp_path: Path) -> None:
    """What could link answers to people is not kept, and the account says why."""
    text = (
        "Respondent ID,When,Duration (in seconds),used\n17,2026-05-01 10:00:00,60,Yes\n18,2026-05-02 11:00:00,61,No\n"
    )
    account = read(written(tmp_path, text)).account
    assert set(account.ignored) == {"Respondent ID", "When", "Duration (in seconds)"}
    assert account.ignored.pop("When") == "date of answering: kept only as early or late"
    assert all("could link" in why for why in account.ignored.values())
    assert [question.id for question in account.questions] == ["used"]


def test_ambiguous_dates_are_listed(tmp_path: Path) -> None:
    """7/2/2026 is the seventh of February or the second of July: the account does not decide."""
    text = "When,used\n7/2/2026 10:00,Yes\n8/3/2026 11:00,No\n"
    assert any("day-month or month-day" in sentence for sentence in read(written(tmp_path, text)).account.unsure)
    clear = "When,used\n27/2/2026 10:00,Yes\n8/3/2026 11:00,No\n"
    assert not any("month-day" in sentence for sentence in read(written(tmp_path, clear)).account.unsure)
