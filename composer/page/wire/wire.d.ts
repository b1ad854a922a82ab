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
