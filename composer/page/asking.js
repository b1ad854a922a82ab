// @ts-check
// Questions to the server between presses: its sentence where it refuses, and null. A `.told` of the component says it.
import { find } from "./elements.js";

/** @typedef {import("./wire/crossing.js").Questions} Questions */
/** @typedef {<Q extends keyof Questions>(question: Q, request: Questions[Q]) => Promise<any>} Ask */

/**
 * @param {import("./gradio.js").Host} host
 * @returns {{ ask: Ask, tell: (text?: string) => void }}
 */
export function asking({ element, server }) {
  const told = find(element, ".told");
  /** @param {string} [text] */
  const tell = text => { told.textContent = text || ""; };

  /** @type {Ask} */
  async function ask(question, request) {
    tell("");
    const answer = await server[question](request).catch(() => ({ error: "The server did not answer. Please try again." }));
    if (answer.error) tell(answer.error);
    return answer.error ? null : answer;
  }
  return { ask, tell };
}
