"""Studies and programmes as folders of files: what is read, what is refused, and the secret."""

import stat
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from surefoot.errors import BadInput
from surefoot.instrument import open_instrument
from surefoot.study import Breakdown, Organisation, Study, open_programme, open_study, recipe_id
from surefoot.study.sampling import Sampling

Change = Callable[[dict[str, Any]], object]
TABLE: dict[str, Any] = {
    "schema": "surefoot/study/1",
    "id": "spring",
    "title": "Spring survey",
    "instrument": "ai-baseline",
    "frame_date": date(2026, 5, 1),
    "headcount_by": "role-group",
    "breakdown": [{"question": "role-group"}, {"question": "role-group", "crossed_with": "organisation"}],
    "organisation": [
        {"id": "oakfield", "name": "Oakfield Care", "service_type": "care", "headcount": {"managers": 8, "all": 4}},
        {"id": "riverside", "headcount": 60},
        {"id": "hilltop"},
    ],
    "source": [{"file": "answers/oakfield.csv", "organisation": "oakfield"}, {"file": "b.csv", "wave": "2"}],
    "policy": {"minimum_base": 11},
}
GROUP = open_instrument("ai-baseline")["role-group"].options[0].id


def written(folder: Path, change: Change = lambda table: None) -> Path:
    """A study's folder, with a change made to its table."""
    table = deepcopy(TABLE)
    table["organisation"][0]["headcount"] = {GROUP: 8, "all": 4}
    change(table)
    (folder / "study.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
    return folder


def test_study_is_read_from_its_folder(tmp_path: Path) -> None:
    """Organisations, headcounts, breakdowns, sources and waves, by folder or by file."""
    study = open_study(written(tmp_path))
    assert open_study(tmp_path / "study.toml") == study
    assert [organisation.staff for organisation in study.organisations] == [12, 60, None]
    assert study.organisations[1].name == "riverside"
    assert [breakdown.id for breakdown in study.breakdowns] == ["role-group", "organisation.role-group"]
    assert study.waves == ("1", "2")
    assert study.frame_date == date(2026, 5, 1)
    assert study.folder == tmp_path


FAULTS: list[tuple[str, Change, str]] = [
    ("schema", lambda t: t.update(schema="x"), ", schema: found 'x'; expected \"surefoot/study/1\"."),
    ("no title", lambda t: t.pop("title"), ": found no title; expected a line title = ...."),
    ("unknown key", lambda t: t.update(brakdown=[]), ': found the key "brakdown"; expected one of'),
    ("date", lambda t: t.update(frame_date="May"), ", frame_date: found 'May'; expected a date, such as 2026-05-01."),
    (
        "headcount",
        lambda t: t["organisation"][1].update(headcount=-3),
        ', organisation "riverside", headcount: found all = -3; expected a whole number of staff, 0 or more.',
    ),
    (
        "half a person",
        lambda t: t["organisation"][1].update(headcount={GROUP: 0.5}),
        f', organisation "riverside", headcount: found {GROUP} = 0.5; expected a whole number',
    ),
    (
        "group of the headcount",
        lambda t: t["organisation"][1].update(headcount={"manages": 3}),
        ', organisation "riverside", headcount: found the group "manages"; expected one of',
    ),
    (
        "headcount_by",
        lambda t: t.update(headcount_by="tools"),
        ', headcount_by: found "tools"; expected a single-choice',
    ),
    (
        "two organisations",
        lambda t: t["organisation"][1].update(id="oakfield"),
        ', organisation: found two times the id "oakfield"; expected each organisation once.',
    ),
    (
        "source of nobody",
        lambda t: t["source"][0].update(organisation="oakfeld"),
        ', source, organisation: found "oakfeld"; expected one of oakfield, riverside, hilltop.',
    ),
    (
        "counted",
        lambda t: t.update(counted={"agency": "yes"}),
        ", counted: found agency = 'yes'; expected bank, agency or volunteers, each true or false.",
    ),
    (
        "breakdown by several answers",
        lambda t: t["breakdown"][0].update(question="tools"),
        ', breakdown "tools": found "tools"; expected a single-choice question, one of: ',
    ),
    (
        "breakdown by an equality question",
        lambda t: t["breakdown"][0].update(question="gender"),
        ', breakdown "gender": found an equality question; expected another question',
    ),
    (
        "cross with an equality question",
        lambda t: t["breakdown"][0].update(crossed_with="gender"),
        ', breakdown "gender.role-group": found an equality question; expected another question',
    ),
    (
        "breakdown twice",
        lambda t: t["breakdown"].append({"question": "role-group"}),
        ', breakdown "role-group": found a name that is taken; expected each breakdown once',
    ),
    ("organisation question", lambda t: t.update(organisation_question="x"), ', organisation_question: found "x"; exp'),
]


@pytest.mark.parametrize(("change", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_faults_are_named(tmp_path: Path, change: Change, message: str) -> None:
    """A fault is refused in one sentence that starts with the file."""
    with pytest.raises(BadInput) as refused:
        open_study(written(tmp_path, change))
    assert str(refused.value).startswith(f"{tmp_path / 'study.toml'}{message}")


def test_folder_without_a_study(tmp_path: Path) -> None:
    """The sentence says which command makes one."""
    with pytest.raises(BadInput, match=r"no readable file .*; expected a study\.toml; `surefoot new DIR` makes one"):
        open_study(tmp_path)
    (tmp_path / "study.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(BadInput, match="text that is not TOML"):
        open_study(tmp_path)


def test_instrument_beside_the_study_or_in_the_programme(tmp_path: Path) -> None:
    """A file name is looked for in the study's folder first, then in `instruments/` of the programme."""
    from surefoot.instrument import instrument_table

    folder = tmp_path / "studies" / "spring"
    folder.mkdir(parents=True)
    (tmp_path / "instruments").mkdir()
    table = tomli_w.dumps(instrument_table(open_instrument("ai-baseline")))
    (tmp_path / "instruments" / "own.toml").write_text(table, encoding="utf-8")
    written(folder, lambda t: t.update(instrument="own.toml"))
    assert open_study(folder).instrument == open_instrument("ai-baseline")


def test_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Made at first use, mode 0600, 32 bytes, and the same ever after."""
    study = open_study(written(tmp_path))
    first = study.secret()
    assert len(first) == 32
    assert open_study(tmp_path).secret() == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_secrets_differ(tmp_path: Path) -> None:
    """Two studies never share a secret."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
    assert open_study(written(one)).secret() != open_study(written(other)).secret()


def test_recipe_changes_with_what_shapes_figures() -> None:
    """Headcounts, breakdowns and policies are in the recipe; the files of answers are not."""
    instrument = open_instrument("ai-baseline")
    plain = Study("s", "S", instrument, (Organisation("a", "A", headcount={"all": 9}),))
    others = [
        Study("s", "S", instrument, (Organisation("a", "A", headcount={"all": 10}),)),
        Study("s", "S", instrument, plain.organisations, (Breakdown("role-group"),)),
        Study("s", "S", instrument, plain.organisations, policy={"minimum_base": 20}),
    ]
    others += [
        replace(plain, sampling=Sampling("organisation")),
        replace(plain, sampling=Sampling(cluster="role-group")),
    ]
    assert len({recipe_id(study) for study in (plain, *others)}) == 6


def test_design_is_read_from_its_table(tmp_path: Path) -> None:
    """How people were drawn; a cluster that a breakdown would show is refused with its place."""
    written(tmp_path, lambda table: table.update(design={"stratum": "organisation", "population": {"oakfield": 90}}))
    assert open_study(tmp_path).sampling == Sampling("organisation", population={"oakfield": 90})
    written(tmp_path, lambda table: table.update(design={"cluster": "role-group"}))
    with pytest.raises(
        BadInput, match=r'study\.toml, design, cluster: found "role-group"; expected a question that is no'
    ):
        open_study(tmp_path)


def test_programme_is_a_folder_of_studies(tmp_path: Path) -> None:
    """A programme lists its studies; a study's folder is a programme of one; anything else is refused."""
    folder = tmp_path / "studies" / "spring"
    folder.mkdir(parents=True)
    written(folder)
    head = {"schema": "surefoot/programme/1", "id": "p", "title": "P"}
    (tmp_path / "programme.toml").write_text(tomli_w.dumps(head), encoding="utf-8")
    assert open_programme(tmp_path).study_folders == (folder,)
    assert open_programme(folder).study_folders == (folder,)
    with pytest.raises(BadInput, match=r"expected a folder with programme\.toml or study\.toml"):
        open_programme(tmp_path / "studies")
    (tmp_path / "programme.toml").write_text('schema = "2"', encoding="utf-8")
    with pytest.raises(BadInput, match='expected "surefoot/programme/1"'):
        open_programme(tmp_path)
