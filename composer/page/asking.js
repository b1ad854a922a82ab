// @ts-check
// Questions to the server between presses: its sentence where it refuses, and null. A `.told` of the component says it.
import { find } from "./elements.js";

/** @typedef {(verb: string, request: unknown) => Promise<any>} Ask */

/**
 * @param {import("./gradio.js").Host} host
 * @returns {{ ask: Ask, tell: (text?: string) => void }}
 */
export function asking({ element, server }) {
  const told = find(element, ".told");
  /** @param {string} [text] */
  const tell = text => { told.textContent = text || ""; };

  /** @type {Ask} */
  async function ask(verb, request) {
    tell("");
    const answer = await server[verb](request).catch(() => ({ error: "The server did not answer. Please try again." }));
    if (answer.error) tell(answer.error);
    return answer.error ? null : answer;
  }
  return { ask, tell };
}
