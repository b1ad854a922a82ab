// @ts-check
// Where things stand on a roll, in CSS pixels: ticks across, pitches up. Ticks are the only unit of time here.

export const GUTTER = 38, RULER = 20, PAD = 14;  // CSS pixels: the piano at the left, the bar numbers, room at the end
export const FEWEST_ROWS = 25;                   // semitones
const NAMES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const BLACK = [1, 3, 6, 8, 10];

/** @typedef {{ onset: number, pitch: number, duration: number }} Placed a note as far as its place goes */
/** @typedef {{ x: number, y: number, width: number, tall: number }} Box */

/** @param {number} pitch */
export const nameOf = pitch => NAMES[pitch % 12] + (Math.floor(pitch / 12) - 1);
/** @param {number} pitch */
export const isBlack = pitch => BLACK.includes(pitch % 12);

/**
 * The number of the bar that a tick lies in, from 1.
 * @param {number[]} bars where they begin
 * @param {number} tick
 */
export const barNumber = (bars, tick) => bars.filter(start => start <= tick).length;

export class Geometry {
  scale = 1;           // pixels a tick
  low = 48;            // the lowest pitch; between two, where rows scroll
  rows = FEWEST_ROWS;  // that are shown
  height = 264;        // pixels

  /** @param {Partial<Pick<Geometry, "scale" | "low" | "rows" | "height">>} sizes */
  set(sizes) { Object.assign(this, sizes); }

  /** @param {number} tick */
  xOf(tick) { return GUTTER + tick * this.scale; }
  /**
   * @param {number} x
   * @param {number} end the last tick there is
   */
  tickOf(x, end) { return Math.max(0, Math.min(end, (x - GUTTER) / this.scale)); }
  get rowHeight() { return (this.height - RULER) / this.rows; }
  /** @param {number} pitch */
  yOf(pitch) { return this.height - (pitch - this.low + 1) * this.rowHeight; }

  /** Every pitch that is seen, also in part. */
  get pitches() {
    const low = Math.floor(this.low), high = Math.min(127, Math.ceil(this.low + this.rows) - 1);
    return Array.from({ length: high - low + 1 }, (_, above) => low + above);
  }

  /**
   * A note's place.
   * @param {Placed} note
   * @returns {Box}
   */
  boxOf(note) {
    const tall = Math.max(3, Math.min(this.rowHeight - 1, 13));
    return {
      x: this.xOf(note.onset) + 0.5,
      y: this.yOf(note.pitch) + (this.rowHeight - tall) / 2,
      width: Math.max(3, note.duration * this.scale - 1.5),
      tall,
    };
  }
}
