"""Playing: networks of notes without PyTorch, in eight bits, through ONNX Runtime."""

from composer.playing.engine import Band, Engine, Floats, Known, Memory
from composer.playing.runtime import RuntimeEngine, load_engine

__all__ = ["Band", "Engine", "Floats", "Known", "Memory", "RuntimeEngine", "load_engine"]
