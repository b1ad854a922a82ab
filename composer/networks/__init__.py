"""The networks. A further one is one file here and one line in `NETWORKS`."""

from __future__ import annotations

from typing import Any

from composer.networks.contract import EventSizes, State, WritingNetwork, count_parameters, to_dtype
from composer.networks.gan import Gan, GanConfig
from composer.networks.lstm import Lstm, LstmConfig
from composer.networks.rnn import Rnn, RnnConfig
from composer.networks.transformer import Transformer, TransformerConfig
from composer.networks.vae import Vae, VaeConfig

NETWORKS: dict[str, tuple[type[WritingNetwork], type[Any]]] = {
    "rnn": (Rnn, RnnConfig),
    "lstm": (Lstm, LstmConfig),
    "transformer": (Transformer, TransformerConfig),
    "vae": (Vae, VaeConfig),
    "gan": (Gan, GanConfig),
}


def build(name: str, sizes: EventSizes, settings: dict[str, Any] | None = None) -> WritingNetwork:
    """A network with fresh weights. `settings` are the fields of its config; None for the defaults."""
    network, config = NETWORKS[name]
    return network(config(**(settings or {})), sizes)


__all__ = ["NETWORKS", "EventSizes", "State", "WritingNetwork", "build", "count_parameters", "to_dtype"]
