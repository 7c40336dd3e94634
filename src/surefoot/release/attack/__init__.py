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
from surefoot.release.attack.result import SCHEMA, AttackResult, Cell, surviving
from surefoot.release.attack.totals import SmallTotal

__all__ = ["SCHEMA", "AttackResult", "Cell", "SmallTotal", "attack"]


def attack(
    folder: Path,
    *,
    other: Path | None = None,
    truth: Mapping[tuple[str, str, str, str], int] | None = None,
    exact: bool = False,
    progress: Progress | None = None,
) -> AttackResult:
    """Attack the release in a folder and report every hidden count that can be told too closely.

    other: another release of the same study; for a wave that both hold, figures of unchanged answers are used together,
    and groups that changed by one to ten people are small totals. Releases of different waves are attacked apart: who
    answered twice is not known. truth: counts by (breakdown, code, question, selector), the base of a question under
    the selector "", all people of a group under the question "" too; the attack is then scored by it, for one wave.
    exact: the attacker is given the exact counts of all that is shown (the worst case). Raises BadInput where a folder
    holds no release.
    """
    publications = read(folder)
    others = {publication.wave: publication for publication in read(other)} if other else {}
    attackers = [_attacker(one, others.get(one.wave), truth or {}, exact=exact) for one in publications]
    for attacker in attackers:
        attacker.run(progress)
    small = [total for one in publications if one.wave in others for total in grown(one, others[one.wave])]
    return _result(attackers, small, printed(folder), truth or {})


def _attacker(publication: Publication, other: Publication | None, truth: Counts, *, exact: bool) -> Attacker:
    if other is not None and same_people(publication, other):
        publication = publication.together(other)
    return Attacker(publication, truth, exact)


def _result(attackers: list[Attacker], small: list[SmallTotal], leaks: tuple[str, ...], truth: Counts) -> AttackResult:
    cells = list(chain.from_iterable(one.cells for one in attackers))
    hidden = [set(one.publication.hidden) for one in attackers]
    shown = [
        {(f.group, f.question, f.selector) for f in one.publication.stated if f.kind == "share"} for one in attackers
    ]
    shares = [surviving(one.publication, truth) for one in attackers]
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
