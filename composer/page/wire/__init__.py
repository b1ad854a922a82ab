"""What crosses between the browser and the page, one model for each thing, with its bounds."""

from composer.page.wire.checking import Sent, checked
from composer.page.wire.models import (
    BarChoice,
    Base,
    Extension,
    FileOrder,
    Hearing,
    Link,
    MixerPosition,
    Redoing,
    SentSeed,
    SentTake,
    Sheet,
    TuneName,
)

__all__ = [
    "BarChoice",
    "Base",
    "Extension",
    "FileOrder",
    "Hearing",
    "Link",
    "MixerPosition",
    "Redoing",
    "Sent",
    "SentSeed",
    "SentTake",
    "Sheet",
    "TuneName",
    "checked",
]
