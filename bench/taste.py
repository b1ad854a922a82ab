"""Does taste help? Simulated listeners choose from the library: nDCG at 10 of their taste, of popularity, of chance.

A listener likes one style, as the books name it, or the twentieth of all tunes nearest a point in the space of traits.
They have told of 3, 5 or 10 tunes they like and as many they do not; all other tunes are ranked. Popularity ranks by
how many of the other listeners like a tune. `python bench/taste.py` prints the table; `--scales` the means and spreads
of the traits.
"""

from __future__ import annotations

import sys

import numpy as np

from composer.analysis.taste import TRAITS, by_taste, traits_of
from composer.analysis.tunes import load_library

LISTENERS, LIKED = 60, 0.05


def main() -> None:
    """Print the table."""
    tunes = load_library().tunes
    traits = np.array([traits_of(tune.score) for tune in tunes])
    if "--scales" in sys.argv:
        for (name, *_, mean, spread), column in zip(TRAITS, traits.T, strict=True):
            print(f"{name}: mean {column.mean() * spread + mean:.2f}, spread {column.std() * spread:.2f}")
        return
    random = np.random.default_rng(0)
    styles = np.array([tune.style or "" for tune in tunes])
    kinds = {"a style": _of_styles(styles, random), "a region": _of_regions(traits, random)}
    print(f"nDCG at 10, {LISTENERS} listeners of each kind, {len(tunes)} tunes")
    print(f"{'taste':10} {'told':>5} {'by taste':>9} {'popular':>9} {'chance':>7}")
    for kind, listeners in kinds.items():
        for told in (3, 5, 10):
            found = np.mean([_listen(i, listeners, traits, told, random) for i in range(LISTENERS)], axis=0)
            print(f"{kind:10} {told:5} {found[0]:9.3f} {found[1]:9.3f} {found[2]:7.3f}")


def _of_styles(styles: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Who likes what (LISTENERS, tunes): one style each."""
    names = [name for name in np.unique(styles) if name and (styles == name).sum() >= 20]
    return np.array([styles == random.choice(names) for _ in range(LISTENERS)])


def _of_regions(traits: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Who likes what: the tunes nearest a tune."""
    liked = []
    for _ in range(LISTENERS):
        distance = ((traits - traits[random.integers(len(traits))]) ** 2).mean(1)
        liked.append(distance <= np.quantile(distance, LIKED))
    return np.array(liked)


def _listen(
    number: int, listeners: np.ndarray, traits: np.ndarray, told: int, random: np.random.Generator
) -> tuple[float, float, float]:
    liked = listeners[number]
    likes = random.choice(np.flatnonzero(liked), told, replace=False)
    dislikes = random.choice(np.flatnonzero(~liked), told, replace=False)
    rest = np.setdiff1d(np.arange(len(liked)), [*likes, *dislikes])
    choices = by_taste(list(traits[likes]), list(traits[dislikes]), list(traits[rest]))
    popular = np.delete(listeners, number, 0).sum(0)[rest] + random.random(len(rest)) / 2
    orders = ([c.number for c in choices], np.argsort(-popular), random.permutation(len(rest)))
    first, second, third = (_ndcg(liked[rest[np.array(order)]]) for order in orders)
    return first, second, third


def _ndcg(gains: np.ndarray, most: int = 10) -> float:
    weights = 1 / np.log2(np.arange(2, most + 2))
    ideal = np.sort(gains)[::-1][:most]
    return float((gains[:most] * weights).sum() / max(1e-9, (ideal * weights).sum()))


if __name__ == "__main__":
    main()
