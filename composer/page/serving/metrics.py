"""What may be known of a running server: numbers for Prometheus, and a line of the log for every press.

Names are those of our own presses, numbers are counts, seconds and bytes. Nothing that a visitor sent, and nothing of
who they are, is in either: a test plays a visitor and looks for what they wrote.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Gauges = Callable[[], dict[str, tuple[str, float]]]  # name → what it is, and what it is just now
MISSING = "This server's metrics need prometheus_client: pip install 'motif-composer[metrics]'.\n"
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)
_log = logging.getLogger("motif.presses")


@dataclass(frozen=True)
class Press:
    """A press that has ended. `outcome` is done, failed or left (by its visitor); times are in seconds."""

    name: str
    outcome: str
    waited: float
    worked: float


class Metrics:
    """What is counted from the start of a server on; `gauges` tell how things stand when they are asked for."""

    def __init__(self, gauges: Gauges = dict) -> None:
        client = importlib.import_module("prometheus_client")
        self._gauge, self._gauges = importlib.import_module("prometheus_client.core").GaugeMetricFamily, gauges
        self._registry = client.CollectorRegistry()
        client.ProcessCollector(registry=self._registry)  # memory, processor and open files, on Linux
        of: dict[str, Any] = {"registry": self._registry}
        self._presses = client.Counter("motif_presses", "Presses that ended.", ["press", "outcome"], **of)
        self._worked = client.Histogram(
            "motif_press_seconds", "Seconds that a press was worked on.", ["press"], buckets=_SECONDS, **of
        )
        self._waited = client.Histogram(
            "motif_wait_seconds", "Seconds that a press waited for its turn.", ["press"], buckets=_SECONDS, **of
        )
        self._registry.register(self)

    def note(self, press: Press) -> None:
        """Count a press."""
        self._presses.labels(press.name, press.outcome).inc()
        self._worked.labels(press.name).observe(press.worked)
        self._waited.labels(press.name).observe(press.waited)

    def collect(self) -> Iterator[Any]:
        """What the registry asks for when it is read."""
        for name, (about, value) in self._gauges().items():
            yield self._gauge(name, about, value)

    def text(self) -> tuple[bytes, str]:
        """Everything in Prometheus' format, and the format's name."""
        client = importlib.import_module("prometheus_client")
        return client.generate_latest(self._registry), str(client.CONTENT_TYPE_LATEST)


def metrics(gauges: Gauges) -> Metrics | None:
    """The metrics, or None where prometheus_client is not installed."""
    try:
        return Metrics(gauges)
    except ImportError:
        return None


def log_press(press: Press) -> None:
    """Tell the log of a press."""
    about = {"press": press.name, "outcome": press.outcome}
    _log.info("press", extra={**about, "waited": round(press.waited, 3), "worked": round(press.worked, 3)})
