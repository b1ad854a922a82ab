// @ts-check
// A press of Compose on the page: what is said while one waits, when Stop can be pressed, and what becomes of a take when
// the server goes. Python tells of begin and end (`composer/page/handlers/composing.py`); that the server is there is asked here.
import { around, find } from "../elements.js";
import { runNow, runOfPage } from "../gradio.js";
import { nextState } from "./states.js";

/** @typedef {import("./store.js").Take} Take */
/** @typedef {{ bars: number, of: number, takes: number, seconds: number }} Progress of each take, in the middle */
/** @typedef {ReturnType<typeof composingState>} Composing */

const ASK_EVERY = 4_000, ANSWER_WITHIN = 8_000;  // milliseconds
const ANEW = "motif-anew";  // set while the server is gone: if the page is opened anew then, by us or by Gradio, it says why

/** @type {Record<import("./states.js").State, () => string>} */
const SAID = {
  rest: () => "",
  asked: () => "Waiting for a free place …",
  writing: () => "Writing …",
  stopping: () => "Ending after this bar …",
  lost: () => "The server does not answer. What was written is kept here; it is asked again every few seconds.",
};

/**
 * How long it will take by how long it took, where that is long enough to be told.
 * @param {Progress} progress
 * @returns {string[]}
 */
export function remaining({ bars, of, seconds }) {
  if (bars < 1 || seconds < 2) return [];
  const left = Math.round(seconds / bars * (of - bars));
  return left < 2 ? [] : [left < 90 ? `about ${left} s left` : `about ${Math.round(left / 60)} min left`];
}

/**
 * @param {import("./panel.js").Panel} panel
 * @param {import("./show.js").Showing} showing
 */
export function composingState({ host: { element, signal }, store }, showing) {
  const composing = find(element, ".composing"), meter = find(composing, "progress", HTMLProgressElement);
  const sentence = find(composing, ".state"), barsDone = find(composing, ".bars-done");
  /** @type {import("./states.js").State} */
  let state = "rest";
  /** @type {Progress | null} */
  let progress = null;
  /** @type {Take | null} */
  let draft = null;  // the last that the server told of a take
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let watchdog;
  let said = sessionStorage.getItem(ANEW) ? "The server was started anew. Everything that was made is here." : "";  // at rest
  sessionStorage.removeItem(ANEW);

  /** @param {import("./states.js").Happening} event */
  function happen(event) {
    const before = state;
    state = nextState(before, event);
    if (state === before) return;
    if (state === "lost") { keepDraft(true); sessionStorage.setItem(ANEW, "1"); } else sessionStorage.removeItem(ANEW);
    if (event === "back") said = "The server is there again. Press Compose anew.";
    else if (state !== "rest" || event === "end") said = "";
    if (state === "rest") progress = null;
    lookSoon();
    paint();
  }

  function paint() {
    element.dataset.composing = state;
    const words = SAID[state]() || said, busy = state === "writing" || state === "stopping";
    const { bars = 0, of = 1, takes = 1 } = progress || {};
    composing.hidden = !words;
    sentence.textContent = words;
    barsDone.textContent = busy && progress ? [
      ...(takes > 1 ? [`${takes} takes`] : []), `${Math.min(bars, of)} of ${of} bars`, ...remaining(progress),
    ].join(" · ") : "";
    meter.hidden = !busy;
    meter.max = of;
    meter.value = Math.min(bars, of);
    const stop = document.querySelector("#stop"), compose = document.querySelector("#compose");
    if (stop instanceof HTMLButtonElement) stop.disabled = state !== "writing";
    compose?.setAttribute("aria-busy", String(state !== "rest" && state !== "lost"));
  }

  /**
   * A draft is kept as a take when its server goes, and when the tab is closed.
   * @param {boolean} shows
   */
  function keepDraft(shows = false) {
    const take = draft;
    draft = null;
    if (take) store.add(take);
    if (take && shows) showing.show(take);
    else if (take) { store.show(take.id); store.remember(); }
    else if (shows && !store.shownTake()) showing.hide();
  }

  // Whether the server is there, asked as long as something is expected of it. One that was started anew knows nothing of
  // this page; what was made stands in the browser, so the page is opened anew and has it all.
  async function look() {
    const now = await runNow(ANSWER_WITHIN);
    if (signal.aborted) return;
    if (now !== null && now !== runOfPage()) {
      keepDraft();
      sessionStorage.setItem(ANEW, "1");
      location.reload();
    } else if (now === null) happen("lost");
    else if (state === "lost") happen("back");
    lookSoon();
  }

  function lookSoon() {
    clearTimeout(watchdog);
    if (state !== "rest") watchdog = setTimeout(look, ASK_EVERY);
  }

  /**
   * What Python tells.
   * @param {{ phase?: "writing" | "rest", progress?: Progress, draft?: Take, takes?: Take[] }} value
   */
  function follow(value) {
    if (value.progress) progress = value.progress;
    if (value.draft) draft = value.draft;
    if (value.takes?.length) draft = null;  // it is one of them now
    if (value.phase === "writing") happen("begin");
    if (value.phase === "rest") { draft = null; happen("end"); }
    paint();
  }

  function pressed() {
    happen("press");
    look();
  }

  document.addEventListener("click", event => {
    const button = around(event, "#compose, #stop");
    if (button?.id === "compose" && state === "rest") pressed();
    if (button?.id === "stop") happen("stop");
  }, { signal });
  document.addEventListener("motif:refused", () => happen("end"), { signal });  // by Gradio, before any of our code saw it
  window.addEventListener("pagehide", () => { if (state !== "rest") keepDraft(); }, { signal });
  signal.addEventListener("abort", () => clearTimeout(watchdog));
  return { follow, pressed, paint };
}
