"""Graphs for ONNX Runtime, written node by node from the weights of a checkpoint.

A matrix in eight bits stays in eight bits: `MatMulNBits` multiplies its whole numbers with activations that are
rounded to eight bits in blocks of 32 of a row, so that no row is touched by what stands in another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from composer.weights import SCALE, single_precision

Array = npt.NDArray[np.generic]
Weights = Mapping[str, Array]  # the tensors of a checkpoint's file under their own names

FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64
_BLOCK = 32  # numbers that share a scale
_ZERO = 128  # stands for 0 where whole numbers from −127 to 127 are kept without a sign
_EPSILON = float(np.finfo(np.float32).eps)  # what `nn.RMSNorm` adds to the mean square


@dataclass
class Graph:
    """A graph that grows. `exact` keeps every matrix in single precision, for comparison with the reference."""

    weights: Weights
    exact: bool = False
    _nodes: list[onnx.NodeProto] = field(default_factory=list)
    _constants: dict[str, onnx.TensorProto] = field(default_factory=dict)
    _inputs: list[onnx.ValueInfoProto] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # names of weights

    def takes(self, name: str, kind: int, shape: Sequence[str | int]) -> str:
        """An input."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))
        return name

    def constant(self, name: str, values: Array) -> str:
        """A constant, kept once under its name."""
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def single(self, name: str) -> npt.NDArray[np.float32]:
        """A weight in single precision."""
        self.used |= {name, name + SCALE} & set(self.weights)
        return single_precision(self.weights, name)

    def node(self, kind: str, inputs: Sequence[str], outputs: int = 1, domain: str = "", **settings: Any) -> str:
        """The first output of a node."""
        return self.nodes(kind, inputs, outputs, domain, **settings)[0]

    def nodes(
        self, kind: str, inputs: Sequence[str], outputs: int, domain: str = "", **settings: Any
    ) -> tuple[str, ...]:
        """The outputs of a node."""
        names = tuple(f"{kind}_{len(self._nodes)}_{i}" for i in range(outputs))
        self.named(kind, inputs, names, domain, **settings)
        return names

    def named(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **settings: Any
    ) -> None:
        """A node whose outputs have the names given."""
        self._nodes.append(helper.make_node(kind, list(inputs), list(outputs), domain=domain, **settings))

    def own(self, kind: str, inputs: Sequence[str], **settings: Any) -> str:
        """A node of ONNX Runtime's own, of one output."""
        return self.node(kind, inputs, 1, "com.microsoft", **settings)

    def linear(self, x: str, name: str, bias: str | None = None) -> str:
        """X (…, K) times the matrix (N, K) of a name, plus a bias (N,)."""
        self.used |= {name, name + SCALE} & set(self.weights)
        matrix = self.weights[name]
        n, k = matrix.shape
        scale = self.weights.get(name + SCALE)
        added = [] if bias is None else [self.constant(bias, self.single(bias))]
        if self.exact or scale is None:
            product = self.node("MatMul", [x, self.constant(name, self.single(name).T)])
            return self.node("Add", [product, *added]) if added else product
        blocks = -(-k // _BLOCK)
        packed = np.full((n, blocks * _BLOCK), _ZERO, np.uint8)
        packed[:, :k] = matrix.astype(np.int16) + _ZERO
        inputs = [
            x,
            self.constant(name, packed.reshape(n, blocks, _BLOCK)),
            self.constant(name + SCALE, np.repeat(scale.astype(np.float32).reshape(n, 1), blocks, 1)),
        ]
        inputs += ["", "", *added] if added else []
        return self.own("MatMulNBits", inputs, K=k, N=n, bits=8, block_size=_BLOCK, accuracy_level=4)

    def norm(self, x: str, name: str) -> str:
        """X (…, C) divided by its root mean square, times a weight (C,)."""
        weight = self.constant(name, self.single(name))
        return self.node("SimplifiedLayerNormalization", [x, weight], epsilon=_EPSILON, axis=-1)

    def added_norm(self, x: str, more: str, name: str) -> tuple[str, str]:
        """`norm` of x + more, and that sum."""
        weight = self.constant(name, self.single(name))
        kind = "SkipSimplifiedLayerNormalization"
        normed, _, _, total = self.nodes(kind, [x, more, weight], 4, "com.microsoft", epsilon=_EPSILON)
        return normed, total

    def silu(self, x: str) -> str:
        """X times its own sigmoid."""
        return self.own("QuickGelu", [x], alpha=1.0)

    def session(self, outputs: Mapping[str, str]) -> onnxruntime.InferenceSession:
        """The graph, ready to run on one thread; `outputs` are its values by the names they are to have."""
        for name, value in outputs.items():
            self.named("Identity", [value], [name])
        told = [helper.make_empty_tensor_value_info(name) for name in outputs]
        graph = helper.make_graph(self._nodes, "motif", self._inputs, told, list(self._constants.values()))
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
