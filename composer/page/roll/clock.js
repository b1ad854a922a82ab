// @ts-check
// Seconds of a sound and ticks of its music, by the tempos between them.

/** @typedef {{ tick: number, seconds: number, seconds_per_tick: number }} Tempo from `tick` on */

/**
 * @param {Tempo[]} tempos
 * @param {number} tick
 */
export function secondsAt(tempos, tick) {
  const tempo = tempos.filter(change => change.tick <= tick).pop();
  return tempo ? tempo.seconds + (tick - tempo.tick) * tempo.seconds_per_tick : 0;
}

/**
 * @param {Tempo[]} tempos
 * @param {number} seconds
 */
export function tickAt(tempos, seconds) {
  const tempo = tempos.filter(change => change.seconds <= seconds).pop();
  return tempo ? tempo.tick + (seconds - tempo.seconds) / tempo.seconds_per_tick : 0;
}

/**
 * 71.9 as 1:11.
 * @param {number} seconds
 */
export const clockOf = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
