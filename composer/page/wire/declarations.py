"""The models as TypeScript sees them.

`python -m composer.page.wire.declarations` writes them to `wire.d.ts`, which stands beside this file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

import composer.page.wire as wire
from composer.page.wire.checking import Sent

FILE = Path(__file__).parent / "wire.d.ts"
_HEAD = (
    "// What the browser sends. Made from the models by `python -m composer.page.wire.declarations`: change those.\n"
)
_PLAIN = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}


def declarations() -> str:
    """The text of `wire.d.ts`."""
    offered = [getattr(wire, name) for name in wire.__all__]
    models = [each for each in offered if isinstance(each, type) and issubclass(each, Sent) and each is not Sent]
    _, schema = models_json_schema([(model, "validation") for model in models])
    return _HEAD + "".join(_interface(name, model) for name, model in sorted(schema["$defs"].items()))


def _interface(name: str, schema: dict[str, Any]) -> str:
    needed = set(schema.get("required", []))
    fields = (
        f"  {field}{'' if field in needed else '?'}: {_type(of)};\n"
        for field, of in schema.get("properties", {}).items()
    )
    return f"\n/** {schema.get('description', name)} */\nexport interface {name} {{\n{''.join(fields)}}}\n"


def _type(schema: dict[str, Any]) -> str:
    """A schema as a type: what its bounds are, TypeScript cannot say."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if schema["type"] == "object":
        return "Record<string, any>"
    if schema["type"] == "array":
        part, least = _type(schema["items"]), schema.get("minItems")
        if least is not None and least == schema.get("maxItems"):
            return f"[{', '.join([part] * least)}]"
        return f"({part})[]" if " | " in part else f"{part}[]"
    return _PLAIN[schema["type"]]


if __name__ == "__main__":
    FILE.write_text(declarations(), "utf-8")
