"""Playing: networks of notes without PyTorch, in eight bits, through ONNX Runtime, many takes together."""

from composer.playing.engine import Ask, Band, Begin, Begun, Engine, Floats, Hear, Known, Memory, Spell
from composer.playing.runtime import PLAYED, RuntimeEngine, load_engine
from composer.playing.stage import Stage
from composer.playing.together import Loop

__all__ = [
    "PLAYED",
    "Ask",
    "Band",
    "Begin",
    "Begun",
    "Engine",
    "Floats",
    "Hear",
    "Known",
    "Loop",
    "Memory",
    "RuntimeEngine",
    "Spell",
    "Stage",
    "load_engine",
]
