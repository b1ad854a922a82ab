"""The networks. A further one is one file here and one line in `NETWORKS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from composer.networks.attention import Transformer, TransformerConfig
from composer.networks.contract import EventSizes, State, WritingNetwork, count_parameters, to_dtype
from composer.networks.gan import Gan, GanConfig
from composer.networks.latent import LatentNetwork
from composer.networks.lstm import Lstm as TokenLstm
from composer.networks.lstm import LstmConfig as TokenLstmConfig
from composer.networks.notes import NoteNetwork
from composer.networks.recurrence import Lstm, LstmConfig, Rnn, RnnConfig
from composer.networks.rnn import Rnn as TokenRnn
from composer.networks.rnn import RnnConfig as TokenRnnConfig
from composer.networks.transformer import Transformer as TokenTransformer
from composer.networks.transformer import TransformerConfig as TokenTransformerConfig
from composer.networks.vae import Vae, VaeConfig

Network = NoteNetwork | Gan  # what writes takes
NETWORKS: dict[str, tuple[Any, type[Any]]] = {
    "rnn": (Rnn, RnnConfig),
    "lstm": (Lstm, LstmConfig),
    "transformer": (Transformer, TransformerConfig),
    "vae": (Vae, VaeConfig),
    "gan": (Gan, GanConfig),
}
# Of tokens: what the published benchmarks are measured with.
TOKEN_NETWORKS: dict[str, tuple[type[WritingNetwork], type[Any]]] = {
    "rnn": (TokenRnn, TokenRnnConfig),
    "lstm": (TokenLstm, TokenLstmConfig),
    "transformer": (TokenTransformer, TokenTransformerConfig),
}


def build_network(name: str, settings: dict[str, Any] | None = None) -> Network:
    """A network with fresh weights. `settings` are the fields of its config; None for the defaults."""
    network, config = NETWORKS[name]
    make: Callable[[Any], Network] = network
    return make(config(**(settings or {})))


def build_token_network(name: str, sizes: EventSizes, settings: dict[str, Any] | None = None) -> WritingNetwork:
    """A network of tokens with fresh weights. `settings` are the fields of its config; None for the defaults."""
    network, config = TOKEN_NETWORKS[name]
    return network(config(**(settings or {})), sizes)


__all__ = [
    "NETWORKS",
    "TOKEN_NETWORKS",
    "EventSizes",
    "Gan",
    "LatentNetwork",
    "Network",
    "NoteNetwork",
    "State",
    "WritingNetwork",
    "build_network",
    "build_token_network",
    "count_parameters",
    "to_dtype",
]
