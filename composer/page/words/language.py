"""The page's languages: English as the code speaks it, and a table beside it for every other.

A table (`languages/zh.json`) maps an English sentence, or a pattern with {0}, {1} … where values stand, to what is said
instead. `language.js` turns everything on the page with it, whoever wrote it there. `en.json` holds the few words that
Gradio itself says in the browser's language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

from composer.page.assets import FOLDER, asset


@cache
def tables() -> dict[str, dict[str, str]]:
    """Every language's table, by the language's two letters."""
    folder = FOLDER / "words" / "languages"
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def header(languages: Sequence[str]) -> str:
    """The page's head, with a button for each of these languages, and for English."""
    button = re.compile(r' *<button type="button" data-language="(\w+)".*?</button>\n')
    return button.sub(lambda found: found[0] if found[1] in ("en", *languages) else "", asset("header.html"))


def language_script(languages: Sequence[str]) -> str:
    """What the page's head runs before anything is shown, with the tables of these languages, and Gradio's English."""
    offered = {name: table for name, table in tables().items() if name in ("en", *languages)}
    spoken = json.dumps(offered, ensure_ascii=False).replace("</", "<\\/")  # no text can end the script
    return f"<script>(TABLES => {{\n{asset('words/language.js')}\n}})({spoken});</script>"
