"""Read damaged files of every dialect: each gives a correct reading or one clear error, and nothing is lost silently.

python benchmarks/reader_fuzz.py [files] [seed] [processes]      prints what happened to them, and each fault
python benchmarks/reader_fuzz.py one FILE [seed]     reads one of them again, with its traceback
With SUREFOOT_REAL_DATA the real exports and surveys are damaged too. Files are read in processes of their own, so that
one that ends the interpreter is seen.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import polars as pl

from mutations import BLIND, KNOWN, MOST_BYTES, Base, Mutated, saved_again, taken
from surefoot.demo.dialects import DIALECTS, expected
from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table, open_instrument
from surefoot.readers import Mapping, Reading, read
from surefoot.responses import Missing, Responses, number_missing, responses

SECONDS = 120
LARGEST = 400_000
SLOW = ("spss", "stata")
"""Dialects whose reader starts a process of its own; they take a smaller part of the files."""
SLOW_SHARE, REAL_SHARE, LONG_SHARE = 0.01, 0.08, 0.1
TEXTS = ["It helps.", 'Two, "three"; four', "=1+1", "naïve – and “curly”", "one\nand another line", "x"]
MODES = ("instrument", "mapping", "inferred")


@cache
def small() -> Instrument:
    """A short questionnaire with every kind of question."""
    options = {
        "job": ["Front line, with patients", "Back office", "Other"],
        "used": ["Yes", "No"],
        "tools": ["Chat, such as an assistant", "Notes; minutes, letters", "Rotas"],
        "needs": ["Time", "Training", "None of these"],
        "agree": ["Strongly disagree", "Disagree", "Agree", "Strongly agree", "I don't know enough to say"],
    }
    scales = [
        {"id": name, "options": [{"id": f"{name}-{n}", "text": text, "exclusive": text == "None of these"}
                                 for n, text in enumerate(texts)]}
        for name, texts in options.items()
    ]  # fmt: skip
    routed = {"show_if": [{"question": "used", "any_of": ["used-0"]}]}
    questions: list[dict[str, Any]] = [
        {"id": "job", "kind": "single", "text": "What is your job?", "scale": "job"},
        {"id": "used", "kind": "single", "text": "Have you used AI?", "scale": "used"},
        {"id": "tools", "kind": "multi", "text": "Which tools have you used?", "scale": "tools"} | routed,
        {"id": "needs", "kind": "multi", "text": "What would you need?", "scale": "needs"},
        {"id": "trust", "kind": "single", "text": "I trust it", "scale": "agree", "group": "views"},
        {"id": "hope", "kind": "single", "text": "I hope for it", "scale": "agree", "group": "views"},
        {"id": "order", "kind": "ranked", "text": "What comes first?", "scale": "job"},
        {"id": "hours", "kind": "number", "text": "How many hours a week?", "decimals": 1},
        {"id": "comment", "kind": "text", "text": "Anything else?"},
    ]
    table = {"schema": "surefoot/instrument/1", "name": "known", "title": "Known answers"}
    return instrument_from_table(table | {"scale": scales, "question": questions})


def answers(instrument: Instrument, chance: np.random.Generator, rows: int) -> Responses:
    """Random answers to a questionnaire; about a fifth of them are missing, but for the first question."""
    columns: dict[str, Any] = {}
    texts = []
    for place, question in enumerate(instrument.asked):
        lost = (chance.random(rows) < 0.2) & (place > 0)
        empty = int(Missing.NOT_ANSWERED)
        if question.kind == "text":
            texts += [{"@row": row, "question": question.id, "text": str(chance.choice(TEXTS))}
                      for row in np.flatnonzero(~lost).tolist()]  # fmt: skip
        elif question.kind == "number":
            columns[question.id] = np.where(lost, number_missing(Missing(empty)), chance.integers(0, 999, rows))
        elif question.kind == "single":
            columns[question.id] = np.where(lost, empty, chance.integers(0, len(question.options), rows))
        else:
            size = (len(question.options), rows)
            marks = np.where(chance.random(size) < 0.5, 1, int(Missing.UNTICKED))
            marks = np.argsort(chance.random(size), axis=0) + 1 if question.kind == "ranked" else marks
            columns |= {item: np.where(lost, empty, marks[k]) for k, item in enumerate(question.items)}
    schema = {"@row": pl.Int64, "question": pl.String, "text": pl.String}
    return responses(instrument, columns, texts=pl.DataFrame(texts, schema=schema))


@cache
def base(name: str, kind: str, seed: int) -> tuple[Base, bytes, Mapping]:
    """A whole file of a dialect, its bytes, and the mapping by which it is read; made once for each process."""
    instrument = small() if kind == "small" else open_instrument("ai-baseline")
    found = Base.of(name, answers(instrument, np.random.default_rng([seed, len(name)]), 16))
    with tempfile.TemporaryDirectory() as folder:
        path = place(found, Path(folder), b"")
        mapping = read(path, instrument=instrument).mapping
        assert mapping is not None
        return found, path.read_bytes(), mapping


def place(found: Base, folder: Path, content: bytes) -> Path:
    """Write a file, whole or with other content, with its survey file beside."""
    from surefoot.demo.dialects import write_dialect

    path = folder / f"answers{found.dialect.suffix}"
    if content:
        path.write_bytes(content)
        if found.dialect.survey:
            path.with_suffix(".qsf").write_bytes(found.dialect.survey(found.made.instrument))
    else:
        write_dialect(found.name, found.made, path)
    return path


@cache
def real_files() -> tuple[Path, ...]:
    """Real exports and surveys that are small enough to read thousands of times."""
    named = os.environ.get("SUREFOOT_REAL_DATA")
    if not named:
        return ()
    folders = [Path(named) / "exports", Path(named) / "surveys"]
    suffixes = {".csv", ".xlsx", ".sav"}
    return tuple(
        sorted(
            path
            for folder in folders
            for path in folder.rglob("*")
            if path.suffix in suffixes and path.stat().st_size < LARGEST and "xlsform" not in path.parts
        )
    )


# One file -------------------------------------------------------------------------------------------------------------


def one(number: int, seed: int, folder: Path) -> dict[str, str]:
    """Damage and read one file; what was done to it, and what came of it."""
    chance = random.Random(f"{seed}/{number}")
    if real_files() and chance.random() < REAL_SHARE:
        return _real(chance, folder)
    names = [name for name in DIALECTS if name not in SLOW] if chance.random() >= SLOW_SHARE else list(SLOW)
    name = chance.choice(names)
    found, content, mapping = base(name, "baseline" if chance.random() < LONG_SHARE else "small", seed)
    damage, mutated = _damaged(found, content, chance)
    mode = chance.choice(MODES)
    path = place(found, folder, mutated.content)
    said = {"dialect": name, "damage": damage, "mode": mode}
    return said | {"outcome": _outcome(path, found, mapping, mutated, mode)}


def _damaged(found: Base, content: bytes, chance: random.Random) -> tuple[str, Mutated]:
    """A mutation by chance: one whose result is known for half of the files that have rows."""
    if found.cells and chance.random() < 0.5:
        known = dict(KNOWN) | ({"saved_again": saved_again} if found.dialect.suffix == ".csv" else {})
        damage = chance.choice(sorted(known))
        return damage, known[damage](found, chance)
    damage = chance.choice(sorted(BLIND))
    touched = {"truncated": 0, "bytes_flipped": MOST_BYTES}.get(damage)
    return damage, Mutated(BLIND[damage](content, chance), None, touched=touched)


def _real(chance: random.Random, folder: Path) -> dict[str, str]:
    source = chance.choice(real_files())
    damage = chance.choice(sorted(BLIND))
    path = folder / f"real{source.suffix}"
    path.write_bytes(BLIND[damage](source.read_bytes(), chance))
    return {"dialect": f"real {source.name}", "damage": damage, "mode": "inferred", "outcome": _accounted(path)[0]}


def _accounted(path: Path, **how: Any) -> tuple[str, Reading | None]:
    """ "read" or "refused", or a fault: the rows that were read are those kept and those left out."""
    try:
        reading = read(path, **how)
    except BadInput as problem:
        return ("refused" if str(problem) else "FAULT: an error that says nothing"), None
    except Exception as problem:
        return f"FAULT: {type(problem).__name__}: {problem}"[:300], None
    account = reading.account
    if account.rows != account.kept + sum(account.excluded.values()) or account.kept != len(reading.responses):
        return "FAULT: rows are missing from the account", reading
    return "read", reading


def _outcome(path: Path, found: Base, mapping: Mapping, mutated: Mutated, mode: str) -> str:
    instrument = found.made.instrument
    how: dict[str, Any] = {} if mode == "inferred" else {"instrument": instrument}
    outcome, reading = _accounted(path, **how, **({"mapping": mapping} if mode == "mapping" else {}))
    if outcome != "read" or reading is None:
        return outcome
    if mutated.people is None:
        return _bounded(found, mutated, reading, mode) or outcome
    if len(reading.responses) != len(mutated.people):
        return f"FAULT: {len(reading.responses)} people of {len(mutated.people)}"
    if mode == "inferred":
        return outcome
    wanted = expected(taken(found.made, mutated.people), found.dialect.losses)
    differ = [item for item in _comparable(instrument, mutated, reading) if not _same(item, reading.responses, wanted)]
    if not mutated.gone and _words(reading.responses) != _words(wanted):
        differ.append("texts")
    return f"FAULT: other answers: {', '.join(differ[:4])}" if differ else "equal"


def _bounded(found: Base, mutated: Mutated, reading: Reading, mode: str) -> str | None:
    """A fault of a file whose result nobody knows, as far as it has bounds.

    A file that ends early holds the people before its end, the last of them perhaps in part. A few bytes that are
    others change a few answers: where whole columns are others, the account must say that it is unsure of something.
    """
    if mode == "inferred" or not found.cells or found.dialect.suffix != ".csv" or mutated.touched is None:
        return None
    made, account = reading.responses, reading.account
    whole = len(made) - 1 if mutated.touched == 0 else len(made)
    if len(made) > len(found.made) + found.dialect.extra or (mutated.touched and len(made) != len(found.made)):
        return None if mutated.touched else f"FAULT: {len(made)} people of {len(found.made)}"
    wanted = expected(found.made, found.dialect.losses)
    told = bool(account.absent or account.unread or any("match no option" in part for part in account.unsure))
    for question in found.made.instrument.asked:
        for item in question.items:
            pairs = zip(made.codes(item).tolist()[:whole], wanted.codes(item).tolist()[:whole], strict=False)
            differ = sum(one != other for one, other in pairs)
            if differ > mutated.touched and not told:
                return f"FAULT: {differ} answers to {item} are others, and nothing is said"
    return None


def _words(made: Responses) -> list[dict[str, Any]]:
    return made.texts.sort("@row", "question").to_dicts()


def _comparable(instrument: Instrument, mutated: Mutated, reading: Reading) -> Iterator[str]:
    """Items to compare: where a column was taken out, not those of its question and of what is routed by it."""
    for question in instrument.asked:
        touched = mutated.gone and (question.show_if or _was_in(question.id, mutated, reading))
        if not touched:
            yield from question.items


def _was_in(question: str, mutated: Mutated, reading: Reading) -> bool:
    asked = reading.instrument[question]
    texts = [asked.id, *asked.text.values(), *(option.id for option in asked.options)]
    texts += [text for option in asked.options for text in option.text.values()]
    return any(text in gone for gone in mutated.gone for text in texts if gone)


def _same(item: str, found: Responses, wanted: Responses) -> bool:
    return found.codes(item).tolist() == wanted.codes(item).tolist()


# Many files -----------------------------------------------------------------------------------------------------------


def work(first: int, last: int, seed: int) -> None:
    """Read a stretch of files, telling before each that it begins: whoever started this sees which one ended it."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last):
            print(json.dumps({"begin": number}), flush=True)
            for left in Path(folder).iterdir():
                left.unlink()
            print(json.dumps({"number": number} | one(number, seed, Path(folder))), flush=True)


