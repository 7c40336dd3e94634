"""Which way of grouping short comments works, on comments whose themes are known; and how long it takes.

Run `python benchmarks/themes.py` (about three minutes on two cores; `--quick` for the small sizes and one seed). The
comments are put together from phrases by `surefoot.demo.comments`: eight themes, small talk, comments on two themes,
typing errors. "plain" comments use a word of their theme three times in four; "hard" ones are paraphrases that share
few words. Real comments lie between the two. Only comments on one theme are scored.

Columns: ARI (adjusted Rand index) and NMI (normalised mutual information) against the known themes; clean: the share of
comments in a suggestion that are of its commonest theme; found: known themes, of eight, that are the commonest of some
suggestion; stable: ARI between the groups of all comments and of two random samples of four fifths, on what both have;
seconds: for one set.
"""

import argparse
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import mean
from typing import Any

import numpy as np

from surefoot.demo.comments import write_comments
from surefoot.themes.suggestion import SMALL_TALK, factorise, number_of_suggestions, tokens, vectorise

Labels = np.ndarray[Any, np.dtype[np.int64]]
Method = Callable[[Sequence[str], int], Labels]


def nmf(texts: Sequence[str], k: int) -> Labels:
    """TF-IDF and NMF, as the product does it."""
    vectors, _ = vectorise(texts)
    return np.asarray(factorise(vectors, k)[0].argmax(axis=1))


def k_means(texts: Sequence[str], k: int) -> Labels:
    """TF-IDF and k-means."""
    from sklearn.cluster import KMeans

    vectors, _ = vectorise(texts)
    return np.asarray(KMeans(k, n_init=10, random_state=0).fit_predict(vectors))


def lsa(texts: Sequence[str], k: int) -> Any:
    """TF-IDF, cut to twice as many dimensions as groups (latent semantic analysis), at length one."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    vectors, words = vectorise(texts)
    return normalize(TruncatedSVD(min(2 * k, len(words) - 1), random_state=0).fit_transform(vectors))


def lsa_k_means(texts: Sequence[str], k: int) -> Labels:
    """LSA and k-means."""
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(k, n_init=10, random_state=0).fit_predict(lsa(texts, k)))


def lsa_agglomerative(texts: Sequence[str], k: int) -> Labels:
    """LSA and agglomerative clustering (Ward)."""
    from sklearn.cluster import AgglomerativeClustering

    return np.asarray(AgglomerativeClustering(k).fit_predict(lsa(texts, k)))


def keywords(texts: Sequence[str], k: int) -> Labels:
    """The commonest word takes its comments, then the commonest in the rest, and so on."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    words = [set(tokens(text, ENGLISH_STOP_WORDS | SMALL_TALK)) for text in texts]
    found = np.full(len(texts), -1)
    for group in range(k):
        counts = Counter(word for row, said in enumerate(words) if found[row] < 0 for word in sorted(said))
        if counts:
            word = counts.most_common(1)[0][0]
            found[[row for row, said in enumerate(words) if found[row] < 0 and word in said]] = group
    return found


def collocations(texts: Sequence[str], k: int) -> Labels:
    """Words that often stand together are grouped; a comment goes to the group with most of its words."""
    from sklearn.cluster import AgglomerativeClustering

    vectors, words = vectorise(texts)
    there = (vectors > 0).astype(float)
    together = (there.T @ there).toarray()
    alone = np.diag(together)
    apart = 1 - together / np.sqrt(np.outer(alone, alone))
    np.fill_diagonal(apart, 0)
    made = AgglomerativeClustering(min(k, len(words)), metric="precomputed", linkage="average").fit_predict(apart)
    return np.asarray((vectors @ np.eye(k)[made]).argmax(axis=1))


METHODS: dict[str, Method] = {
    "NMF": nmf,
    "k-means": k_means,
    "LSA, k-means": lsa_k_means,
    "LSA, agglomerative": lsa_agglomerative,
    "keywords": keywords,
    "collocations": collocations,
}


def scores(truth: Sequence[str], found: Labels) -> tuple[float, float, float, float]:
    """ARI, NMI, clean and found."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    groups = [Counter(t for t, g in zip(truth, found, strict=True) if g == group) for group in set(found) - {-1}]
    clean = sum(max(group.values()) for group in groups) / len(truth)
    there = {group.most_common(1)[0][0] for group in groups}
    both = adjusted_rand_score(truth, found), normalized_mutual_info_score(truth, found)
    return *map(float, both), clean, float(len(there))


def stability(method: Method, texts: Sequence[str], k: int, found: Labels, rng: np.random.Generator) -> float:
    """How like the groups stay when a fifth of the comments is left out."""
    from sklearn.metrics import adjusted_rand_score

    again = []
    for _ in range(2):
        some = np.sort(rng.choice(len(texts), len(texts) * 4 // 5, replace=False))
        again.append(adjusted_rand_score(found[some], method([texts[row] for row in some], k)))
    return mean(map(float, again))


def trial(method: Method, number: int, plain: float, seed: int) -> tuple[float, ...]:
    """One set of comments, grouped by one method."""
    rng = np.random.default_rng(seed)
    said = write_comments(rng, number, plain=plain)
    texts, k = [comment.text for comment in said], number_of_suggestions(number)
    start = time.perf_counter()
    found = method(texts, k)
    seconds = time.perf_counter() - start
    one = [row for row, comment in enumerate(said) if len(comment.themes) == 1]
    known = scores([said[row].themes[0] for row in one], found[one])
    return *known, stability(method, texts, k, found, rng), seconds


def main() -> None:
    """Print one line for each kind of comments, size and method."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    quick = asked.parse_args().quick
    warnings.simplefilter("ignore")
    print("| comments | number | method | ARI | NMI | clean | found | stable | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for kind, plain in (("plain", 0.75), ("hard", 0.0)):
        for number in (30, 100) if quick else (30, 60, 100, 300, 1000, 3000):
            for name, method in METHODS.items():
                found = [trial(method, number, plain, seed) for seed in range(1 if quick else 3)]
                cells = " | ".join(f"{mean(column):.2f}" for column in zip(*found, strict=True))
                print(f"| {kind} | {number} | {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
