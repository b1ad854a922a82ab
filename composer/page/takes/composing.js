// A press of Compose on the page: what is said while one waits, when Stop can be pressed, and what becomes of a take when
// the server goes. Python tells of begin and end (`composer/page/handlers/composing.py`); that the server is there is asked here.

const composing = element.querySelector(".composing"), meter = composing.querySelector("progress");
const ASK_EVERY = 4_000, ANSWER_WITHIN = 8_000;  // milliseconds
let composingState = "rest";
let progress = null;  // { bars, of, takes, seconds }: of each take, in the middle
let watchdog = 0;

const SAID = {
  rest: () => "",
  asked: () => "Waiting for a free place …",
  writing: () => "Writing …",
  stopping: () => "Ending after this bar …",
  lost: () => "The server does not answer. What was written is kept here; it is asked again every few seconds.",
};

function happen(event) {
  const before = composingState;
  composingState = nextState(before, event);
  if (composingState === before) return;
  if (composingState === "lost") { keepDraft(true); sessionStorage.setItem(ANEW, "1"); } else sessionStorage.removeItem(ANEW);
  if (event === "back") said = "The server is there again. Press Compose anew.";
  else if (composingState !== "rest" || event === "end") said = "";
  if (composingState === "rest") progress = null;
  lookSoon();
  paintComposing();
}

// Set while the server is gone: if the page is opened anew then, by us or by Gradio, it says why.
const ANEW = "motif-anew";
let said = sessionStorage.getItem(ANEW) ? "The server was started anew. Everything that was made is here." : "";  // at rest
sessionStorage.removeItem(ANEW);

function paintComposing() {
  element.dataset.composing = composingState;
  const words = SAID[composingState]() || said, busy = composingState === "writing" || composingState === "stopping";
  const { bars = 0, of = 1, takes = 1 } = progress || {};
  composing.hidden = !words;
  composing.querySelector(".state").textContent = words;
  composing.querySelector(".bars-done").textContent = busy && progress ? [
    ...(takes > 1 ? [`${takes} takes`] : []), `${Math.min(bars, of)} of ${of} bars`, ...remaining(),
  ].join(" · ") : "";
  meter.hidden = !busy;
  meter.max = of;
  meter.value = Math.min(bars, of);
  const stop = document.querySelector("#stop"), compose = document.querySelector("#compose");
  if (stop) stop.disabled = composingState !== "writing";
  compose?.setAttribute("aria-busy", composingState !== "rest" && composingState !== "lost");
}

// How long it will take by how long it took, where that is long enough to be told.
function remaining() {
  const { bars, of, seconds } = progress;
  if (bars < 1 || seconds < 2) return [];
  const left = Math.round(seconds / bars * (of - bars));
  return left < 2 ? [] : [left < 90 ? `about ${left} s left` : `about ${Math.round(left / 60)} min left`];
}

// The last that a server told of a take before it went is kept as a take; so is it when the tab is closed.
let draft = null;
function keepDraft(shows = false) {
  const take = draft;
  draft = null;
  if (take) addTake(take);
  if (take && shows) show(take);
  else if (take) { session.shown = take.id; remember(); }
  else if (shows && !shownTake()) document.dispatchEvent(new CustomEvent("motif:show", { detail: { value: null } }));
}

// Whether the server is there, asked as long as something is expected of it. One that was started anew knows nothing of
// this page; what was made stands in the browser, so the page is opened anew and has it all.
async function serverNow() {
  try {
    const answer = await fetch(`${ROOT}${PREFIX}/app_id`, { signal: AbortSignal.timeout(ANSWER_WITHIN), cache: "no-store" });
    return answer.ok ? String((await answer.json()).app_id) : null;
  } catch (gone) {
    return null;
  }
}

async function look() {
  const now = await serverNow();
  if (now !== null && now !== String(window.gradio_config.app_id)) {
    keepDraft();
    sessionStorage.setItem(ANEW, "1");
    location.reload();
  } else if (now === null) happen("lost");
  else if (composingState === "lost") happen("back");
  lookSoon();
}

function lookSoon() {
  clearTimeout(watchdog);
  if (composingState !== "rest") watchdog = setTimeout(look, ASK_EVERY);
}

// What Python tells: { phase: "writing" or "rest", progress, draft }.
function follow(value) {
  if (value.progress) progress = value.progress;
  if (value.draft) draft = value.draft;
  if (value.takes?.length) draft = null;  // it is one of them now
  if (value.phase === "writing") happen("begin");
  if (value.phase === "rest") { draft = null; happen("end"); }
  paintComposing();
}

function pressed() {
  happen("press");
  look();
}

document.addEventListener("click", event => {
  const button = event.target.closest?.("#compose, #stop");
  if (button?.id === "compose" && composingState === "rest") pressed();
  if (button?.id === "stop") happen("stop");
});
document.addEventListener("motif:refused", () => happen("end"));  // by Gradio, before any of our code saw it
window.addEventListener("pagehide", () => { if (composingState !== "rest") keepDraft(); });