def stretch(first: int, last: int, seed: int) -> Iterator[dict[str, Any]]:
    """Read a stretch of files in processes of their own; one that ends a process is a fault, and the rest goes on."""
    while first < last:
        command = [sys.executable, __file__, "work", str(first), str(last), str(seed)]
        alone = os.environ | {"POLARS_MAX_THREADS": "1"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=alone)
        assert process.stdout is not None
        begun = first
        for line in process.stdout:
            said = json.loads(line)
            begun = said.get("begin", begun)
            if "outcome" in said:
                yield said
                first = said["number"] + 1
        if process.wait() != 0:
            end = (process.stderr.read() if process.stderr else "")[-300:]
            yield {"number": begun, "outcome": f"FAULT: the process ended with {process.returncode}: {end}"}
            first = begun + 1


def _tell(told: SimpleQueue[dict[str, Any] | None], first: int, last: int, seed: int) -> None:
    try:
        for said in stretch(first, last, seed):
            told.put(said)
    finally:
        told.put(None)


def merged(told: SimpleQueue[dict[str, Any] | None], processes: int) -> Iterator[dict[str, Any]]:
    """What all stretches say, until each has ended."""
    while processes:
        said = told.get()
        if said is None:
            processes -= 1
        else:
            yield said


def main(files: int, seed: int, processes: int) -> int:
    """Read all files; print counts of outcomes by damage, and every fault. The exit code is 1 where there is one."""
    begun = time.monotonic()
    counts: Counter[tuple[str, str]] = Counter()
    faults = []
    ends = [files * part // processes for part in range(processes + 1)]
    with ThreadPoolExecutor(processes) as pool:
        told: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        for first, last in pairwise(ends):
            pool.submit(_tell, told, first, last, seed)
        for said in merged(told, processes):
            outcome = said["outcome"]
            kind = "fault" if outcome.startswith("FAULT") else outcome
            counts[said.get("damage", "?"), kind] += 1
            if kind == "fault":
                faults.append(said)
                print(json.dumps(said, ensure_ascii=False), flush=True)
            if counts.total() % 1000 == 0:
                print(f"{counts.total()} files, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    kinds = ("equal", "read", "refused", "fault")
    print(f"{'damage':22}" + "".join(f"{kind:>9}" for kind in kinds))
    for damage in sorted({name for name, _ in counts}):
        print(f"{damage:22}" + "".join(f"{counts[damage, kind]:9}" for kind in kinds))
    total = [sum(count for (_, found), count in counts.items() if found == kind) for kind in kinds]
    print(f"{'all':22}" + "".join(f"{count:9}" for count in total))
    print(f"{files} files of {len(DIALECTS)} dialects and {len(real_files())} real files, seed {seed}, "
          f"{time.monotonic() - begun:.0f} s, {len(faults)} faults")  # fmt: skip
    return 1 if faults else 0


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["work"]:
        work(*map(int, words[1:4]))
    elif words[:1] == ["one"]:
        with tempfile.TemporaryDirectory() as made:
            print(one(int(words[1]), int(words[2]) if len(words) > 2 else 2026, Path(made)))
    else:
        files, seed, processes = (int(word) for word in [*words, *("20000", "2026", "2")[len(words) :]])
        sys.exit(main(files, seed, processes))
