"""Checking what was sent against a model: what does not fit is told in a sentence, and nothing is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from composer.errors import BadRequest


class Sent(BaseModel):
    """What all models have: numbers are numbers, nothing is infinite, and what nobody asked for is dropped."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


Model = TypeVar("Model", bound=Sent)


def checked(model: type[Model], values: Any) -> Model:
    """The values as a model; BadRequest that names the field where they do not fit."""
    try:
        return model.model_validate(dict(values) if isinstance(values, Mapping) else values)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors(include_url=False, include_input=False)[0]["loc"][:3])
        raise BadRequest(
            f"What the page sent is not what Motif expects ({where[:60]}). Reload the page and try again."
        ) from error
