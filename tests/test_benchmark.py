import json

import numpy as np
import pytest
import torch

from composer.cli import main
from composer.errors import NoTrainingMusic
from composer.evaluation.benchmark import BENCHMARKS
from composer.evaluation.grid import (
    END,
    FRAME,
    HELD,
    PITCH,
    REST,
    SIZES,
    START,
    GridLesson,
    GridSampler,
    encode_grid,
    load_grid,
    transpose_grid,
)
from composer.networks import build_token_network
from composer.train.likelihood import measure, measure_in_keys

FRAMES = [[60, 72, 67], [], [59]]
VOICES = [[72, 67, 60, 48], [72, -1, 60, 48]]


def test_a_frame_is_its_pitches_from_the_highest_and_its_end():
    example = encode_grid(FRAMES, "frames")
    expected = [START, PITCH + 72, PITCH + 67, PITCH + 60, FRAME, FRAME, PITCH + 59, FRAME, END]
    assert example.tokens.tolist() == expected
    # The place told beside a token is that of the next: its depth in the frame, and the frame.
    assert example.places[:, :2].tolist() == [[0, 0], [1, 0], [2, 0], [3, 0], [0, 1], [0, 2], [1, 2], [0, 3], [0, 3]]


def test_a_step_is_its_four_voices():
    example = transpose_grid(encode_grid(VOICES, "voices"), -2)
    spoken = [START, *(PITCH + p for p in (70, 65, 58, 46)), HELD, REST, HELD, HELD, END]
    assert example.tokens.tolist() == spoken
    # Beside a token stands what the next one's voice sang before (1 + pitch), and for how long.
    assert example.places[:, 3].tolist() == [0, 0, 0, 0, 71, 66, 59, 47, 71, 71]
    assert example.places[:, 4].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("form", ["frames", "voices"])
def test_places_tell_nothing_of_what_is_to_come(form):
    random = np.random.default_rng(0)
    piece = random.integers(50, 80, (12, 4)).tolist()
    whole = encode_grid(piece, form)
    for number in range(12):
        other = encode_grid([*piece[:number], *random.integers(50, 80, (12 - number, 4)).tolist()], form)
        spoken = int((whole.places[:, 1] < number).sum())
        assert (other.places[: spoken + 1] == whole.places[: spoken + 1]).all()


def test_ignorance_costs_the_logarithm_of_the_vocabulary_a_token():
    lesson = GridLesson({"train": [FRAMES], "valid": [FRAMES], "test": []}, "frames", 0, "nats a frame", {})
    network = build_token_network("rnn", SIZES, {"embedding": 8, "hidden": 8})
    torch.nn.init.zeros_(network.project.weight)
    torch.nn.init.zeros_(network.project.bias)
    per_frame = measure(network, lesson.held_out()).per_note
    assert per_frame == pytest.approx(
        8 * np.log(SIZES.vocabulary) / 3, rel=1e-4
    )  # eight tokens, END too, in three frames


def test_the_mean_of_keys_is_the_likelihood_itself_where_all_keys_are_one():
    lesson = GridLesson({"train": [FRAMES], "valid": [FRAMES], "test": []}, "frames", 2, "nats a frame", {})
    torch.manual_seed(0)
    network = build_token_network("rnn", SIZES, {"embedding": 8, "hidden": 8})
    alone = measure(network, lesson.measured("valid")).nats
    same = [([example] * 3, count) for example, count in lesson.measured("valid")]
    assert measure_in_keys(network, same).nats == pytest.approx(alone, rel=1e-5)
    (examples, _), *_ = lesson.in_all_keys("valid")
    assert len(examples) == 5
    keys = [measure(network, [(example, 1)]).nats for example in examples]
    together = measure_in_keys(network, lesson.in_all_keys("valid"))
    assert min(keys) < together.nats <= np.mean(keys)  # Jensen: a mean of chances surprises less than chances do
    assert (together.tokens, together.notes) == (8, 3)


def test_windows_begin_at_frames_and_stay_in_their_place():
    piece = [[60 + i % 12] for i in range(200)]
    sampler, random = GridSampler([piece], "frames", 20, 0), np.random.default_rng(0)
    whole = encode_grid(piece, "frames")
    for _ in range(50):
        example = sampler.draw(random)
        assert example.tokens[0] in (START, FRAME)
        assert 2 < len(example.tokens) <= 21
        places = [tuple(p) for p in example.places.tolist()]
        at = next(i for i, p in enumerate(whole.places.tolist()) if tuple(p) == places[0])
        assert (whole.places[at : at + len(places)] == example.places).all()


def test_what_is_no_benchmark_is_refused(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"train": []}')
    with pytest.raises(NoTrainingMusic, match="train, valid and test"):
        load_grid(path)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_is_trained_measured_and_remembered(name, tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    piece = VOICES * 20 if BENCHMARKS[name].form == "voices" else FRAMES * 20
    data = tmp_path / "rolls.json"
    data.write_text(json.dumps({split: [piece] * 3 for split in ("train", "valid", "test")}))
    common = ["benchmark", name, "--folder", str(tmp_path / "ours"), "--json"]

    def run(*arguments: str) -> dict:
        with pytest.raises(SystemExit) as leaving:
            main([*common, *arguments])
        assert leaving.value.code == 0
        return json.loads(capfd.readouterr().out)

    trained = run("--network", "lstm", "--train", "--minutes", "0.03", "--data", str(data))
    (result,) = trained["results"]
    assert (result["network"], result["measured"]) == ("lstm", "here")
    assert result["value"] < 4 * np.log(SIZES.vocabulary)
    assert {"name", "value", "source"} <= set(trained["published"][0])
    (remembered,) = run()["results"]
    assert (remembered["value"], remembered["measured"]) == (result["value"], "card")


def test_speed_is_told_as_ratios_taken_in_one_run(capfd):
    with pytest.raises(SystemExit) as leaving:
        main(["benchmark", "speed", "--rounds", "1", "--json"])
    assert leaving.value.code == 0
    told = json.loads(capfd.readouterr().out)
    assert {"transformer_over_generate", "rendering_over_fluidsynth", "cpu_seconds_to_first_note"} <= set(told)
    # However busy the machine is: far from what the goals ask, and far from what was before.
    assert told["transformer_over_reference"] > 1.5
    assert told["lstm_over_first_generation"] > 2
    assert told["four_takes_over_one"] < 3.3
    assert 2.5 < told["tokens_a_note"] < 5
