"""The trunks and the head as graphs: rows to contexts, with the state of each seat before and after.

Each adds its nodes to a graph and tells which of its values are answers.

Axes: B seats, T rows, F fields, S slots, K fields of a slot, C channels, N heads, D width of a head, R room for rows,
L layers, H hidden width.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from composer.events.features import FIELDS, SLOT_FIELDS, SLOTS
from composer.playing.graph import FLOAT, INT32, INT64, Graph, Weights


def embedded(graph: Graph) -> str:
    """What is heard of rows (B, T), as vectors (B, T, C)."""
    fields = graph.takes("fields", INT32, ["B", "T", len(FIELDS)])
    slots = graph.takes("slots", INT32, ["B", "T", SLOTS, len(SLOT_FIELDS)])
    flat = graph.constant("a row by itself", np.array([0, 0, -1]))
    told = graph.node("Reshape", [_summed(graph, "embedding.table", fields, len(FIELDS)), flat])
    seen = graph.node("Reshape", [_summed(graph, "embedding.slot_table", slots, len(SLOT_FIELDS)), flat])
    return graph.node("Add", [told, graph.linear(seen, "embedding.slots.weight")])


def _summed(graph: Graph, name: str, numbers: str, count: int) -> str:
    """The sum of the entries of a table, so many at a time (…, 1, width); number 0 is what is not told.

    As a product with ones: `ReduceSum` adds in another order where there is one row than where there are several.
    """
    table = graph.single(name).copy()
    table[0] = 0
    entries = graph.node("Gather", [graph.constant(name, table), numbers], axis=0)
    return graph.node("MatMul", [graph.constant(f"{count} ones", np.ones((1, count), np.float32)), entries])


def add_attention(graph: Graph, settings: Mapping[str, Any]) -> dict[str, str]:
    """The Transformer's trunk. Keys and values (B, N, R, D) of each block are read and written where they lie.

    `cos` and `sin` (P, D / 2) are angles, and `turned` (B · T, 2 N) tells which of them each head of queries and keys
    turns by; `heard` (B,) is how many rows a seat has heard before the last of these, `most` the most of any, with it.
    """
    heads, channels = settings["heads"], settings["channels"]
    width = channels // heads
    x = embedded(graph)
    cos, sin = (graph.takes(name, FLOAT, ["P", width // 2]) for name in ("cos", "sin"))
    turned = graph.takes("turned", INT32, ["BT", 2 * heads])
    positions = graph.node("Cast", [turned], to=INT64)
    heard, most = graph.takes("heard", INT32, ["B"]), graph.takes("most", INT32, [])
    rows = graph.node("Shape", [x], start=0, end=2)
    twice_as_wide = graph.node("Concat", [rows, graph.constant("both", np.array([2 * channels]))], axis=0)
    one_a_head = graph.constant("one a head", np.array([-1, 2 * heads, width]))
    outputs: dict[str, str] = {}
    normed = graph.norm(x, "trunk.blocks.0.before_attention.weight")
    for layer in range(settings["layers"]):
        name = f"trunk.blocks.{layer}"
        caches = [
            graph.takes(f"{kind} {layer}", FLOAT, ["B", heads, f"R {kind}", width]) for kind in ("keys", "values")
        ]
        both = graph.linear(normed, f"{name}.attention.query_key_value.weight")
        split = graph.constant("queries and keys, values", np.array([2 * channels, channels]))
        query_key, value = graph.nodes("Split", [both, split], 2, axis=-1)
        by_head = graph.node(
            "Reshape", [query_key, one_a_head]
        )  # (B T, 2 N, D): each head a place that turns by itself
        rotated = graph.own("RotaryEmbedding", [by_head, positions, cos, sin], num_heads=1)
        like = graph.node("Reshape", [rotated, twice_as_wide])
        query, key = graph.nodes("Split", [like], 2, axis=-1, num_outputs=2)
        attended, keys, values = graph.nodes(
            "GroupQueryAttention",
            [query, key, value, *caches, heard, most],
            3,
            "com.microsoft",
            num_heads=heads,
            kv_num_heads=heads,
        )
        outputs |= {f"keys after {layer}": keys, f"values after {layer}": values}
        out = graph.linear(attended, f"{name}.attention.out.weight")
        normed, x = graph.added_norm(x, out, f"{name}.before_mlp.weight")
        gate, up = graph.nodes("Split", [graph.linear(normed, f"{name}.gate_up.weight")], 2, axis=-1, num_outputs=2)
        down = graph.linear(graph.node("Mul", [graph.silu(gate), up]), f"{name}.down.weight")
        last = layer == settings["layers"] - 1
        following = "norm.weight" if last else f"trunk.blocks.{layer + 1}.before_attention.weight"
        normed, x = graph.added_norm(x, down, following)
    return {"context": normed, **outputs}


def add_recurrence(graph: Graph, settings: Mapping[str, Any]) -> dict[str, str]:
    """A recurrent trunk, one row a seat: `hidden` and, where it is gated, `cell` (L, B, H), before and after."""
    gated = "cell" in state_names(settings, graph.weights)
    x = embedded(graph)
    row = graph.node("Squeeze", [x, graph.constant("axis of rows", np.array([1]))])  # (B, C)
    hidden = _layers(graph, "hidden", settings)
    cells = _layers(graph, "cell", settings) if gated else ()
    states: list[str] = []
    memories: list[str] = []
    y = row
    for layer in range(settings["layers"]):
        into = graph.linear(y, f"trunk.core.weight_ih_l{layer}", f"trunk.core.bias_ih_l{layer}")
        back = graph.linear(hidden[layer], f"trunk.core.weight_hh_l{layer}", f"trunk.core.bias_hh_l{layer}")
        total = graph.node("Add", [into, back])
        if gated:
            gates = graph.nodes("Split", [total], 4, axis=-1, num_outputs=4)
            let_in, keep, let_out = (graph.node("Sigmoid", [gates[i]]) for i in (0, 1, 3))
            kept = graph.node("Mul", [keep, cells[layer]])
            fresh = graph.node("Mul", [let_in, graph.node("Tanh", [gates[2]])])
            memories.append(graph.node("Add", [kept, fresh]))
            y = graph.node("Mul", [let_out, graph.node("Tanh", [memories[-1]])])
        else:
            y = graph.node("Tanh", [total])
        states.append(y)
    answered = graph.linear(y, "trunk.out.weight", "trunk.out.bias")
    normed, _ = graph.added_norm(row, answered, "norm.weight")
    outputs = {"context": normed, "hidden after": _stacked(graph, states)}
    return outputs | ({"cell after": _stacked(graph, memories)} if gated else {})


def state_names(settings: Mapping[str, Any], weights: Weights) -> tuple[str, ...]:
    """What a recurrent trunk keeps: a cell beside the hidden values, where there are four gates."""
    gates = weights["trunk.core.weight_ih_l0"].shape[0] // settings["hidden"]
    return ("hidden", "cell") if gates == 4 else ("hidden",)


def _layers(graph: Graph, name: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    whole = graph.takes(name, FLOAT, [settings["layers"], "B", settings["hidden"]])
    if settings["layers"] == 1:
        return (graph.node("Squeeze", [whole, graph.constant("axis of layers", np.array([0]))]),)
    parts = graph.nodes("Split", [whole], settings["layers"], axis=0, num_outputs=settings["layers"])
    axis = graph.constant("axis of layers", np.array([0]))
    return tuple(graph.node("Squeeze", [part, axis]) for part in parts)


def _stacked(graph: Graph, layers: list[str]) -> str:
    axis = graph.constant("axis of layers", np.array([0]))
    return graph.node("Concat", [graph.node("Unsqueeze", [layer, axis]) for layer in layers], axis=0)


def add_head(graph: Graph, decision: int, channels: int) -> dict[str, str]:
    """One decision of the head: `context` (M, C) to `logits` (M, values of the decision)."""
    x = graph.takes("context", FLOAT, ["M", channels])
    layer = f"head.layers.{decision}"
    inner = graph.silu(graph.linear(graph.norm(x, f"{layer}.0.weight"), f"{layer}.1.weight", f"{layer}.1.bias"))
    informed = graph.node("Add", [x, graph.linear(inner, f"{layer}.3.weight", f"{layer}.3.bias")])
    return {"logits": graph.linear(informed, f"head.out.{decision}.weight", f"head.out.{decision}.bias")}
