"""The commands: from the example to applied themes, with JSON for machines and never a comment in it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from surefoot.cli import app
from surefoot.demo.simulate import LEAD
from surefoot.errors import BadInput, Refused

CODEBOOK = """
schema = "surefoot/codebook/1"
question = "comment"
by = "Ann"
[[theme]]
id = "training"
name = "Training"
"""


def run(*arguments: str | Path) -> dict[str, Any]:
    """What one command prints as JSON."""
    done = CliRunner().invoke(app, ["themes", *map(str, arguments), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_whole_way(tmp_path: Path) -> None:
    """The lead reads, a machine suggests, a person names and codes, and the codes are applied."""
    study = tmp_path / "study"
    run("suggest", "--example", study)
    with pytest.raises(Refused, match="reads first"):
        run("suggest", study)
    first = run("safeguarding", study)
    assert first["held_back"] is None
    assert run("safeguarding", study, "--read", "--by", LEAD)["not_read"] == 0
    suggested = run("suggest", study)
    folder = study / "comments" / "comment"
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    for coder in ("Ann", "Bob"):
        sheet = Path(run("code", study, "comment", "--coder", coder)["sheet"])
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(r | {"themes": "training" if "train" in r["comment"].lower() else "none"} for r in rows)
    assert run("agree", study)["agreement"][0]["alpha"] == 1.0
    applied = run("apply", study, "--by", "Ann")
    assert applied["comments"] == suggested["questions"][0]["comments"] == len(rows)
    told = json.dumps([first, suggested, applied])
    assert not [row["comment"] for row in rows if row["comment"] in told]


def test_too_few_comments_are_not_called_suggestions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be suggested, nothing is said of suggestions."""
    study = tmp_path / "study"
    run("suggest", "--example", study)
    run("safeguarding", study)
    run("safeguarding", study, "--read", "--by", LEAD)
    monkeypatch.setattr("surefoot.themes.steps.suggest_themes", lambda _: [])
    done = CliRunner().invoke(app, ["themes", "suggest", str(study)], catch_exceptions=False)
    assert "Too few comments for suggestions" in done.stdout and "These are suggestions" not in done.stdout


@pytest.mark.parametrize("command", ["suggest", "code", "agree", "apply", "safeguarding"])
def test_each_command_writes_an_example_and_needs_a_study(command: str, tmp_path: Path) -> None:
    """`--example` writes a study that can be opened; without a study or a name there is one sentence."""
    assert run(command, "--example", tmp_path / "made")["written"] == [str(tmp_path / "made")]
    with pytest.raises(BadInput, match=f"themes {command}"):
        run(command)
