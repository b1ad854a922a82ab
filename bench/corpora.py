"""Sorts a collection of MIDI files into the folders that the Transformer learns from.

Choirs, songs, piano and quartets hold what has the parts of one ensemble; `ensembles` all else with three to eight.

    python bench/corpora.py INDEX.jsonl OUT

INDEX.jsonl lies in the collection's folder and has one JSON object a line: `file`, `kind` ("satb", "voice+piano",
"piano" or "chamber"), `tracks` (a list), `source`, and where known `title`, `licence`, `split`. Each folder of OUT gets
an `index.jsonl` as `composer train` reads it.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

# By kind: the folder, how many tracks its ensemble has, and the style where the source does not say.
_FOLDERS = {
    "satb": ("choirs", 4, "choir"),
    "voice+piano": ("songs", 3, "song"),
    "piano": ("piano", 2, "piano"),
    "chamber": ("quartets", 4, "quartet"),
}
_STYLES = {"jsb_chorales": "chorale", "open_hymnal": "hymn", "openscore_lieder": "lied"}
_MOST_TRACKS = 8
_WITHOUT_BARS = ("jsb_chorales",)  # their bar lines mean nothing
_NO_QUARTETS = ("mutopia", "chopin_first_editions")  # their four tracks are not two violins, viola and cello


def main() -> None:
    """Copy the files and write the indices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.index.read_text(encoding="utf-8").splitlines()]
    kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if found := _place(row):
            folder, style = found
            name = row["file"].replace("/", "__")
            (asked.out / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(asked.index.parent / row["file"], asked.out / folder / name)
            kept[folder].append(_described(row, name, style))
    for folder, described in kept.items():
        lines = "".join(json.dumps(row) + "\n" for row in described)
        (asked.out / folder / "index.jsonl").write_text(lines, encoding="utf-8")
        print(f"{folder}: {len(described)} pieces")


def _place(row: dict[str, Any]) -> tuple[str, str] | None:
    """The folder and the style of a piece; None where it is for no ensemble of ours."""
    folder, tracks, style = _FOLDERS.get(row["kind"], ("", -1, "chamber"))
    if len(row["tracks"]) != tracks or (folder == "quartets" and row["source"] in _NO_QUARTETS):
        style = "chamber" if folder == "quartets" else style
        return ("ensembles", style) if 3 <= len(row["tracks"]) <= _MOST_TRACKS else None
    return folder, _STYLES.get(row["source"], style)


def _described(row: dict[str, Any], name: str, style: str) -> dict[str, Any]:
    told = {key: row[key] for key in ("title", "source", "licence", "split") if key in row}
    return {"file": name, "style": style, "bars_known": row["source"] not in _WITHOUT_BARS, **told}


if __name__ == "__main__":
    main()
