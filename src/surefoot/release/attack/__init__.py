"""An attacker that tries to recover from a release folder what it does not show; it shares no code with the release.

The attacker knows what anybody knows: the folder, the method, and which organisation is of which service type. It turns
rounded shares back into counts, and asks for every hidden count how small and how large it can be. It does not know
which kinds of people exist, unless a published figure says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from surefoot.release.attack.attacker import Attacker, Progress
from surefoot.release.attack.earlier import grown, same_people
from surefoot.release.attack.files import printed
from surefoot.release.attack.knowledge import Counts
from surefoot.release.attack.published import Publication, read
from surefoot.release.attack.result import SCHEMA, AttackResult, Cell, surviving, withstands
from surefoot.release.attack.totals import SmallTotal

__all__ = ["SCHEMA", "AttackResult", "Cell", "SmallTotal", "attack", "withstands"]


def attack(
    folder: Path,
    *,
    other: Path | None = None,
    truth: Counts | None = None,
    truths: Mapping[str, Counts] | None = None,
    exact: bool = False,
    progress: Progress | None = None,
) -> AttackResult:
    """Attack the release in a folder and report every hidden count that can be told too closely.

    other: another release of the same study; for a wave that both hold, figures of unchanged answers are used together,
    and groups that changed by one to ten people are small totals. A release holds figures of the wave before too, where
    it tells what changed. Different waves are attacked apart: who answered twice is not known. truth: counts by
    (breakdown, code, question, selector), the base of a question under the selector "", all people of a group under the
    question "" too; the attack is then scored by it. It is of the folder's own wave; truths: of each wave by its name.
    exact: the attacker is given the exact counts of all that is shown (the worst case). Raises BadInput where a folder
    holds no release.
    """
    mine = {publication.wave: publication for publication in read(folder)}
    others = {publication.wave: publication for publication in read(other)} if other else {}
    both = [(mine[wave], others[wave]) for wave in mine if wave in others]
    publications = [*(_joined(wave, mine, others) for wave in mine), *(others[w] for w in others if w not in mine)]
    known = truths or dict.fromkeys(list(mine)[:1], truth or {})
    attackers = [Attacker(publication, known.get(publication.wave, {}), exact) for publication in publications]
    for number, attacker in enumerate(attackers):
        attacker.run(_part(progress, number, len(attackers)))
    small = [total for one, two in both for total in grown(one, two)]
    said = printed(folder) + (printed(other) if other else ())
    return _result(attackers, small, said)


def _joined(wave: str, mine: Mapping[str, Publication], others: Mapping[str, Publication]) -> Publication:
    """A wave with what the other folder says of the same people; of a wave before, with what that hides too."""
    one, other = mine[wave], others.get(wave)
    if other is None or not same_people(one, other):
        return one
    return other.together(one) if other.not_shown and not one.not_shown else one.together(other)


def _part(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """Progress of one attack of several, as progress of them all."""
    return None if progress is None else lambda done, total: progress(number * total + done, parts * total)


def _result(attackers: list[Attacker], small: list[SmallTotal], leaks: tuple[str, ...]) -> AttackResult:
    cells = list(chain.from_iterable(one.cells for one in attackers))
    hidden = [set(one.publication.hidden) for one in attackers]
    shown = [
        {(f.group, f.question, f.selector) for f in one.publication.stated if f.kind == "share"} for one in attackers
    ]
    shares = [surviving(one.publication, one.truth) for one in attackers]
    return AttackResult(
        cells=sum(len(a | b) for a, b in zip(hidden, shown, strict=True)),
        suppressed=sum(map(len, hidden)),
        recovered=tuple(cell for cell in cells if cell.recovered),
        narrowed=tuple(cell for cell in cells if not cell.recovered),
        small_totals=(*chain.from_iterable(one.totals for one in attackers), *small),
        groups_surviving_share=sum(shares) / len(shares) if shares else 1.0,
        possible=tuple(chain.from_iterable(one.possible for one in attackers)),
        mistaken=tuple(chain.from_iterable(one.mistaken for one in attackers)),
        unresolved=tuple(chain.from_iterable(one.unresolved for one in attackers)),
        simplified=sum(one.simplified for one in attackers),
        printed=leaks,
    )
