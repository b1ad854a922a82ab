"""Takes that networks wrote which have gone, or learned on: what is said of them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from composer.page.handlers.takes import Desk
from composer.page.settings.menu import Menu
from tests.conftest import compose, reading, tune


@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, ""), ({"weights": "0123456789abcdef"}, "LSTM has learned on"), ({"checkpoint": "gru"}, "'gru', is not here")],
)
def test_a_take_tells_whether_it_could_be_made_again(tiny_shelf, changes, said):
    desk = Desk(None, tiny_shelf, SimpleNamespace(menu=Menu.of(tiny_shelf)))
    recipe = replace(compose(tiny_shelf, reading(tune(60, 62, 64, 65)), bars=1).recipe, **changes)
    sentences = desk._since(recipe)
    assert len(sentences) == bool(changes)
    assert said in "".join(sentences)
