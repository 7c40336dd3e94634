"""The sheet "survey" of an XLSForm, row by row: groups opened and closed, questions taken, the rest said to be lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import Condition, Option, Question, Scale, Section, Text
from surefoot.questionnaires.workbook import Row
from surefoot.questionnaires.xlsform_layout import (
    DERIVED,
    INTRODUCTION,
    OWN_FIELDS,
    PREFIX,
    SECTION_TEXT,
    TABLE_LIST,
)
from surefoot.questionnaires.xlsform_logic import conditions_of, from_text
from surefoot.questionnaires.xlsform_scales import Scales, own_id
from surefoot.questionnaires.xlsform_texts import Texts

OTHER = Option("other", {"en": "Other"})
DECIMALS = 2
_SELECT = {
    "select_one": "single", "select one": "single", "select one from": "single", "select1": "single",
    "select_multiple": "multi", "select all that apply": "multi", "select all that apply from": "multi",
    "select multiple": "multi", "rank": "ranked",
}  # fmt: skip
_PLAIN = {
    "integer": "number", "int": "number", "decimal": "number", "range": "number", "text": "text", "string": "text",
}  # fmt: skip
_DEVICE = {
    "start", "end", "today", "deviceid", "device id", "username", "phonenumber", "phone number", "email", "audit",
    "simserial", "sim serial", "subscriberid", "subscriber id", "start-geopoint", "background-audio", "hidden",
}  # fmt: skip
_NOT_KEPT = {
    "constraint": "the constraint", "calculation": "the calculation", "default": "the default answer",
    "choice_filter": "the filter of choices", "repeat_count": "the number of repeats",
    "readonly": "that it is read-only",
    "required": "that an answer is required (people may leave any question empty)",
}  # fmt: skip
_MEDIA = ("media", "image", "audio", "video", "guidance_hint")


@dataclass(frozen=True)
class _Group:
    """A group that is open. section: the id of the section that questions in it belong to."""

    kind: str
    id: str
    section: str | None
    label: Text = field(default_factory=dict)
    show_if: tuple[Condition, ...] = ()
    fresh: bool = True


@dataclass
class Reading:
    """What has been read of a form. ids: of questions, by their name in the form."""

    where: str
    texts: Texts
    scales: Scales
    questions: list[Question] = field(default_factory=list)
    sections: dict[str, Section] = field(default_factory=dict)
    introduction: Text = field(default_factory=dict)
    not_carried: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    open: list[_Group] = field(default_factory=list)

    def take(self, row: Row, number: int) -> None:
        """Take one row of the sheet; `number` is the row as a spreadsheet shows it."""
        words = " ".join(row.get("type", "").split())
        kind = words.casefold().replace("begin ", "begin_").replace("end ", "end_")
        if not kind:
            return
        if kind.startswith("begin_"):
            self._begin(row, kind.removeprefix("begin_"), number)
        elif kind.startswith("end_"):
            self._end(number)
        elif kind == "note":
            self._note(row)
        else:
            self._other_row(row, words, number)
        if self.open and kind not in ("note", "begin_group") and not kind.startswith("end_"):
            self.open[-1] = replace(self.open[-1], fresh=False)

    # Groups and notes ---------------------------------------------------------------------------------------------

    def _begin(self, row: Row, kind: str, number: int) -> None:
        outer = self.open[-1].section if self.open else None
        label, name = self.texts.of(row, "label"), row.get("name", "").strip()
        group = row.get(f"{PREFIX}id") or own_id(name or f"row-{number}")
        routed = self._show_if(row, name or "a group")
        if kind in ("repeat", "loop"):
            self.not_carried.append(f'The repeat "{name}": its questions are asked once.')
        if TABLE_LIST in row.get("appearance", "").split():
            self.open.append(_Group("matrix", group, outer, label, routed))
            return
        if label:
            self.sections.setdefault(group, Section(group, label))
        self.open.append(_Group("section", group, group if label else outer, label, routed))

    def _end(self, number: int) -> None:
        if not self.open:
            raise BadInput(f"{self.where}, survey, row {number}", "the end of a group", "a group that begins before it")
        self.open.pop()

    def _note(self, row: Row) -> None:
        """A note is the introduction, or the text of the section that has just begun; else it has no place."""
        role, text = row.get(f"{PREFIX}role", ""), self.texts.of(row, "label")
        group = self.open[-1] if self.open else None
        section = self.sections.get(group.section or "") if group and (role == SECTION_TEXT or group.fresh) else None
        if role == INTRODUCTION or (not role and group is None and not self.questions and not self.introduction):
            self.introduction = text
        elif section is not None and not section.text:
            self.sections[section.id] = replace(section, text=text)
        else:
            self.not_carried.append(f'The note "{row.get("name", "")}": Surefoot has no place for it.')

    # Questions ----------------------------------------------------------------------------------------------------

    def _other_row(self, row: Row, words: str, number: int) -> None:
        kind, _, _ = words.partition(" ")
        name = row.get("name", "").strip()
        if row.get(f"{PREFIX}role") == DERIVED:
            self._add(row, "single", self._listed(row.get(f"{PREFIX}list", ""), number), number)
        elif words.casefold() in _DEVICE:
            self.not_carried.append(f'Left out, what the form records by itself: "{words}".')
        elif words.casefold() in _PLAIN or kind.casefold() in _PLAIN:
            self._add(row, _PLAIN.get(words.casefold()) or _PLAIN[kind.casefold()], None, number)
        elif found := _select(words):
            self._add_select(row, *found, number)
        else:
            self.not_carried.append(f'Left out, of type "{words}": {name}.')

    def _add_select(self, row: Row, kind: str, name: str, number: int) -> None:
        listed, _, other = name.partition(" ")
        scale = self._listed(listed, number)
        if other.casefold() in ("or_other", "or other", "or specify other"):
            self.not_carried.append(
                f'The text of "other" of {row.get("name", "")}: add a text question where it is wanted.'
            )
            if OTHER.id not in scale.option_ids:
                scale = replace(scale, id=f"{scale.id}-or-other", options=(*scale.options, OTHER))
        self._add(row, kind, scale, number)

    def _listed(self, name: str, number: int) -> Scale:
        if name not in self.scales:
            shown = ", ".join(self.scales) or "none"
            raise BadInput(f"{self.where}, survey, row {number}", f'the list "{name}"', f"a list in choices: {shown}")
        return self.scales[name]

    def _add(self, row: Row, kind: str, scale: Scale | None, number: int) -> None:
        name = row.get("name", "").strip()
        if not name:
            raise BadInput(
                f"{self.where}, survey, row {number}", "a question without a name", "a name for each question"
            )
        group = self.open[-1] if self.open else None
        matrix = group if group and group.kind == "matrix" else None
        own = row.get(f"{PREFIX}id") or own_id(name)
        hint = self.texts.of(row, "hint") or (dict(matrix.label) if matrix else {})
        question = Question(
            own,
            kind,
            self.texts.of(row, "label") or {self.texts.first or "en": name},
            scale,
            hint=hint,
            show_if=self._all_conditions(row, name),
            order="shuffled" if "randomize=true" in row.get("parameters", "").replace(" ", "").lower() else "fixed",
            short=_short(row),
            derived=from_text(row.get(f"{PREFIX}derived", "")) or (),
        )
        fields = {"section": group.section if group else None, "group": matrix.id if matrix else None}
        self.questions.append(replace(question, **fields | self._fields(row, kind, number)))
        self.ids[name] = own
        self._say_lost(row, name)

    def _fields(self, row: Row, kind: str, number: int) -> dict[str, Any]:
        """Fields of ours that stand in columns of ours."""
        found: dict[str, Any] = {}
        for key in OWN_FIELDS:
            cell = row.get(f"{PREFIX}{key}", "")
            if cell:
                place = f"{self.where}, survey, row {number}, {PREFIX}{key}"
                found[key] = _CELLS.get(key, _as_it_is)(cell, place)
        if kind == "number" and row["type"].strip().casefold() in ("decimal", "range") and "decimals" not in found:
            found["decimals"] = DECIMALS
            self.not_carried.append(f"{row['name']}: taken as a number with {DECIMALS} decimals.")
        return found

    # Routing ------------------------------------------------------------------------------------------------------

    def _all_conditions(self, row: Row, name: str) -> tuple[Condition, ...]:
        """The conditions of the row and of every group that it is in."""
        outer = [condition for group in self.open for condition in group.show_if]
        return (*outer, *self._show_if(row, name))

    def _show_if(self, row: Row, name: str) -> tuple[Condition, ...]:
        kept = from_text(row.get(f"{PREFIX}show_if", ""))
        text = row.get("relevant", "").strip()
        if kept is not None or not text:
            return kept or ()
        found = conditions_of(text, self.ids)
        if found is None or not all(self._can_hold(condition) for condition in found):
            sentence = f"The condition of {name}, {text}: add `show_if` by hand; it is asked of everybody."
            self.not_carried.append(sentence)
            return ()
        return found

    def _can_hold(self, condition: Condition) -> bool:
        earlier = next(question for question in self.questions if question.id == condition.question)
        return set(condition.any_of) <= {option.id for option in earlier.options}

    def _say_lost(self, row: Row, name: str) -> None:
        derived = row.get(f"{PREFIX}role") == DERIVED
        for header, cell in row.items():
            plain = header.casefold().partition("::")[0].strip()
            lost = _NOT_KEPT.get(plain) or (f'"{header}"' if plain.startswith(_MEDIA) else "")
            if lost and cell.casefold() not in ("no", "false", "false()") and not (derived and plain == "calculation"):
                self.not_carried.append(f"{name}: not carried, {lost}.")


def _select(words: str) -> tuple[str, str] | None:
    """The kind and list of a type such as `select_one roles`; the longest known beginning counts."""
    folded = words.casefold()
    for begin in sorted(_SELECT, key=len, reverse=True):
        if folded.startswith(f"{begin} "):
            return _SELECT[begin], words[len(begin) + 1 :]
    return None


def _short(row: Row) -> Text:
    before = f"{PREFIX}short_"
    return {header.removeprefix(before): cell for header, cell in row.items() if header.startswith(before)}


def _yes(cell: str, place: str) -> bool:
    if cell not in ("yes", "no"):
        raise BadInput(place, f'"{cell}"', '"yes" or nothing')
    return cell == "yes"


def _whole(cell: str, place: str) -> int:
    if not (cell.isdecimal() and int(cell) <= 9):
        raise BadInput(place, f'"{cell}"', "a whole number up to 9")
    return int(cell)


def _as_it_is(cell: str, place: str) -> str:
    return cell


_CELLS: dict[str, Callable[[str, str], Any]] = {"optional": _yes, "personal": _yes, "decimals": _whole}
