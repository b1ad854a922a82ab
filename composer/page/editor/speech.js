// @ts-check
// What the editor says of notes and places, to who hears it and under the roll.
import { find } from "../elements.js";
import { barNumber, nameOf } from "../roll/geometry.js";

/** @typedef {import("./drawing.js").Note} Note */
/** @typedef {ReturnType<typeof speaking>} Speech */

/**
 * @param {import("../gradio.js").Host} host
 * @param {import("./drawing.js").Drawing} drawing
 */
export function speaking({ element, props }, drawing) {
  const says = find(element, ".says");
  /** @type {[ticks: number, name: string][]} */
  const lengths = props.lengths;  // Python's: [96, "whole"], [72, "dotted half"] …

  /** @param {string} words */
  const say = words => { says.textContent = words; };
  /** @param {number} ticks */
  const lengthInWords = ticks => lengths.find(([long]) => long === ticks)?.[1] ?? `${ticks} ticks`;

  /** @param {number} tick */
  function spokenPlace(tick) {
    const { bars } = drawing.picture, bar = barNumber(bars, tick), { beat } = drawing.metreAt(tick);
    return `bar ${bar}, beat ${Number((1 + (tick - bars[bar - 1]) / beat).toFixed(2))}`;
  }
  /** @param {Note} note */
  const spoken = note => `${nameOf(note.pitch)}, ${lengthInWords(note.duration)}, ${spokenPlace(note.onset)}`;
  /** @param {Note[]} list */
  const spokenMany = list => (list.length === 1 ? spoken(list[0]) : `${list.length} notes`);
  return { say, lengths, lengthInWords, spokenPlace, spoken, spokenMany };
}
