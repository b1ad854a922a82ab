"""How steps are taken: AdamW for everything, or Muon for the matrices and AdamW for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn


class Optimizers:
    """One optimizer or two, advanced together.

    Muon (Jordan et al. 2024) turns each matrix's step into a rotation, so that no direction is learned at the expense
    of others; it is for the matrices between layers, not for tables of embeddings. Its steps are scaled to AdamW's
    (Liu et al. 2025, arXiv:2502.16982), so one learning rate serves both.
    """

    def __init__(
        self,
        network: nn.Module,
        weight_decay: float,
        muon: bool,
        momentum: float,
        paces: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """`paces` are shares of the learning rate for parts of the network, by their names; AdamW's alone."""
        named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
        matrices = [p for name, p in named if muon and p.dim() == 2 and "embedding" not in name]
        chosen = {id(p) for p in matrices}
        groups: dict[float, list[nn.Parameter]] = {}
        for name, parameter in named:
            if id(parameter) not in chosen:
                groups.setdefault(paces.get(name.split(".")[0], 1.0), []).append(parameter)
        others = [{"params": parameters, "pace": pace} for pace, parameters in groups.items()]
        self.parts: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(others, weight_decay=weight_decay, betas=(momentum, 0.98))
        ]
        if matrices:
            self.parts.append(torch.optim.Muon(matrices, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"))

    def step(self, loss: Tensor, rate: float, clip: float) -> None:
        """One step down the loss at a learning rate, the gradient's norm cut at `clip`.

        Weights that the loss does not depend on stay as they are.
        """
        for part in self.parts:
            part.zero_grad(set_to_none=True)
        loss.backward()
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate * group.get("pace", 1.0)
                torch.nn.utils.clip_grad_norm_(group["params"], clip)
            part.step()

    def moments(self) -> dict[str, Tensor]:
        """What the optimizers remember, by "part.index.name"."""
        return {
            f"{number}.{index}.{name}": torch.as_tensor(value)
            for number, part in enumerate(self.parts)
            for index, state in part.state_dict()["state"].items()
            for name, value in state.items()
        }

    def remember(self, moments: Mapping[str, Tensor]) -> None:
        """Take up what `moments` told."""
        states: list[dict[int, dict[str, Any]]] = [{} for _ in self.parts]
        for key, tensor in moments.items():
            number, index, name = key.split(".", 2)
            states[int(number)].setdefault(int(index), {})[name] = tensor
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict({**part.state_dict(), "state": state})
