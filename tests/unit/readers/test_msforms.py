"""Microsoft Forms: headers in many languages, lists with a semicolon at the end, quiz columns, repeated headers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from surefoot.instrument import instrument_from_table
from surefoot.readers import read
from surefoot.responses import EARLY, LATE, PHASE, Missing

Writer = Callable[..., Path]
HEADERS = {
    "en": ("ID", "Start time", "Completion time", "Email", "Name"),
    "en, newer": ("Id", "Start time", "Completion time", "Email", "Name", "Last modified time"),
    "es": ("ID", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"),
    "de": ("ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name"),
    "fr": ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"),
    "nl": ("Id", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"),
    "pt": ("ID", "Hora de início", "Hora de conclusão", "Email", "Nome"),
    "it": ("ID", "Ora di inizio", "Ora di completamento", "Posta elettronica", "Nome"),
    "cy": ("ID", "Amser dechrau", "Amser cwblhau", "E-bost", "Enw"),
}
QUESTIONS = ("Used AI?", "Which areas?", "AI helps me", "AI worries me", "Why?", "Why?2")
LEVELS = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]


def row(number: int, width: int = 5) -> list[object]:
    """One person's answers, with a date cell as Excel has it."""
    own = [number, *(datetime.fromisoformat(f"2026-05-{number % 20 + 1:02}T10:0{n}:01") for n in (1, 5))]
    own += ["anonymous", "", ""][: width - 3]
    areas = ["Rotas;", "Rotas;Letters, notes;", "Letters, notes;", ""][number % 4]
    return [*own, ["Yes", "No"][number % 2], areas, LEVELS[number % 5], LEVELS[(number + 2) % 5], f"since {number}", ""]


@pytest.mark.parametrize("language", list(HEADERS))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_headers_in_every_language(language: str, kind: str, csv_file: Writer, xlsx_file: Writer) -> None:
    """The dialect is told from the first row; persons are dropped and said; dates are kept as early or late."""
    rows = [[*HEADERS[language], *QUESTIONS], *(row(n, len(HEADERS[language])) for n in range(1, 41))]
    reading = read(xlsx_file(rows, "Form1") if kind == "xlsx" else csv_file(rows))
    assert reading.dialect == "msforms"
    assert set(reading.account.dropped) == set(HEADERS[language][3:5])
    assert {q.id: q.kind for q in reading.instrument.questions} == {
        "used-ai": "single", "which-areas": "multi", "ai-helps-me": "single", "ai-worries-me": "single", "why": "text",
    }  # fmt: skip
    assert {EARLY, LATE} == set(reading.responses.codes(PHASE).tolist())
    assert "2026-05" not in reading.mapping.to_toml() + str(reading.account)


def test_lists_end_with_a_semicolon(csv_file: Writer) -> None:
    """Options are what stands between semicolons, commas inside them are theirs; a blank may be either missing."""
    rows = [[*HEADERS["en"], *QUESTIONS], *(row(n) for n in range(1, 41))]
    made = read(csv_file(rows)).responses
    assert [o.text["en"] for o in made.instrument["which-areas"].options] == ["Rotas", "Letters, notes"]
    codes = made.codes("which-areas/rotas").tolist()[:4]
    assert codes == [1, Missing.UNTICKED, Missing.UNKNOWN, 1]


def test_options_with_a_semicolon_are_found_by_their_company(csv_file: Writer) -> None:
    """Parts that always stand together, and go on in lower case, are one option; that is said."""
    cells = ["Notes; minutes;", "Rotas;Notes; minutes;", "Rotas;", "Notes; minutes;Rotas;Chat;", "Chat;"]
    rows = [[*HEADERS["en"], "Which tools?"]]
    rows += [[n, "2026-05-01", "2026-05-02", "", "", cells[n % 5]] for n in range(20)]
    reading = read(csv_file(rows))
    assert {o.text["en"] for o in reading.instrument["which-tools"].options} == {"Notes; minutes", "Rotas", "Chat"}
    assert int((reading.responses.codes("which-tools/notes-minutes") == 1).sum()) == 12
    assert any('always stand together: "Notes; minutes"' in sentence for sentence in reading.account.unsure)


