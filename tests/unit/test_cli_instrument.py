"""`surefoot instrument convert` says what was carried, in words and as an object, and never half writes a file."""

import json
from pathlib import Path

import pytest
import typer.testing

from surefoot.cli import app
from surefoot.errors import BadInput
from surefoot.instrument import open_instrument


def run(*words: str | Path) -> str:
    """Run a command and return what it printed."""
    done = typer.testing.CliRunner().invoke(app, ["instrument", "convert", *map(str, words)], catch_exceptions=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_example_converts_there_and_back(tmp_path: Path) -> None:
    """The example is an XLSForm of `voice`; converted to TOML it is `voice` again."""
    assert run("--example", tmp_path) == f"Wrote {tmp_path / 'questionnaire.xlsx'}\n"
    assert run("--example", tmp_path).startswith("Wrote"), "the example itself may be written again"
    printed = run(tmp_path / "questionnaire.xlsx", tmp_path / "voice.toml")
    assert printed.startswith("Carried: 6 questions")
    assert open_instrument(tmp_path / "voice.toml").id == open_instrument("voice").id


def test_json_says_what_was_not_carried(tmp_path: Path) -> None:
    """For machines: one object, with its schema, the questions, and the sentences."""
    told = json.loads(run("ai-baseline", tmp_path / "survey.tsv", "--json"))
    assert told["schema"] == "surefoot/conversion/1"
    assert told["to"] == "LimeSurvey survey structure"
    assert len(told["questions"]) == len(open_instrument("ai-baseline").asked)
    assert any("work-use" in note for note in told["notes"])


@pytest.mark.parametrize("words", [(), ("ai-baseline",), ("ai-baseline", "out.docx"), ("nothing", "out.toml")])
def test_what_cannot_be_converted_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str]
) -> None:
    """A missing file, an unknown suffix and an unknown name are bad input."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput):
        run(*words)
    assert not list(tmp_path.iterdir())


def test_nothing_of_the_user_is_written_over(tmp_path: Path) -> None:
    """Neither the file that is read nor a file that has the example's name."""
    run("voice", tmp_path / "voice.toml")
    with pytest.raises(BadInput, match="the file that is read"):
        run(tmp_path / "voice.toml", tmp_path / "voice.toml")
    (tmp_path / "questionnaire.xlsx").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="written over"):
        run("--example", tmp_path)
    assert (tmp_path / "questionnaire.xlsx").read_text(encoding="utf-8") == "mine"
