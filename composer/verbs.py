"""The library's verbs, for programs that `import composer`."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from composer.checkpoint import Checkpoint
from composer.music import Reading, read
from composer.shelf import Shelf
from composer.writing import Commission, Request, Take


def compose(
    seed: Reading | Path | str | None, request: Request | None = None, model: str = "lstm", shelf: Shelf | None = None
) -> list[Take]:
    """All takes of a request. `seed` is a file or a reading, None to improvise; `shelf` keeps networks loaded.

    >>> compose("tune.mid", Request(bars=4, seed=7))  # doctest: +SKIP
    [Take(...)]
    """
    reading = seed if isinstance(seed, Reading) or seed is None else read(seed)
    request = request or Request(task="continue" if reading else "improvise")
    commission = Commission(reading, request, (shelf or Shelf()).take(model))
    return [deque(commission.write(take), maxlen=1).pop() for take in range(request.takes)]


def models(shelf: Shelf | None = None) -> list[Checkpoint]:
    """Every checkpoint there is, read from headers."""
    return (shelf or Shelf()).menu()
