// @ts-check
// The bars that are to be filled in, while the `choosing` property names them: a bracket over them, and all else frozen.
import { RULER, barNumber } from "./geometry.js";

/** @typedef {{ first: number, last: number, bars?: number, voices?: number[] | null }} BarChoice bars, from 1 */
/** @typedef {ReturnType<typeof barChoice>} Choice */

/**
 * @param {import("../gradio.js").Host} host
 * @param {import("./canvas.js").RollCanvas} canvas
 */
export function barChoice({ element, props, trigger, watch }, { roll, under, pen, xOf, geometry, colour, drawSoon, tickUnder }) {
  /** @type {BarChoice | null} */
  let dragged = null;   // the bars dragged over, until the page has taken them over

  /**
   * The bars shown as chosen; null where there is nothing to choose.
   * @returns {BarChoice | null}
   */
  function chosenBars() {
    const choice = dragged ? { ...props.choosing, ...dragged } : props.choosing;
    return choice && choice.last < roll().bars.length ? choice : null;
  }

  /**
   * @param {{ clientX: number }} event
   * @param {number} most
   */
  const barAt = (event, most) => Math.max(1, Math.min(barNumber(roll().bars, tickUnder(event)), most));

  /**
   * Show the bars from one to another as dragged over.
   * @param {number} one
   * @param {number} other
   */
  function drag(one, other) {
    dragged = { first: Math.min(one, other), last: Math.max(one, other) };
    drawSoon();
  }

  /** End a drag; gives what was dragged over. */
  function letGo() {
    const bars = dragged;
    dragged = null;
    return bars;
  }

  // Tell the page which bars were dragged over.
  function chooseBars() {
    if (props.choosing) props.choosing = { ...props.choosing, ...dragged };
    trigger("choose", dragged);
  }

  function showChoice() {
    element.dataset.choosing = props.choosing ? `${props.choosing.first}-${props.choosing.last}` : "";
    drawSoon();
  }

  /** @param {{ onset: number, voice: number }} note */
  function freezes(note) {
    const choice = chosenBars(), bars = roll().bars;
    if (!choice) return false;
    if (choice.voices && !choice.voices.includes(note.voice)) return true;
    return note.onset < bars[choice.first - 1] || note.onset >= bars[choice.last];
  }

  under.push(value => {
    const choice = chosenBars(), { height } = geometry;
    if (!choice) return;
    const x = xOf(value.bars[choice.first - 1]), width = xOf(value.bars[choice.last]) - x;
    pen.fillStyle = colour("roll-chosen");
    pen.fillRect(x, RULER, width, height);
    pen.fillStyle = colour("action");
    pen.fillRect(x, RULER - 4, width, 4);
    pen.fillRect(x - 1, RULER - 4, 3, height);
    pen.fillRect(x + width - 1, RULER - 4, 3, height);
  });

  watch("choosing", showChoice);
  showChoice();
  return { chosenBars, barAt, drag, isDragging: () => dragged !== null, letGo, chooseBars, showChoice, freezes };
}
