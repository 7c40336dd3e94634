"""The Python API: quick to import, complete, as documented, and for notebooks."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import surefoot as api
from surefoot.errors import BadInput, Refused

Tiny = Callable[..., Path]
ROOT = Path(__file__).parents[2]
QUESTION = "balance-productivity"


def loaded_by(code: str) -> set[str]:
    """Top-level modules that are loaded after a piece of code has run in a fresh Python."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    source = {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=source)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    """`import surefoot` costs nothing: tables and statistics load when they are first used."""
    heavy = {"polars", "pyarrow", "numpy", "scipy", "jinja2", "openpyxl", "xlsxwriter", "typer", "rich", "pandas"}
    assert not heavy & loaded_by("import surefoot; dir(surefoot); surefoot.BadInput")


def test_every_name_resolves() -> None:
    """Each name in __all__ is there, is listed, and is what its own module calls it."""
    assert sorted(api.__all__) == api.__all__ == dir(api)
    for name in api.__all__:
        found = getattr(api, name)
        assert found.__module__.startswith("surefoot.")
        assert name in (found.__name__, *(f"{found.__name__}_{of}" for of in ("study", "figure", "release")))


def test_functions_stay_after_their_modules_load() -> None:
    """A module of the same name must not take a function's place."""
    import surefoot.analyse
    import surefoot.trace  # noqa: F401

    assert callable(api.analyse_study)
    assert callable(api.trace_figure)


def test_name_that_is_not_there() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="module 'surefoot' has no attribute 'nope'"):
        _ = api.nope


def test_documented_code_runs(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of docs/how-to/api.md, as it is written there."""
    tiny("our-study")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/how-to/api.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    assert names["figures"].height == len(names["analysis"].release.figures)  # type: ignore[attr-defined]


def test_documented_calls_exist() -> None:
    """Every call in the table of docs/how-to/api.md is in the API."""
    text = (ROOT / "docs/how-to/api.md").read_text(encoding="utf-8")
    calls = re.findall(r"`(\w+)\(", text)
    assert {"open_study", "graph", "trace_figure"} <= set(calls)
    methods = {"to_polars", "to_arrow", "to_pandas"}
    assert [call for call in calls if call not in api.__all__ and call not in methods] == []


# Notebooks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def release(tiny: Tiny) -> api.Release:
    """The release of the small study."""
    return api.analyse_study(api.open_study(tiny())).release


@pytest.mark.parametrize("question", [QUESTION, "used", "role"])
@pytest.mark.parametrize("by", [None, "organisation", "role"])
def test_graph_and_table_show_themselves(release: api.Release, question: str, by: str | None) -> None:
    """A notebook asks for _repr_html_: a drawing with words, and a table; roles by organisation was not declared."""
    graph, table = api.graph(release, question, by=by), api.table(release, question, by=by)
    assert "<svg" in graph._repr_html_()
    assert table._repr_html_().count("<table") == 1
    if by == "organisation":
        assert ("North" in table._repr_html_()) == (question != "role")
    assert "<script" not in graph._repr_html_()


def test_graph_of_what_is_not_there(release: api.Release) -> None:
    """A question or a breakdown that is not there is named, with what there is."""
    for draw in (api.graph, api.table):
        with pytest.raises(BadInput, match=f'question: found "nope"; expected one of .*{QUESTION}'):
            draw(release, "nope")
        with pytest.raises(BadInput, match='question: found "comment"'):
            draw(release, "comment")
        with pytest.raises(BadInput, match='breakdown: found "nope"; expected one of organisation'):
            draw(release, QUESTION, by="nope")


def test_only_a_release_is_drawn(tiny: Tiny) -> None:
    """Neither a study nor an analysis passes the gate."""
    study = api.open_study(tiny())
    for thing in (study, api.analyse_study(study), None, {}):
        for draw in (api.graph, api.table):
            with pytest.raises(Refused, match="only released figures are shown"):
                draw(thing, QUESTION)  # type: ignore[arg-type]


def test_figures_as_tables(release: api.Release) -> None:
    """Polars and Arrow hold the same rows; a hidden figure has no number there either."""
    polars, arrow = release.to_polars(), release.to_arrow()
    assert polars.height == arrow.num_rows == len(release.figures)
    assert {"id", "kind", "question", "selector", "breakdown", "code", "base", "value", "low", "high", "status"} <= set(
        polars.columns
    )


def test_figures_as_pandas(release: api.Release) -> None:
    """With the extra `notebook`."""
    pytest.importorskip("pandas", reason="pandas is missing: it comes with the extra notebook.")
    assert len(release.to_pandas()) == len(release.figures)


def test_hidden_figures_have_no_numbers(tiny: Tiny) -> None:
    """What is suppressed is null in every column that could tell a number."""
    release = api.analyse_study(api.open_study(tiny(people=20))).release
    frame = release.to_polars()
    hidden = frame.filter(frame["status"] == "suppressed")
    assert hidden.height
    for column in ("value", "low", "high", "base", "effective_base"):
        assert hidden[column].null_count() == hidden.height


def test_publish_and_read_back(tiny: Tiny, tmp_path: Path) -> None:
    """The same calls as the command line makes: files, a release that reads back, and a trace."""
    study = api.open_study(tiny())
    made = api.publish(study, tmp_path / "report", final_by="Sam")
    again = api.read_release(tmp_path / "report")
    assert again.stamp == made.analysis.release.stamp
    assert api.graph(again, QUESTION) == api.graph(made.analysis.release, QUESTION)
    assert study.folder is not None
    assert api.trace_figure(again.figures[0].id, study.folder).verdict == "equal"


def test_paths_may_be_words(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook names folders in quotes."""
    tiny("my-study")
    monkeypatch.chdir(tmp_path)
    made = api.publish(api.open_study("my-study"), "out", final_by="Sam")
    assert (tmp_path / "out" / "report.html").exists()
    assert api.trace_figure(made.analysis.release.figures[0].id, "my-study").verdict == "equal"
