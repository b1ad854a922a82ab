// What the browser sends. Made from the models by `python -m composer.page.wire.declarations`: change those.

/** Bars, counted from 1. */
export interface BarChoice {
  first: number;
  last: number;
}

/** Something is done with a take. */
export interface Base {
  take: SentTake;
}

/** Networks are to go on from the seed side by side; `only` is how many bars of it they are given, 0 for all. */
export interface Comparison {
  networks: string[];
  bars: number;
  only: number;
  temperature: number;
  rhythm_temperature: number;
  random_seed: number;
}

/** A take is to go on from a bar. */
export interface Extension {
  take: SentTake;
  bar: number;
}

/** A take is wanted as a file. */
export interface FileOrder {
  take: SentTake;
  mix?: MixerPosition | null;
  kind: string;
}

/** A take is wanted as sound, as the mixer stands. */
export interface Hearing {
  take: SentTake;
  mix?: MixerPosition | null;
}

/** A take that is looked at: what it goes on from, how it was written, and where it turned. */
export interface Lesson {
  seed: SentSeed;
  network: string;
  bars: number;
  temperature: number;
  rhythm_temperature: number;
  random_seed: number;
  turns?: SentTurn[];
}

/** What went on in a layer, counted from 0. */
export interface LessonLayer {
  seed: SentSeed;
  network: string;
  bars: number;
  temperature: number;
  rhythm_temperature: number;
  random_seed: number;
  turns?: SentTurn[];
  layer: number;
}

/** A take that came with a link. */
export interface Link {
  packed: string;
}

/** Where the mixer stands; `tempo` in quarters a minute. */
export interface MixerPosition {
  faders: SentFader[];
  tempo: number | null;
  shade: number;
  swing: number;
}

/** Bars and voices, counted from 1, of a take are to be written anew. */
export interface Redoing {
  take: SentTake;
  first: number;
  last: number;
  voices: number[];
}

/** A room. */
export interface RoomCode {
  code: string;
}

/** A room, and who asks: its teacher's key, or a pupil's. */
export interface RoomKey {
  code: string;
  key: string;
}

/** A teacher tells whose the choices are. */
export interface RoomNames {
  code: string;
  key: string;
  names: string[];
}

/** A teacher begins a round. */
export interface RoomRound {
  code: string;
  key: string;
  choices: number;
  people: boolean;
}

/** A pupil votes; null leaves a vote as it is. */
export interface RoomVote {
  code: string;
  key: string;
  round: number;
  keep?: number | null;
  guess?: number | null;
}

/** One strip of the mixer; `Fader` knows its ranges. */
export interface SentFader {
  volume: number;
  pan: number;
  mute: boolean;
  solo: boolean;
  program: number | null;
}

/** A seed as the browser keeps it. */
export interface SentSeed {
  score: Record<string, any>;
  title: string;
  source: string;
  key: string | null;
  style?: string | null;
  take?: string | null;
}

/** A take as the browser keeps it. */
export interface SentTake {
  score: Record<string, any>;
  fresh: [number, number, number, number][];
  new_from: number;
  bars: number;
  recipe: Record<string, any>;
  seed: SentSeed;
  second?: SentSeed | null;
  id: string;
  called?: string;
}

/** At a row of a take a decision took this value. */
export interface SentTurn {
  row: number;
  decision: number;
  value: number;
}

/** A take is wanted as notation, so many pixels wide. */
export interface Sheet {
  take: SentTake;
  mix?: MixerPosition | null;
  width?: number;
}

/** A tune of the library. */
export interface TuneName {
  name: string;
}
