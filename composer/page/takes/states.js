// @ts-check
// What a press of Compose goes through, as the browser sees it.
//
//     rest ── press ─→ asked ── begin ─→ writing ── stop ─→ stopping
//       ↑                │                  │                  │
//       └───── end ──────┴──────────────────┴──────────────────┘     end: whole, stopped, refused or failed
//     asked, writing, stopping ── lost ─→ lost ── back ─→ rest       lost: the server does not answer any more

/** @typedef {"rest" | "asked" | "writing" | "stopping" | "lost"} State */
/** @typedef {"press" | "begin" | "stop" | "end" | "lost" | "back"} Happening */

/** @type {Record<State, Partial<Record<Happening, State>>>} */
const WAYS = {
  rest: { press: "asked", begin: "writing" },
  asked: { begin: "writing", end: "rest", lost: "lost" },
  writing: { stop: "stopping", end: "rest", lost: "lost" },
  stopping: { end: "rest", lost: "lost" },
  lost: { back: "rest", begin: "writing", end: "rest" },
};

/**
 * What comes of a state; an event that it does not know changes nothing.
 * @param {State} state
 * @param {Happening} event
 * @returns {State}
 */
export const nextState = (state, event) => WAYS[state][event] ?? state;
