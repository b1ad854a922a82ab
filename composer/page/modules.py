"""The page's JavaScript modules: where they stand, what a component runs of them, what the page's head loads.

They are served as they are, under an address that holds the hash of them all: a browser may keep them for ever, and a
page that comes from another version asks for others.
"""

from __future__ import annotations

import hashlib
from functools import cache

from composer.page.assets import FOLDER

FIRST = "page.js"  # it knows all others
_ALONE = {"words/language.js"}  # it stands in the head, before anything is shown, and is no module


@cache
def modules() -> dict[str, bytes]:
    """Every module by its path in the page's folder."""
    paths = {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*.js"))}
    return {name: path.read_bytes() for name, path in paths.items() if name not in _ALONE}


@cache
def version() -> str:
    """The hash of all modules."""
    digest = hashlib.sha256()
    for name, text in modules().items():
        digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()[:16]


def module_address(name: str) -> str:
    """Where a module is served, from the page's own address."""
    return f"modules/{version()}/{name}"


def mounting(function: str, *events: str) -> str:
    """What a component runs when it is shown: a function of the first module, told what Gradio gives.

    `events` are those that it triggers: Gradio knows a component's by their names, quoted, in what it runs.
    """
    triggered = "".join(f'// it triggers "{event}"\n' for event in events)
    given = "{ element, props, trigger, watch, server }"
    return f"{triggered}window.motif.modules.then(page => page.{function}({given}));"


def module_loading() -> str:
    """What the page's head runs so that the modules come while Gradio makes itself ready."""
    preloads = "".join(f'<link rel="modulepreload" href="{module_address(name)}">' for name in modules())
    first = f'new URL("{module_address(FIRST)}", document.baseURI)'
    return f"{preloads}<script>window.motif.modules = import({first});</script>"
