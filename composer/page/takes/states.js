// What a press of Compose goes through, as the browser sees it.
//
//     rest ── press ─→ asked ── begin ─→ writing ── stop ─→ stopping
//       ↑                │                  │                  │
//       └───── end ──────┴──────────────────┴──────────────────┘     end: whole, stopped, refused or failed
//     asked, writing, stopping ── lost ─→ lost ── back ─→ rest       lost: the server does not answer any more
//
// An event that a state does not know changes nothing.
const WAYS = {
  rest: { press: "asked", begin: "writing" },
  asked: { begin: "writing", end: "rest", lost: "lost" },
  writing: { stop: "stopping", end: "rest", lost: "lost" },
  stopping: { end: "rest", lost: "lost" },
  lost: { back: "rest", begin: "writing", end: "rest" },
};
const nextState = (state, event) => WAYS[state][event] ?? state;
