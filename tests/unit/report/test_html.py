"""The report: whole for any survey, every number with its evidence id, nothing shown that is not released."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from surefoot.errors import Refused
from surefoot.findings import Finding, Part
from surefoot.instrument import words
from surefoot.release import Release
from surefoot.report import render, wording
from surefoot.report.chapters import Outline
from surefoot.report.reading import Reading
from surefoot.report.views import kind_of

NAMES = ["demo", "hidden", "plain", "nothing"]


@pytest.fixture(scope="module")
def pages(releases: dict[str, Release]) -> dict[str, str]:
    """The report of each release."""
    return {name: render(release) for name, release in releases.items()}


@pytest.mark.parametrize("name", NAMES)
def test_report_is_valid_html(pages: dict[str, str], name: str, assert_valid_html: Callable[[str], None]) -> None:
    """The document keeps to the HTML standard."""
    assert_valid_html(pages[name])


@pytest.mark.parametrize("name", NAMES)
def test_report_needs_nothing_else(pages: dict[str, str], name: str) -> None:
    """No script, no picture, font or style from anywhere; the page itself forbids it to the browser, too."""
    page = pages[name]
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|srcset|action|poster|data)=["'](?!data:)[^"']*//""", page)
    assert "@import" not in page
    assert "@font-face" not in page
    assert set(re.findall(r"https?://[^\s\"'<)]+", page)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere_and_ids_are_unique(pages: dict[str, str], name: str) -> None:
    """Every link inside the page has its anchor, every label its element, and no id stands twice."""
    page = pages[name]
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    targets = set(re.findall(r'href="#([^"]+)"', page))
    for names in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page):
        targets |= set(names.split())
    assert targets <= set(ids), targets - set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_in_order(pages: dict[str, str], name: str) -> None:
    """One title, and no level is left out on the way down."""
    levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", pages[name])]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_shown_figure_is_in_the_annex(pages: dict[str, str], demo_release: Release) -> None:
    """Each number's id is in the annex as text and as an anchor, and names a released figure that is shown."""
    used = set(re.findall(r'data-figure="([^"]+)"', pages["demo"]))
    listed = set(re.findall(r'<tr id="(figure-[0-9a-f]{16})">', pages["demo"]))
    shown = {figure.id for figure in demo_release.figures if figure.shown}
    assert used & shown <= listed <= shown
    assert not (used - {figure.id for figure in demo_release.figures})
    assert all(f'<td class="id">{figure}</td>' in pages["demo"] for figure in listed)


@pytest.mark.parametrize("name", NAMES)
def test_no_hidden_number_is_told(pages: dict[str, str], releases: dict[str, Release], name: str) -> None:
    """A suppressed figure is a cell without a number."""
    hidden = {figure.id for figure in releases[name].figures if not figure.shown}
    told = re.findall(r'data-figure="([^"]+)"[^>]*>([^<]*)<', pages[name])
    assert not [(figure, text) for figure, text in told if figure in hidden and re.search(r"\d", text)]


def test_every_counted_question_has_graph_and_words(demo_release: Release) -> None:
    """Whatever is counted and shown stands somewhere in the report, with a graph."""
    outline = Outline(Reading(demo_release))
    drawn = {q.id for c in outline.chapters for b in c.blocks if b.all_graphs for q in b.questions}
    drawn |= {q.id for block in outline.who for q in block.questions}
    counted = {q.id for q in demo_release.instrument.questions if kind_of(q) and outline.reading.any_shown(q)}
    assert drawn == counted
    assert all(block.heading for chapter in outline.chapters for block in chapter.blocks)


def test_survey_without_known_constructs_is_told_by_its_sections(
    pages: dict[str, str], hidden_release: Release
) -> None:
    """A researcher's own survey gets a whole report, under its own sections."""
    titles = [chapter.title for chapter in Outline(Reading(hidden_release)).chapters]
    assert titles == ["Further questions", words(hidden_release.instrument.sections[0].title)]
    for kind in ("diverging", "stacked", "bars", "dots", "rates"):
        assert f"graph-{kind}" in pages["hidden"]


def test_simulated_answers_are_labelled_in_every_part(pages: dict[str, str]) -> None:
    """No screen of a simulated report can be taken for a real one; a real one never says so."""
    parts = re.findall(r'<section class="part.*?(?=<section class="part|</main>)', pages["demo"], flags=re.DOTALL)
    assert len(parts) > 8
    assert all(wording.SIMULATED in part for part in parts[1:])
    assert wording.SIMULATED in pages["demo"].partition("The answer in a page</h2>")[0]
    assert "(simulated answers)</title>" in pages["demo"]
    assert wording.SIMULATED not in pages["hidden"]


