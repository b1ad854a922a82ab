"""The contract, run over every network."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import torch
import torch.nn.functional as F

from composer.networks import TOKEN_NETWORKS, EventSizes, WritingNetwork, build_token_network

B, T = 3, 7
SIZES = EventSizes.tiny()


def tiny(name: str) -> WritingNetwork:
    torch.manual_seed(0)
    return build_token_network(name, SIZES, asdict(TOKEN_NETWORKS[name][1].tiny())).eval()


def music(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    tokens = torch.randint(SIZES.vocabulary, (B, T), generator=random)
    places = torch.stack([torch.randint(size, (B, T), generator=random) for size in SIZES.places], -1)
    return tokens, places


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_tokens_and_places_give_a_logit_for_every_next_token(name):
    logits, _ = tiny(name)(*music())
    assert logits.shape == (B, T, SIZES.vocabulary)
    assert logits.dtype == torch.float32


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_nothing_of_the_future_is_seen(name):
    network, (tokens, places) = tiny(name), music()
    places_seen = network.embedding(tokens, places).detach().requires_grad_()
    network.embedding.forward = lambda *_: places_seen
    logits, _ = network(tokens, places)
    logits[:, 3].sum().backward()
    reached = places_seen.grad.abs().sum((0, 2))  # (T,)
    assert (reached[:4] > 0).all()
    assert (reached[4:] == 0).all()


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_one_token_at_a_time_says_the_same_as_all_at_once(name):
    network, (tokens, places) = tiny(name), music()
    whole, _ = network(tokens, places)
    state, steps = None, []
    for t in range(T):
        logits, state = network(tokens[:, t : t + 1], places[:, t : t + 1], state)
        steps.append(logits)
    torch.testing.assert_close(torch.cat(steps, 1), whole)


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_a_state_is_never_changed_in_place(name):
    network, (tokens, places) = tiny(name), music()
    _, state = network(tokens[:, :3], places[:, :3])
    first, _ = network(tokens[:, 3:], places[:, 3:], state)
    again, _ = network(tokens[:, 3:], places[:, 3:], state)
    assert torch.equal(first, again)


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_one_batch_can_be_learned_by_heart(name):
    network, (tokens, places) = tiny(name).train(), music()
    optimizer = torch.optim.AdamW(network.parameters(), 0.02, weight_decay=0)
    for _ in range(150):
        logits, _ = network(tokens[:, :-1], places[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.4  # from ln 11 = 2.4


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_a_network_tells_a_menu_what_it_is(name):
    network = TOKEN_NETWORKS[name][0]
    assert network.name == name
    assert network.summary.endswith(".")
    assert network.tasks


def test_impossible_sizes_are_refused():
    with pytest.raises(ValueError, match="hidden=0"):
        TOKEN_NETWORKS["lstm"][1](hidden=0)
