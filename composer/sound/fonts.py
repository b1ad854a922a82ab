"""Where the SoundFont and the FluidSynth library come from, and what is wrong when they don't.

A font is looked for in the environment variable MOTIF_SOUNDFONT, then in the repository's `soundfonts/`, then among the
system's, then in pretty_midi, which carries a small one.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
from functools import cache
from pathlib import Path
from typing import Any

from composer.errors import NoSound

VARIABLE = "MOTIF_SOUNDFONT"
PROJECT_FOLDER = Path(__file__).resolve().parents[2] / "soundfonts"
SYSTEM_FOLDERS = (
    Path("/usr/share/sounds/sf3"),
    Path("/usr/share/sounds/sf2"),
    Path("/opt/homebrew/share/soundfonts"),
    Path("/usr/local/share/soundfonts"),
)
# The system's fonts from the best sounding for its size on; any other is better than none.
_PREFERRED = ("FluidR3Mono_GM.sf3", "MuseScore_General.sf3", "FluidR3_GM.sf2", "default-GM.sf3", "default-GM.sf2")
_INSTALL = "Install it: 'apt-get install fluidsynth' on Debian or Ubuntu, 'brew install fluid-synth' on macOS."


@cache
def fluidsynth_module() -> Any:
    """Pyfluidsynth's module; NoSound with what to do where it or the library behind it is missing or another."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints where it found the library when CI is set
            module = importlib.import_module("fluidsynth")
    except ImportError as error:
        if "find the FluidSynth library" in str(error) or "Couldn't find" in str(error):
            raise NoSound(f"The FluidSynth library is not installed, so there is no sound. {_INSTALL}") from error
        raise NoSound(f"The package pyfluidsynth cannot be used ({error}). {_INSTALL}") from error
    except (OSError, AttributeError) as error:
        raise NoSound(f"The FluidSynth library cannot be used ({error}). {_INSTALL}") from error
    if not hasattr(module, "Synth"):
        raise NoSound(
            "The package 'fluidsynth' hides 'pyfluidsynth', so there is no sound. "
            "Type 'pip uninstall fluidsynth' and 'pip install --force-reinstall pyfluidsynth'."
        )
    return module


def find_font() -> Path:
    """The SoundFont to play with; NoSound where there is none."""
    if chosen := os.environ.get(VARIABLE):
        if not Path(chosen).is_file():
            raise NoSound(f"{VARIABLE} names {chosen}, which is not there. Name a .sf2 or .sf3 file, or unset it.")
        return Path(chosen)
    for folder in (PROJECT_FOLDER, *SYSTEM_FOLDERS):
        if font := _best_of(folder):
            return font
    carried = Path(importlib.import_module("pretty_midi").__file__ or "").with_name("TimGM6mb.sf2")
    if carried.is_file():
        return carried
    raise NoSound(f"There is no SoundFont. Name a .sf2 or .sf3 file in {VARIABLE}.")


def _best_of(folder: Path) -> Path | None:
    fonts = {path.name: path for path in sorted(folder.glob("*.sf[23]"))} if folder.is_dir() else {}
    return next((fonts[name] for name in (*_PREFERRED, *fonts) if name in fonts), None)


def problem() -> str | None:
    """One sentence on why there is no sound, or None where there is."""
    try:
        fluidsynth_module()
        find_font()
    except NoSound as error:
        return str(error)
    return None
