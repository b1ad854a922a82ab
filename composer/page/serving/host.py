"""What a host may set: every setting of the server with its bounds, its default and what it is, in one place.

`Host.of(os.environ)` reads the variables `MOTIF_…` when the server starts, and refuses a wrong one by its name. The
table in docs/hosting.md is made from this, by `motif --settings`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    FilePath,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticUndefined

from composer.errors import BadSetting, quoted
from composer.page.assets import FOLDER

_PREFIX = "MOTIF_"
_ELSEWHERE = {"MOTIF_TORCH_INDEX", "MOTIF_CHROMIUM"}  # of setup.sh and of the tests
_SPACE = "https://huggingface.co https://*.huggingface.co https://*.hf.space"  # where Spaces are shown
# What others read: Gradio and the server beneath it. They stand in the table because a host needs them.
OTHERS = {
    "GRADIO_SERVER_NAME": ("127.0.0.1", "the address to listen at; 0.0.0.0 is every one"),
    "GRADIO_SERVER_PORT": ("the first free from 7860", "the port to listen at"),
    "GRADIO_ROOT_PATH": (
        "",
        "where the page is seen from outside, behind a proxy: a path such as /motif, or an address",
    ),
    "GRADIO_TEMP_DIR": (
        "motif-USER in the system's temporary folder",
        "the folder of files; what is in it may be swept",
    ),
    "FORWARDED_ALLOW_IPS": (
        "127.0.0.1",
        "addresses of proxies that are believed when they say who a visitor is; else all behind one are one visitor",
    ),
}


def _listed(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class Host(BaseModel):
    """The settings. Frozen; each field's variable is `MOTIF_` and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    checkpoints: DirectoryPath | None = Field(default=None, description="the folder of networks in place of ours")
    library: FilePath | None = Field(default=None, description="the library of tunes in place of ours")
    soundfont: Path | None = Field(
        default=None, description="the SoundFont to play with; else soundfonts/, the system's, or a small one"
    )
    languages: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        default=("en", "zh"), description="languages the page offers, by two letters; English is always one of them"
    )
    at_once: int = Field(
        default=16, ge=1, le=256, description="takes that are written at the same time; the others wait"
    )
    waiting: int = Field(
        default=100, ge=1, le=10_000, description="presses that may wait; further ones are told to come again"
    )
    waiting_each: int = Field(default=2, ge=1, le=100, description="presses of one visitor that may wait")
    readers: int = Field(
        default=0, ge=0, le=64, description="processes that read files at once; 0: as many as there are cores, 4 to 8"
    )
    networks: int = Field(default=12, ge=1, le=1_000, description="networks that stay loaded")
    sessions: int = Field(
        default=400, ge=1, le=100_000, description="visitors of whom anything is held; closed pages go first"
    )
    file_seconds: int = Field(default=7_200, ge=60, le=604_800, description="seconds until a visitor's files are swept")
    folder_bytes: int = Field(
        default=1_000_000_000, ge=10_000_000, description="bytes of all files; beyond them the oldest go first"
    )
    body_bytes: int = Field(
        default=6_000_000,
        ge=100_000,
        le=100_000_000,
        description="bytes of one request; a press with the longest music has 5 million",
    )
    framed_by: str = Field(
        default="", description="origins that may show the page in a frame, with spaces between; on a Space, its own"
    )
    metrics: bool = Field(default=True, description="whether /metrics answers (with the extra `metrics` installed)")
    log: Literal["text", "json"] = Field(
        default="text", description="lines for people, or one JSON object a line with every press"
    )

    @field_validator("languages")
    @classmethod
    def _spoken(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        known = sorted(path.stem for path in (FOLDER / "words" / "languages").glob("*.json"))
        for language in languages:
            if language not in known:
                raise ValueError(f"there is no table for {quoted(language)}; there are {', '.join(known)}")
        return languages

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Host:
        """The settings that an environment names; BadSetting where one is wrong or unknown.

        >>> Host.of({"MOTIF_WAITING": "20"}).waiting
        20
        """
        sent = {name: value.strip() for name, value in environment.items() if name.startswith(_PREFIX)}
        values = {name: value for name, value in sent.items() if value and name not in _ELSEWHERE}
        for name in values:
            if _field(name) not in cls.model_fields:
                near = difflib.get_close_matches(name, list(cls.variables()), 1)
                meant = f" Did you mean {near[0]}?" if near else " 'motif --settings' lists those there are."
                raise BadSetting(f"There is no setting {name}.{meant}")
        if environment.get("SPACE_ID"):
            values.setdefault("MOTIF_FRAMED_BY", _SPACE)
        try:
            return cls(**{_field(name): value for name, value in values.items()})  # type: ignore[arg-type]
        except ValidationError as error:
            raise BadSetting(_sentence(error, values)) from error

    @classmethod
    def variables(cls) -> dict[str, tuple[str, str]]:
        """Each variable's default and what it is, as the table has them."""
        return {
            f"{_PREFIX}{name.upper()}": (_shown(field.default), _about(field))
            for name, field in cls.model_fields.items()
        }


def table() -> str:
    """The table of all settings, in Markdown."""
    rows = {**Host.variables(), **OTHERS}.items()
    lines = [f"| `{name}` | {default} | {about} |" for name, (default, about) in rows]
    return "\n".join(["| variable | default | what it is |", "|---|---|---|", *lines]) + "\n"


def _field(variable: str) -> str:
    return variable.removeprefix(_PREFIX).lower()


def _shown(default: object) -> str:
    if default is None or default is PydanticUndefined or default == "":
        return ""
    if isinstance(default, tuple):
        return " ".join(default)
    return f"{default:,}" if isinstance(default, int) and not isinstance(default, bool) else str(default).lower()


def _about(field: Any) -> str:
    bounds = {name: value for rule in field.metadata for name, value in _bounds(rule)}
    if "ge" not in bounds:
        return str(field.description)
    most = f" to {bounds['le']:,}" if "le" in bounds else " or more"
    return f"{field.description} ({bounds['ge']:,}{most})"


def _bounds(rule: object) -> Iterator[tuple[str, int]]:
    for name in ("ge", "le"):
        if (value := getattr(rule, name, None)) is not None:
            yield name, int(value)


def _sentence(error: ValidationError, values: Mapping[str, str]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]).upper()
    field = Host.model_fields[name.lower()]
    reason = str(first["msg"]).removeprefix("Value error, ")
    told = f"{_PREFIX}{name} cannot be {quoted(values[_PREFIX + name])}: {reason[0].lower()}{reason[1:]}."
    return f"{told} It is {_about(field)}."