def test_rankings_look_like_lists(csv_file: Writer) -> None:
    """Cells that all list the same options in several orders are ranks, and that is said to be a guess."""
    orders = ["Time;Training;Money;", "Training;Time;Money;", "Money;Time;Training;"]
    rows = [[*HEADERS["en"], "Rank what you need"]]
    rows += [[n, "7/2/2026 9:00", "7/2/2026 9:01", "anonymous", "", orders[n % 3]] for n in range(9)]
    reading = read(csv_file(rows))
    question = reading.instrument["rank-what-you-need"]
    assert question.kind == "ranked"
    assert reading.responses.codes("rank-what-you-need/training").tolist()[:3] == [2, 1, 3]
    assert any("taken as ranks" in sentence for sentence in reading.account.unsure)
    assert any("day-month or month-day" in sentence for sentence in reading.account.unsure)


def test_neighbours_on_one_scale_are_statements(csv_file: Writer) -> None:
    """Likert rows are columns whose stem is lost: they share a group and a scale in its known order."""
    rows = [[*HEADERS["en"], *QUESTIONS], *(row(n) for n in range(1, 41))]
    reading = read(csv_file(rows))
    first, second = reading.instrument["ai-helps-me"], reading.instrument["ai-worries-me"]
    assert first.group == second.group is not None
    assert [o.text["en"] for o in first.options] == LEVELS
    assert any('"AI helps me" to "AI worries me": 2 columns' in sentence for sentence in reading.account.unsure)


def test_quiz_columns_are_left_out(csv_file: Writer) -> None:
    """Points and feedback of a quiz are no answers."""
    header = [*HEADERS["en"], "Total points", "Quiz feedback", "Used AI?", "Points - Used AI?", "Feedback - Used AI?"]
    rows = [header, *([n, "2026-05-01", "2026-05-01", "a@b.org", "A B", 5, "", "Yes", 5, "good"] for n in range(9))]
    reading = read(csv_file(rows))
    assert [question.id for question in reading.instrument.questions] == ["used-ai"]
    assert {
        "Total points",
        "Quiz feedback",
        "Points - Used AI?",
        "Feedback - Used AI?",
    } <= reading.account.ignored.keys()


def test_repeated_headers_have_a_number(csv_file: Writer) -> None:
    """A number that Forms added is no part of the wording; "Name2" is a name that the form asked for."""
    header = [*HEADERS["en"], "Name2", "When", "When2", "Covid 19"]
    rows = [header, *([n, "2026-05-01", "2026-05-01", "", "", "Jo", "often", "rarely", "x y"] for n in range(9))]
    reading = read(csv_file(rows))
    assert "Name2" in reading.account.dropped
    assert [q.text["en"] for q in reading.instrument.questions] == ["When", "When", "Covid 19"]


def test_own_words_count_as_other_where_there_is_one(csv_file: Writer) -> None:
    """Words of one's own stand in place of the option: rare cells are "other" where the question has it, and are said;
    a cell that recurs is left to be decided."""
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "x", "title": "x",
            "scale": [{"id": "s", "options": [{"id": "a", "text": "Nurse"}, {"id": "other", "text": "Other"}]}],
            "question": [{"id": "role", "kind": "single", "text": "Role?", "scale": "s"}],
        }
    )  # fmt: skip
    cells = ["Nurse"] * 5 + ["Piper", "Baker"] + ["Doctor"] * 4
    rows = [[*HEADERS["en"], "Role?"], *([n, "2026-05-01", "2026-05-01", "", "", cell] for n, cell in enumerate(cells))]
    reading = read(csv_file(rows), instrument=instrument)
    assert reading.responses.codes("role").tolist() == [0] * 5 + [1] * 2 + [Missing.UNKNOWN] * 4
    assert any("2 different cells" in sentence and '"Other"' in sentence for sentence in reading.account.unsure)


def test_blank_forms_are_refused_in_one_sentence(csv_file: Writer) -> None:
    """A form without answers has a header alone."""
    with pytest.raises(Exception, match="a header without rows"):
        read(csv_file([[*HEADERS["en"], "Used AI?"]]))