def test_draft_and_final_are_marked(plain_release: Release) -> None:
    """A draft says so; a final report names who checked it."""
    assert "Draft, not a release" in render(plain_release)
    final = render(plain_release, final_by="A. <Checker>")
    assert "Final, checked by A. &lt;Checker&gt;" in final
    assert "Draft" not in final


def test_hidden_organisation_has_a_page_of_its_own(pages: dict[str, str]) -> None:
    """Why nothing is shown, and what it can use instead, without a hint at a number."""
    page = pages["hidden"].partition('id="for-few"')[2].partition("</section>")[0]
    assert "For Few &amp; Sons" in page
    assert "What you can still use" in page
    assert 'href="#answer"' in page
    assert "Ask again: at least 11 answers" in page
    assert not re.search(r"\b6\b", page)


def test_method_names_stay_in_the_annex(pages: dict[str, str]) -> None:
    """Readers meet sentences; who wants the method finds it in the annex."""
    before, _, annex = pages["demo"].partition('id="annex"')
    body = re.sub(r"<style>.*?</style>", "", before, flags=re.DOTALL)
    for method in ("Wilson", "Bonett", "Holm", "Kish", "Bonferroni", "MOVER"):
        assert method in annex
        assert method not in body


def test_sentences_lead_to_their_graphs(demo_release: Release) -> None:
    """Every sentence of the answer leads to a graph that shows its figures, or to the part that tells of it."""
    outline = Outline(Reading(demo_release))
    graphs = {graph.id: set(graph.figures) for graph in outline.graphs}
    for finding in (*outline.said, *outline.start):
        anchor = outline.link(finding)
        assert anchor not in graphs or graphs[anchor] & set(finding.figures)
        assert anchor in graphs or anchor.startswith("about-")


def test_hostile_findings_stay_words(plain_release: Release) -> None:
    """Markup in a sentence is text."""
    part = Part("<img src=x onerror=alert(1)>")
    finding = Finding("typical", "level", "other", True, (part,), (), "<b>why</b>")
    page = render(replace(plain_release, findings=(finding.to_json(),)))
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_only_a_release_is_rendered() -> None:
    """Estimates, tables and look-alikes are refused."""
    with pytest.raises(Refused, match="only released figures"):
        render({"figures": []})  # type: ignore[arg-type]


def test_answer_fits_a_page(pages: dict[str, str]) -> None:
    """At most nine, six and five sentences stand unfolded, and what staff know is told before what they use."""
    answer = pages["demo"].split('id="answer-heading"')[1].split("</section>")[0]
    folded = re.sub(r"<details.*?</details>", "", answer, flags=re.DOTALL)
    parts = folded.split('class="answer-part')[1:]
    assert [part.count('class="sentence"') <= most for part, most in zip(parts, (9, 7, 8), strict=True)] == [True] * 3
    assert answer.index("understand AI well") < answer.index("never used an AI tool") < answer.index("optimistic")


def test_groups_that_nobody_chose_are_not_called_hidden(pages: dict[str, str]) -> None:
    """The demo has nobody in cleaning, and says so by the shares of jobs; nothing is hidden there."""
    said = pages["demo"]
    assert "Chosen by nobody who answered: Cleaning, catering, driving or repairs" in said
    assert "Not shown at all: Cleaning" not in said


def test_rows_left_out_are_told_where_who_answered_is(pages: dict[str, str], demo_release: Release) -> None:
    """With a reason, before any graph; not where the account is withheld."""
    account = {"file": "a.csv", "dialect": "plain", "rows": 816, "kept": 638, "excluded": {"unfinished": 178}}
    page = render(replace(demo_release, accounts=(account,)))
    assert "178 rows were left out: unfinished." in page.split('id="who-heading"')[1].split("<figure")[0]
    assert "rows were left out" not in pages["hidden"]


def test_rows_of_several_files_are_told_once_a_reason() -> None:
    """One sentence a reason; a file with a few of them leaves the number open, and is never counted."""
    from surefoot.report.files import rows_left_out

    accounts = [{"excluded": {"unfinished": 20, "test": None}}, {"excluded": {"unfinished": 32, "empty row": None}}]
    assert list(rows_left_out(accounts)) == [
        "52 rows were left out: unfinished.",
        "Fewer than 11 rows were left out: test.",
        "Fewer than 11 rows were left out: empty row.",
    ]
    assert list(rows_left_out([*accounts, {"excluded": {"unfinished": None, "test": 0}}]))[:1] == [
        "At least 52 rows were left out: unfinished."
    ]
    assert list(rows_left_out([{"excluded": {"test": None}}] * 2)) == ["Some rows were left out: test."]
    assert list(rows_left_out([{"excluded": {"unfinished": 0}}])) == []
