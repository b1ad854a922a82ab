"""Takes to be read: what each network writes of the gallery's seeds at the page's defaults, none picked, as ABC.

    python -m bench.read_takes --out docs/takes [--model transformer] [--seed 1]

Each take's random seed is the same. `judgments.json` in the folder holds a line on each that somebody wrote who read
it, by network, task and seed, with a fingerprint of the notes that were read: a line on other notes is left out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from composer.kinds import KINDS
from composer.music import Reading, read, write_abc
from composer.score import Score
from composer.shelf import Shelf
from composer.tasks import ENSEMBLES, TASKS, Request, Task
from composer.writing import Take, fingerprint, new_writer

SEEDS = Path(__file__).resolve().parents[1] / "composer" / "page" / "seeds" / "gallery"
BARS = 8


def main() -> None:
    """Write a page for each network and task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", action="append", help="only this network; repeatable")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    judgments = asked.out / "judgments.json"
    known = json.loads(judgments.read_text(encoding="utf-8")) if judgments.exists() else {}
    shelf = Shelf()
    for model in asked.model or KINDS:
        for name, task in TASKS.items():
            if name in shelf.take(model).kind.tasks:
                page = "\n".join(_page(shelf, model, task, asked.seed, known))
                (asked.out / f"{model}-{name}.md").write_text(page + "\n", encoding="utf-8")


def _page(shelf: Shelf, model: str, task: Task, seed: int, known: dict[str, Any]) -> list[str]:
    lines = [f"# {model}: {task.name}", "", f"`python -m bench.read_takes --out docs/takes --seed {seed}`", ""]
    for name, reading, request, second in _asked(task, seed, shelf.take(model).kind.polyphonic):
        take = new_writer(reading, request, shelf.take(model), second).finish()
        written = _written(take, task)
        mark, judged = fingerprint(written), known.get(f"{model} {task.name} {name}", {})
        judgment = judged.get("line") if judged.get("notes") == mark else None
        lines += [f"## {name}", "", judgment or "Not read yet.", "", f"notes {mark}", "", "```abc"]
        lines += [write_abc(written).strip(), "```", ""]
    return lines


_Asked = tuple[str, Reading | None, Request, Reading | None]


def _asked(task: Task, seed: int, polyphonic: bool) -> list[_Asked]:
    """The seeds, or the ensembles, what is asked of each, and the next seed where a tune is morphed into it."""
    if not task.needs_seed:
        kinds = list(ENSEMBLES) if polyphonic else ["melody"]
        return [(kind, None, Request(task=task.name, bars=BARS, seed=seed, kind=kind), None) for kind in kinds]
    files = sorted(SEEDS.glob("*.abc"))
    found: list[_Asked] = []
    for file, following in zip(files, [*files[1:], files[0]], strict=True):
        reading = read(file)
        middle = max(1, reading.score.bars // 2)
        region = f"{middle}-{min(reading.score.bars, middle + 1)}" if task.asks_for("region") else None
        second = read(following) if task.needs_second else None
        found.append((file.stem, reading, Request(task=task.name, bars=BARS, seed=seed, region=region), second))
    return found


def _written(take: Take, task: Task) -> Score:
    """The take without the seed where it goes on from it; else whole."""
    if not task.goes_on:
        return take.score
    first = take.score.bar_at(take.new_from)
    return take.score.from_tick(take.score.bar_start(first))


if __name__ == "__main__":
    main()
