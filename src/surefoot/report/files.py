"""What the report tells of the files that it was made from: rows read, kept and left out, never a few of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surefoot.readers.told import in_words


def rows_left_out(accounts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """For each reason, how many rows of all files were left out; those of which a file has few are not counted."""
    counts: dict[str, list[int | None]] = {}
    for account in accounts:
        for reason, count in account["excluded"].items():
            counts.setdefault(reason, []).append(count)
    for reason, each in counts.items():
        known, few = sum(count for count in each if count is not None), each.count(None)
        if known or few:
            yield f"{_many(known, few)} rows were left out: {reason}."


def _many(known: int, few: int) -> str:
    """How many rows there are: a number, and in so many files further ones that are fewer than 11 each."""
    if not few:
        return in_words(known)
    return f"At least {known:,}" if known else "Some" if few > 1 else in_words(None).capitalize()


def account_line(account: object) -> str:
    """One file of the annex in words."""
    get = dict(account).get if isinstance(account, dict) else {}.get
    numbers = [(get("rows"), "rows read"), (get("kept"), "kept")]
    parts = [f"{count:,} {what}" for count, what in numbers if isinstance(count, int)]
    out = "; ".join(f"{in_words(count)} {reason}" for reason, count in (get("excluded") or {}).items()) or "none"
    return f"{get('file', '')}: {', '.join([*parts, f'left out: {out}'])}"
