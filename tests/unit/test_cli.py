"""The command line as a user meets it: help, machine output, exit codes, one sentence for each fault, and no harm."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

Tiny = Callable[..., Path]
Surefoot = Callable[..., Any]
COMMANDS = ("new", "read", "weigh", "report", "compare", "trace", "demo")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(surefoot: Surefoot, command: str) -> None:
    """Each command's help ends with an example of it and names --json."""
    run = surefoot(command, "--help")
    assert run.code == 0
    assert f"Example: surefoot {command} " in run.out
    assert "--json" in run.out
    assert run.err == ""


def test_no_command_shows_the_commands(surefoot: Surefoot) -> None:
    """Without a command, the commands are listed."""
    run = surefoot("--help")
    assert all(f"  {command} " in run.out for command in COMMANDS)


# For machines ---------------------------------------------------------------------------------------------------------


def test_json_is_one_object_on_stdout(
    surefoot: Surefoot, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command with --json prints one object with its schema on stdout, and nothing on stderr."""
    study = tiny()
    monkeypatch.setattr("surefoot.demo.write_programme", lambda out, **_: study)
    report = surefoot("report", study, "--out", tmp_path / "report", "--final", "--checked-by", "Sam Okoro", "--json")
    figure = json.loads((tmp_path / "report" / "release.json").read_text(encoding="utf-8"))["figures"][0]["id"]
    runs = {
        "surefoot/publication/1": report,
        "surefoot/reading/1": surefoot("read", study / "answers.csv", "--json"),
        "surefoot/readings/1": surefoot("read", study / "answers.csv", study / "answers.csv", "--json"),
        "surefoot/preview/1": surefoot("new", study, "--json"),
        "surefoot/trace/1": surefoot("trace", figure, "--in", study, "--json"),
        "surefoot/written/1": surefoot("read", "--example", tmp_path / "example", "--json"),
    }
    for schema, run in runs.items():
        assert (run.code, run.err) == (0, ""), schema
        assert json.loads(run.out)["schema"] == schema
    demo = surefoot("demo", "--out", tmp_path / "demo", "--json")
    assert json.loads(demo.out)["final"] is False


def test_json_names_no_hidden_number(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """What `report --json` says of a hidden organisation is its name: not that it has answers, nor how many."""
    run = surefoot("report", tiny(organisations=("south",), people=200), "--out", tmp_path / "report", "--json")
    told = json.loads(run.out)
    assert "organisation=north" in told["not_shown_groups"]
    assert len(set(told["not_shown_groups"])) == len(told["not_shown_groups"])


def test_progress_is_for_people(
    surefoot: Surefoot, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal progress is drawn on stderr, with a file's name as it is; never with --json, never on stdout."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    answers = tiny() / "export [bold].csv"
    (answers.parent / "answers.csv").rename(answers)
    drawn = surefoot("read", answers)
    assert "Reading export [bold].csv" in drawn.err
    assert "Reading" not in drawn.out
    assert surefoot("read", answers, "--json").err == ""


# Faults in study.toml -------------------------------------------------------------------------------------------------

TEXTS = ("id", "title", "instrument", "people", "organisation_question", "headcount_by")
WRONG: list[tuple[str, dict[str, Any], str]] = [
    *((f"{key} {value!r}", {key: value}, f", {key}: found {value!r}; ") for key in TEXTS for value in (3, ["a"], "")),
    ("unknown key", {"breakdwon": 1}, ': found the key "breakdwon"; expected one of breakdown, '),
    ("simulated in quotes", {"simulated": "false"}, ", simulated: found 'false'; expected true or false."),
    ("frame_date in quotes", {"frame_date": "2026-05-01"}, ", frame_date: found '2026-05-01'; expected a date"),
    ("counted", {"counted": ["bank"]}, ", counted: found ['bank']; expected a table of settings."),
    ("counted flag", {"counted": {"bank": "yes"}}, ", counted: found bank = 'yes'; expected bank, agency or vol"),
    ("policy", {"policy": 3}, ", policy: found 3; expected a table of settings."),
    ("organisations", {"organisation": 3}, ", organisation: found 3; expected a table under [[organisation]]."),
    ("organisation", {"organisation": ["a"]}, ", organisation: found 'a'; expected lines under [[organisation]]."),
    ("breakdowns", {"breakdown": ["role"]}, ", breakdown: found 'role'; expected lines under [[breakdown]]."),
    ("sources", {"source": "answers.csv"}, ", source: found 'answers.csv'; expected a table under [[source]]."),
    ("breakdown", {"breakdown": [{"question": "nope"}]}, ', breakdown "nope": found "nope"; expected a single-choice'),
    (
        "crossed with itself",
        {"breakdown": [{"question": "role", "crossed_with": "role"}]},
        ', breakdown "role.role": found a question crossed with itself; expected another question, or organisation.',
    ),
    *(
        (f"source {key} {value!r}", {"source": [{"file": "answers.csv", key: value}]}, f", source, {key}: found ")
        for key, value in (("file", 3), ("mapping", 3), ("dialect", []), ("keep_unfinished", "no"), ("wave", ["a"]))
    ),
    (
        "file twice",
        {"source": [{"file": "answers.csv"}, {"file": "answers.csv"}]},
        ', source: found two times the file "answers.csv"; expected each once: its answers would count twice.',
    ),
    ("source key", {"source": [{"file": "a.csv", "typo": 1}]}, ', source: found the key "typo"; expected one of'),
    ("wave that leads elsewhere", {"source": [{"file": "answers.csv", "wave": "../x"}]}, ', source, wave: found "../x'),
    *(
        (f"organisation {key} {value!r}", {"organisation": [{"id": "north", key: value}]}, ", organisation")
        for key, value in (
            *(("id", value) for value in (3, "", "a b", "../x", "all", "st.mary")),
            *(("name", value) for value in (3, "", ["x"])),
            ("service_type", 3),
            ("headcnt", 3),
            *(("headcount", value) for value in (-3, 3.5, "3", True, ["a"], {"care": -1}, {"nope": 3})),
        )
    ),
    (
        "twice",
        {"organisation": [{"id": "a"}, {"id": "a"}]},
        ', organisation: found two times the id "a"; expected each',
    ),
    (
        "one name for two",
        {"organisation": [{"id": "a", "name": "A"}, {"id": "b", "name": "A"}]},
        ', organisation: found two times the name "A"; expected a name of its own for each organisation.',
    ),
]


@pytest.mark.parametrize(("wrong", "said"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_study_with_a_wrong_value(
    surefoot: Surefoot, tiny: Tiny, tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    """A wrong value of any key is one sentence that names file and key, with exit code 2; nothing is written."""
    study = tiny(change=lambda table: table.update(wrong))
    run = surefoot("report", study, "--out", tmp_path / "report")
    assert run.code == 2
    assert run.sentence().startswith(f"{study / 'study.toml'}{said}")
    assert sorted(path.name for path in study.iterdir()) == ["answers.csv", "instrument.toml", "study.toml"]
    assert list(tmp_path.iterdir()) == [study]


@pytest.mark.parametrize("content", [b"", b"schema = \n", b"\xff\xfe\x00\x01", b"\x89PNG\r\n"])
def test_study_that_is_no_toml(surefoot: Surefoot, tiny: Tiny, tmp_path: Path, content: bytes) -> None:
    """Whatever stands in study.toml, the answer is one sentence."""
    study = tiny()
    (study / "study.toml").write_bytes(content)
    run = surefoot("report", study, "--out", tmp_path / "report")
    assert run.code == 2
    assert run.sentence().startswith(str(study / "study.toml"))


def test_study_that_is_not_there(surefoot: Surefoot, tmp_path: Path) -> None:
    """The sentence says which command makes one."""
    run = surefoot("report", tmp_path / "nowhere", "--out", tmp_path / "report")
    assert run.code == 2
    assert "`surefoot new DIR` makes one" in run.sentence()


@pytest.mark.parametrize("minimum", [3, -1, 9])
def test_minimum_base_that_protects_nobody(surefoot: Surefoot, tiny: Tiny, tmp_path: Path, minimum: int) -> None:
    """A minimum under 10 is refused by rule: exit code 3."""
    study = tiny(change=lambda table: table.update(policy={"minimum_base": minimum}))
    run = surefoot("report", study, "--out", tmp_path / "report")
    assert run.code == 3
    assert run.sentence().startswith('Refused by the rule "minimum base"')


@pytest.mark.parametrize("setting", [{"minimum_base": "11"}, {"minimum_base": 11.5}, {"maximum": 3}])
def test_policy_that_is_none(surefoot: Surefoot, tiny: Tiny, tmp_path: Path, setting: dict[str, Any]) -> None:
    """A setting of the policy that cannot be meant is bad input."""
    run = surefoot("report", tiny(change=lambda table: table.update(policy=setting)), "--out", tmp_path / "report")
    assert run.code == 2
    assert run.sentence().startswith("study, policy")


# Faults in the answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("", "answers.csv: found an empty file"),
        ("organisation,role,balance-productivity,used\n", "answers.csv: found a header without rows"),
        ("organisation,role\nnorth,care\nsouth\n", "answers.csv, row 3: found 1 cell"),
        ("organisation,role\nnorth,pilot\nsouth,care\n", 'answers.csv, row 2, column "role": found "pilot"'),
    ],
)
def test_answers_that_cannot_be_used(surefoot: Surefoot, tiny: Tiny, tmp_path: Path, answers: str, said: str) -> None:
    """Row and column as a spreadsheet shows them, what was found and what was expected."""
    run = surefoot("report", tiny(answers=answers), "--out", tmp_path / "report")
    assert run.code == 2
    assert run.sentence().startswith(said)
    assert not (tmp_path / "report").exists()


def test_answers_that_are_not_there(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A missing file is named."""
    study = tiny()
    (study / "answers.csv").unlink()
    run = surefoot("report", study, "--out", tmp_path / "report")
    assert run.code == 2
    assert run.sentence().startswith(f"{study / 'answers.csv'}: found no readable file")


def test_answers_from_other_organisations_only(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """Nothing can be said about organisations of the study from answers of others."""
    run = surefoot("report", tiny(organisations=("east", "west")), "--out", tmp_path / "report")
    assert run.code == 2
    assert "answers.csv" in run.sentence()


def test_answers_from_some_other_organisation(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A misspelt organisation does not vanish quietly: the rows that were left out are told, with the reason."""
    study = tiny(organisations=("north", "sought"))
    assert (
        "Rows that were left out: 150 (organisation not in the study)"
        in surefoot("report", study, "--out", tmp_path / "report").out
    )
    told = surefoot("report", study, "--out", tmp_path / "report", "--json").out
    assert json.loads(told)["excluded"] == {"organisation not in the study": 150}


FINAL = ("--final", "--checked-by", "Sam Okoro")


def test_misspelt_organisation_is_not_final(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A draft names the spelling and the names expected; a final release is refused until the checker accepts it."""
    study = tiny(organisations=("north", "sought"))
    draft = surefoot("report", study, "--out", tmp_path / "report")
    assert 'No organisation of the study: "sought"; known: north (North), south (South)' in draft.out
    told = json.loads(surefoot("report", study, "--out", tmp_path / "report", "--json").out)
    assert told["organisations_not_in_the_study"] == ['"sought"']
    refused = surefoot("report", study, "--out", tmp_path / "final", *FINAL)
    assert refused.code == 3
    assert refused.sentence().startswith('Refused by the rule "every organisation is known": ')
    assert '"sought"' in refused.sentence() and "--accept-left-out" in refused.sentence()
    assert not (study / "releases").exists() and not (tmp_path / "final").exists()
    assert surefoot("report", study, "--out", tmp_path / "final", *FINAL, "--accept-left-out").code == 0
    assert (study / "releases").exists()


def test_accepting_is_for_final_releases(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A draft needs no such decision."""
    run = surefoot("report", tiny(), "--out", tmp_path / "report", "--accept-left-out")
    assert run.code == 2
    assert "--accept-left-out without --final" in run.sentence()


def test_renamed_column_does_not_vanish(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """The column that is no question, and the question that has no column, are both told."""
    study = tiny()
    path = study / "answers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",used,", ",Q7,", 1), encoding="utf-8")
    out = surefoot("report", study, "--out", tmp_path / "report").out
    assert "Columns that are not in the instrument, so not read, in answers.csv: Q7\n" in out
    assert "Not asked in these files: used\n" in out
    told = json.loads(surefoot("report", study, "--out", tmp_path / "report", "--json").out)
    assert told["not_in_the_instrument"] == {"answers.csv": ["Q7"]}
    assert told["not_asked"] == ["used"]


def test_answers_are_never_on_stderr(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A comment is nowhere in what a report prints, nor in any file that it writes."""
    run = surefoot("report", tiny(), "--out", tmp_path / "report")
    assert run.code == 0
    assert "murmur" not in run.out + run.err
    files = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert len(files) > 4
    assert not any(b"murmur" in path.read_bytes() for path in files)


# report ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("STUDY",), ("--out", "report")])
def test_report_of_nothing(surefoot: Surefoot, arguments: tuple[str, ...]) -> None:
    """Study and place are both needed."""
    run = surefoot("report", *arguments)
    assert run.code == 2
    assert "found no study or no --out" in run.sentence()


def test_wave_that_is_not_there(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """The waves that there are, are named."""
    run = surefoot("report", tiny(), "--out", tmp_path / "report", "--wave", "7")
    assert run.code == 2
    assert run.sentence() == 'wave: found "7"; expected one of 1.'


@pytest.mark.parametrize("checker", [(), ("--checked-by", ""), ("--checked-by", "  ")])
def test_final_without_a_checker(surefoot: Surefoot, tiny: Tiny, tmp_path: Path, checker: tuple[str, ...]) -> None:
    """A name that is empty is no name."""
    study = tiny()
    run = surefoot("report", study, "--out", tmp_path / "report", "--final", *checker)
    assert run.code == 3
    assert run.sentence().startswith('Refused by the rule "named checker"')
    assert not (study / "releases").exists()


def test_checker_without_final(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """Who names a checker does not want a draft."""
    run = surefoot("report", tiny(), "--out", tmp_path / "report", "--checked-by", "Sam Okoro")
    assert run.code == 2
    assert "--checked-by without --final" in run.sentence()


def test_final_twice(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A wave has one final release; a draft may still be made."""
    study = tiny()
    final = ("--final", "--checked-by", "Sam Okoro")
    assert "Final release, signed by Sam Okoro" in surefoot("report", study, "--out", tmp_path / "one", *final).out
    again = surefoot("report", study, "--out", tmp_path / "two", *final)
    assert again.code == 3
    assert again.sentence().startswith('Refused by the rule "one release a wave"')
    assert not (tmp_path / "two").exists()
    assert surefoot("report", study, "--out", tmp_path / "two").code == 0


def test_relative_paths_from_elsewhere(
    surefoot: Surefoot, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of a study are found from its folder, and the report is written where the user stands."""
    tiny("a study ✓/in wörds")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run = surefoot("report", "../a study ✓/in wörds", "--out", "new/my report ✓")
    assert run.out.endswith("Open new/my report ✓/report.html\n")
    assert (tmp_path / "elsewhere" / "new" / "my report ✓" / "report.html").exists()


@pytest.mark.parametrize("out", [".", "..", ""])
def test_report_over_where_one_stands(
    surefoot: Surefoot, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    """The folder of a report is replaced, which would pull the ground from under the shell."""
    study = tiny()
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "outer" / "inner")
    run = surefoot("report", study, "--out", out)
    assert run.code == 2
    assert "the folder that you are in" in run.sentence()


def test_place_that_cannot_be_written(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A file where a folder should be: one sentence, wherever it stands."""
    study = tiny()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for arguments in (
        ("report", study, "--out", tmp_path / "file"),
        ("report", study, "--out", tmp_path / "file" / "report"),
        ("report", "--example", tmp_path / "file"),
        ("read", "--example", tmp_path / "file"),
        ("read", study / "answers.csv", "--out", tmp_path / "file" / "answers.parquet"),
        ("read", study / "answers.csv", "--out", tmp_path),
        ("read", study / "answers.csv", "--out", tmp_path / "new" / "answers.parquet"),
        ("new", tmp_path / "file"),
    ):
        run = surefoot(*arguments)
        assert run.code == 2, arguments
        assert str(tmp_path) in run.sentence()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_study_whose_results_cannot_be_kept(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """Where nothing can be kept beside the answers, the report is made all the same, and worked out anew next time."""
    study = tiny()
    (study / ".surefoot-cache").write_text("a file", encoding="utf-8")
    assert surefoot("report", study, "--out", tmp_path / "report").code == 0
    assert (tmp_path / "report" / "report.html").exists()


# read -----------------------------------------------------------------------------------------------------------------


def test_read_example_can_be_read(surefoot: Surefoot, tmp_path: Path) -> None:
    """The example is read, kept with its mapping and instrument, and read again by them: the same account."""
    assert surefoot("read", "--example", tmp_path).out == f"Wrote {tmp_path / 'answers.csv'}\n"
    mapping, instrument = tmp_path / "mapping.toml", tmp_path / "instrument.toml"
    first = surefoot(
        "read", tmp_path / "answers.csv", "--out", tmp_path / "a.parquet", "--save-mapping", mapping,
        "--save-instrument", instrument,
    )  # fmt: skip
    assert first.out.startswith("answers.csv: plain; 60 rows read = 60 kept + 0 excluded\n")
    again = json.loads(surefoot("read", tmp_path / "answers.csv", "--mapping", mapping, "--json").out)
    against = surefoot("read", tmp_path / "answers.csv", "--instrument", instrument)
    assert again["rows"] == again["kept"] == 60
    assert against.code == 0
    assert json.loads(surefoot("read", tmp_path / "a.parquet", "--json").out)["kept"] == 60


def test_read_example_writes_over_nothing(surefoot: Surefoot, tmp_path: Path) -> None:
    """Answers that have the name of the example stay as they are; the example itself may be written again."""
    for _ in range(2):
        assert surefoot("read", "--example", tmp_path / "fresh").code == 0
    (tmp_path / "answers.csv").write_text("real,answers\n", encoding="utf-8")
    assert surefoot("read", "--example", tmp_path).code == 2
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8") == "real,answers\n"


def test_read_writes_over_no_answers(surefoot: Surefoot, tiny: Tiny) -> None:
    """--out on the file that is read would destroy it; two outputs on one file would destroy the first."""
    answers = tiny() / "answers.csv"
    before = answers.read_bytes()
    twice = ("--out", answers.parent / "x", "--save-mapping", answers.parent / "x")
    for places in (("--out", answers), ("--save-mapping", answers), twice):
        run = surefoot("read", answers, *places)
        assert run.code == 2
        assert "a file that is read or written already" in run.sentence()
    assert answers.read_bytes() == before
    assert not (answers.parent / "x").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "read: found no file; "),
        (("a.csv", "b.csv", "--out", "x"), "read: found 2 files and one place to write; "),
        (("nowhere.csv",), "nowhere.csv: found no readable file"),
        (("nowhere.csv", "--instrument", "nope"), 'instrument: found "nope"; '),
    ],
)
def test_read_of_nothing(surefoot: Surefoot, arguments: tuple[str, ...], said: str) -> None:
    """What is missing is said."""
    run = surefoot("read", *arguments)
    assert run.code == 2
    assert run.sentence().startswith(said)


# demo -----------------------------------------------------------------------------------------------------------------


def test_demo_writes_over_no_programme(surefoot: Surefoot, tmp_path: Path) -> None:
    """A programme of the user's own is not taken for a demo; nor is a folder with a study."""
    own = tomli_w.dumps({"schema": "surefoot/programme/1", "id": "ours", "title": "Ours"})
    (tmp_path / "programme.toml").write_text(own, encoding="utf-8")
    run = surefoot("report", "--example", tmp_path)
    assert run.code == 2
    assert "a study or a programme that is no demo" in run.sentence()
    assert [path.name for path in tmp_path.iterdir()] == ["programme.toml"]


def test_report_example_can_be_written_again(surefoot: Surefoot, tmp_path: Path) -> None:
    """An earlier demo is written over, and is a study."""
    for _ in range(2):
        run = surefoot("report", "--example", tmp_path)
        assert run.out == f"Wrote {tmp_path / 'studies' / 'staff-survey-2026'}\n"
    assert surefoot("new", tmp_path / "studies" / "staff-survey-2026").code == 0


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_seed_that_is_none(surefoot: Surefoot, tmp_path: Path, seed: str) -> None:
    """A seed is a whole number, 0 or more."""
    run = surefoot("demo", "--out", tmp_path / "demo", "--seed", seed)
    assert run.code == 2
    assert "--seed" in run.err
    assert "Traceback" not in run.err
    assert not (tmp_path / "demo").exists()


# The process ----------------------------------------------------------------------------------------------------------


def test_help_loads_nothing_heavy() -> None:
    """Help is quick because tables, statistics and templates load when they are used."""
    code = (
        "import sys; sys.argv = ['surefoot', '--help']\n"
        "from surefoot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'polars', 'pyarrow', 'numpy', 'scipy', 'jinja2', 'openpyxl', 'xlsxwriter', 'rich', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    source = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=source)
    assert done.stdout.startswith("Usage: surefoot")
    assert done.stderr == "[]\n"
