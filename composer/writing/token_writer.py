"""Writing token by token: how networks of points write down what a point stands for."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from composer.errors import BadRequest
from composer.events import NoteReader, Vocabulary, encode_bars
from composer.events.task import Task, spell_task
from composer.listening.limit import MatchLimit
from composer.music import Reading
from composer.networks import WritingNetwork
from composer.score import Score
from composer.shelf import Shelved
from composer.writing.constraints import RegionGrammar, Singer
from composer.writing.copy_limit import OriginalGrammar
from composer.writing.ensembles import LED_STYLES
from composer.writing.loop import Grammar, Prompt, PromptRead, TimedGrammar, read_prompt, write
from composer.writing.plan import Plan, make_plan
from composer.writing.region import Region
from composer.writing.request import Request
from composer.writing.sampling import Mask, Sampling
from composer.writing.voice_leading import LeadingGrammar
from composer.writing.writer import Writer, Written, segments_of

# A polyphonic network is shown so many tokens of music, and writes about so many at a time; it learned from 512.
_VIEW, _SEGMENT = 320, 256
_BAR_TOKENS = 12  # of a voice, where there is none to count


class TokenWriter(Writer):
    """Writes with a network of tokens, which cannot be told of returns, business, endings or forms."""

    def __init__(self, seed: Reading | None, request: Request, shelved: Shelved) -> None:
        if request.wishes:
            raise BadRequest(
                f"{shelved.name} cannot be told of {' and '.join(request.wishes)}; leave that as it likes, or choose "
                "a transformer, an lstm or an rnn."
            )
        super().__init__(seed, request, shelved)

    @property
    def _network(self) -> WritingNetwork:
        assert isinstance(self.shelved.network, WritingNetwork)
        return self.shelved.network

    def _way_home(self, seed: Reading | None) -> int:
        return 0

    def _make_plan(self, seed: Reading | None) -> Plan:
        vocabulary = self.shelved.vocabulary
        voices = vocabulary.voices if self.shelved.kind.polyphonic else 1
        return make_plan(seed, self.request, voices, vocabulary.styles)

    def _segments(self) -> Iterator[Region]:
        yield from segments_of(self.plan.region, self._bars_at_once())

    def _bars_at_once(self) -> int:
        """How many bars to write in one go; a melody network keeps all it wrote in mind."""
        region, vocabulary = self.plan.region, self.shelved.vocabulary
        if not self.shelved.kind.polyphonic:
            return region.last_bar + 1
        view = self.plan.view(self.plan.score)
        sizes = sorted(len(bar) for bar in encode_bars(view, vocabulary)) or [0]
        unheard = [voice for voice in region.voices if not view.voices[voice].notes]
        expected = sum(_BAR_TOKENS * (2 if self.plan.most[voice] > 1 else 1) for voice in unheard)
        return max(1, _SEGMENT // (sizes[len(sizes) * 3 // 4] + expected))

    @cached_property
    def _first_read(self) -> tuple[PromptRead, int]:
        """The first segment's prompt, read once for all takes, and the number of the first bar it shows."""
        return self._read(self.plan.score, self.segments[0])

    def _write_segment(
        self, segment: Region, before: tuple[Written, ...], random: np.random.Generator
    ) -> Generator[tuple[list[Written], int], None, None]:
        """Write one segment: after each bar its notes so far, by voice of the score, and the number of the bar."""
        vocabulary, request = self.shelved.vocabulary, self.request
        score = self._with(before)
        read, first = self._prompt(score, segment, random)
        sampling = Sampling.of(vocabulary, request.temperature, request.rhythm_temperature, request.top_p)
        grammar = self._original(self._led(self._grammar(score, segment, first), score), before)
        clock = read.prompt.clock(vocabulary)
        clock.read_all(read.prompt.tokens)
        bar = clock.bar + first
        reader = NoteReader(vocabulary, segment.bar_starts[max(0, bar + 1) :])
        if bar >= 0 and segment.start > segment.bar_starts[bar]:
            reader.stand_at(segment.bar_starts[bar])
        for token in write(self._network, vocabulary, read, grammar, sampling, random):
            reader.read(token)
            if token == vocabulary.END or (token == vocabulary.BAR and bar >= segment.first_bar):
                yield [(self.plan.parts[voice], note) for voice, note in reader.notes], bar
            bar += token == vocabulary.BAR

    def _prompt(self, score: Score, segment: Region, random: np.random.Generator) -> tuple[PromptRead, int]:
        """What the network has read before a segment, and the number of the first bar it was shown."""
        return self._first_read if segment is self.segments[0] else self._read(score, segment)

    def _grammar(self, score: Score, segment: Region, first: int) -> RegionGrammar:
        view, vocabulary = self.plan.view(score), self.shelved.vocabulary
        singers = {
            voice: Singer(
                _tokens(self.plan.pitches[voice], vocabulary),
                tuple((n.pitch, n.end) for n in view.voices[voice].notes if n.onset < segment.start < n.end),
                self.plan.most[voice],
            )
            for voice in segment.voices
        }
        metres, closing = self._metres(score, segment, first), self._closing(segment)
        return RegionGrammar(vocabulary, segment, singers, metres, first, closing)

    def _closing(self, segment: Region) -> int:
        """The token that ends a segment."""
        goes_on = self.plan.from_left and segment.last_bar < self.plan.region.last_bar
        return self.shelved.vocabulary.BAR if goes_on else self.shelved.vocabulary.END

    def _led(self, rules: RegionGrammar, score: Score) -> TimedGrammar:
        """The grammar less what breaks the rules of voice-leading, where the style has them."""
        if not self.request.strict or self.plan.header.style not in LED_STYLES or len(self.plan.parts) < 2:
            return rules
        view = self.plan.view(score)
        known = {voice: line.notes for voice, line in enumerate(view.voices) if self.plan.most[voice] == 1}
        return LeadingGrammar(rules, known, self.shelved.vocabulary) if len(known) == len(view.voices) else rules

    def _original(self, rules: TimedGrammar, before: tuple[Written, ...]) -> Grammar:
        """The grammar less what would be copied, where the request limits that; `before` is written already."""
        if self.request.max_match is None:
            return rules
        memory = self.shelved.memory.present(self.shelved.name)
        limits = {voice: MatchLimit(memory, self.request.max_match) for voice in self.plan.region.voices}
        for index, note in sorted(before, key=lambda written: written[1]):
            limits[self.plan.parts.index(index)].add(note.onset, note.pitch)
        return OriginalGrammar(rules, limits, self.shelved.vocabulary)

    def _metres(self, score: Score, segment: Region, first: int) -> dict[int, int]:
        """The METRE tokens that open bars of the segment, as `encode_bars` would write them."""
        after = segment.first_bar - 1 if self.plan.from_left and segment.first_bar > first else first
        frame = score.with_voices(())
        bars = encode_bars(frame, self.shelved.vocabulary, segment.first_bar, segment.last_bar + 1, after)
        return {segment.first_bar + i: bar[0] for i, bar in enumerate(bars) if len(bar) > 1}

    def _read(self, score: Score, segment: Region) -> tuple[PromptRead, int]:
        """Show the network what it may see of the score; also the number of the first bar shown."""
        vocabulary = self.shelved.vocabulary
        view = self.plan.view(score)
        first, until = self._window(score, segment)
        metre = score.metre_at(score.bar_start(first))
        header = replace(self.plan.header, metre=metre, begins=first == 0)
        last = self.plan.region.last_bar
        if self.plan.from_left:
            shown = encode_bars(view, vocabulary, first, until)
            tokens = [*header.tokens(vocabulary), *(token for bar in shown for token in bar)]
            prompt = Prompt(tuple(tokens), metre.bar_ticks, last - first)
        else:
            task = Task(first, until, segment.first_bar, segment.last_bar + 1, segment.voices)
            given, _ = spell_task(view, task, header, vocabulary)
            prompt = Prompt(tuple(given), metre.bar_ticks, segment.last_bar - first, segment.first_bar - first)
        return read_prompt(self._network, vocabulary, prompt), first

    def _window(self, score: Score, segment: Region) -> tuple[int, int]:
        """The bars, first and exclusive last, that the network is shown around a segment."""
        until = segment.first_bar + (segment.start > segment.bar_starts[segment.first_bar])
        if not self.shelved.kind.polyphonic:
            return 0, until
        view = self.plan.view(score)
        if not self.plan.from_left:
            until = max(segment.last_bar + 1, min(view.bars, segment.last_bar + 3))
        sizes = [len(bar) for bar in encode_bars(view, self.shelved.vocabulary, 0, until)]
        first, room = until, _VIEW
        while first > 0 and (room >= sizes[first - 1] or first > segment.first_bar):
            first -= 1
            room -= sizes[first]
        return first, until


def _tokens(pitches: Mask, vocabulary: Vocabulary) -> Mask:
    """A mask of pitches (128,) as one of tokens (V,)."""
    mask = np.zeros(vocabulary.size, bool)
    mask[vocabulary.pitch : vocabulary.pitch + len(pitches)] = pitches
    return mask
