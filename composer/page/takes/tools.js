// @ts-check
// What can be done with the take that is shown: bars chosen, looped, redone; gone on from; taken away as files.
import { find, make } from "../elements.js";
import { addressOf } from "../gradio.js";
import { hush } from "../sounding.js";
import { mixOf } from "./mixer.js";
import { partOf } from "./names.js";

/** @typedef {import("./store.js").Take} Take */
/** @typedef {{ first: number, last: number }} Span bars, from 1 */
/** @typedef {ReturnType<typeof takeTools>} Tools */

/** @param {Take} take */
const barsOf = take => take.picture.bars.length - 1;

/**
 * Where the page comes over plain http there is no clipboard to write to, but what is selected can be copied.
 * @param {string} text
 * @param {HTMLInputElement} field
 */
async function copied(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.hidden = false;
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

/**
 * @param {import("./panel.js").Panel} panel
 * @param {{
 *   showing: import("./show.js").Showing, composing: import("./composing.js").Composing,
 *   mixer: import("./mixer.js").Mixer, folds: { paint: () => void }[],
 * }} parts
 */
export function takeTools({ host, store, ask, tell, bare }, { showing, composing, mixer, folds }) {
  const { element, trigger, signal } = host;
  const tools = find(element, ".tools"), folded = find(element, ".folds");
  const firstBar = find(element, ".first", HTMLInputElement), lastBar = find(element, ".last", HTMLInputElement);
  const voiceChoice = find(element, ".voices"), loopButton = find(element, ".loop", HTMLButtonElement);
  const link = find(tools, ".link-text", HTMLInputElement);
  /** @param {string} name */
  const button = name => find(tools, `.${name}`, HTMLButtonElement);
  /** @type {Span | null} */
  let chosen = null;
  /** @type {Set<number>} */
  let silenced = new Set(); // the indices of voices not to redo
  /** @type {string | null} */
  let painted = null;  // the take whose tools are there

  /**
   * @param {Span | null} span
   * @param {boolean} drawn whether it was chosen on the roll
   * @param {HTMLInputElement | null} alone the field that is typed in
   */
  function chooseSpan(span, drawn = false, alone = null) {
    chosen = span;
    /** @type {[HTMLInputElement, number | undefined][]} */
    const ends = [[firstBar, span?.first], [lastBar, span?.last]];
    for (const [field, end] of ends) {
      if (!alone || alone === field) field.value = String(end ?? "");  // else it would change while somebody types there
      field.placeholder = String(end ?? "");
    }
    if (!span) setLoop(false);
    for (const name of ["redo", "loop", "extend"]) button(name).disabled = !span;
    tell(span || drawn ? "" : "Drag across bars of the take, or type them, to loop or redo them.");
    if (!drawn) document.dispatchEvent(new CustomEvent("motif:span", { detail: span && { ...span, voices: heardVoices() } }));
  }

  /** @returns {number[] | null} */
  const heardVoices = () => {
    const take = store.shownTake();
    return take ? [...take.score.voices.keys()].filter(index => !silenced.has(index)) : null;
  };

  function typed() {
    const take = store.shownTake(), most = take ? barsOf(take) : 1;
    /** @param {HTMLInputElement} field */
    const whole = field => Math.max(1, Math.min(most, Math.round(Number(field.value)) || 1));
    if (!firstBar.value && !lastBar.value) { chooseSpan(null); return; }
    const first = whole(firstBar.value ? firstBar : lastBar), last = whole(lastBar.value ? lastBar : firstBar);
    const alone = firstBar.value && lastBar.value ? null : firstBar.value ? firstBar : lastBar;
    chooseSpan({ first: Math.min(first, last), last: Math.max(first, last) }, false, alone);
  }

  /** @param {boolean} on */
  function setLoop(on) {
    loopButton.setAttribute("aria-pressed", String(on));
    document.dispatchEvent(new CustomEvent("motif:loop", { detail: on }));
  }

  /** @param {Take} take */
  function paintVoices(take) {
    /** @type {number[]} */
    const indices = take.score.voices.length > 1 ? [...take.score.voices.keys()] : [];
    voiceChoice.replaceChildren(...indices.map(index => {
      const choice = make("button", { type: "button", textContent: partOf(take, index) });
      choice.setAttribute("aria-pressed", String(!silenced.has(index)));
      choice.addEventListener("click", () => {
        if (!silenced.delete(index)) silenced.add(index);
        paintVoices(take);
        if (chosen) chooseSpan(chosen);
      });
      return choice;
    }));
  }

  function paint() {
    const take = store.shownTake();
    tools.hidden = folded.hidden = !take;
    if (!take) { painted = null; return; }
    for (const file of tools.querySelectorAll("button")) if (file.matches(".sound")) file.disabled = Boolean(take.silence);
    button("swap").disabled = !store.takeOf(store.before);
    if (painted === take.id) return;
    link.hidden = true;
    painted = take.id;
    firstBar.max = lastBar.max = String(barsOf(take));
    silenced = new Set();
    paintVoices(take);
    chooseSpan(chosen && chosen.last <= barsOf(take) ? chosen : null);
    mixer.paint(take);
    for (const fold of folds) fold.paint();
  }

  /**
   * Let a button do something with the take that is shown.
   * @param {string} name
   * @param {(take: Take) => void} act
   */
  function on(name, act) {
    button(name).addEventListener("click", () => {
      const take = store.shownTake();
      if (take) act(take);
    });
  }

  /** @param {ScrollLogicalPosition} block */
  const toDesk = block => find(document, "#desk").scrollIntoView({ block });

  on("redo", take => {
    if (!chosen) return;
    const voices = (heardVoices() ?? []).map(index => index + 1);
    if (!voices.length) { tell("Choose a voice to redo."); return; }
    composing.pressed();
    trigger("redo", { take: bare(take), ...chosen, voices });
  });
  on("extend", take => {
    if (!chosen) return;
    composing.pressed();
    trigger("extend", { take: bare(take), bar: chosen.last });
  });
  on("edit", take => {
    hush();
    trigger("change_take", { take: bare(take), mix: mixOf(take) });
  });
  on("use", take => trigger("use", { take: bare(take) }));
  on("into", take => {
    trigger("into", { take: bare(take) });
    toDesk("center");  // where network, task and second tune change
  });
  on("to-settings", () => {
    toDesk("start");
    document.querySelector(/** @type {"input"} */ ("#task input:checked"))?.focus({ preventScroll: true });
  });
  on("swap", () => showing.pick(store.takeOf(store.before)));
  on("link", async take => {
    const answer = await ask("link", { take: bare(take) });
    if (!answer) return;
    link.value = element.dataset.link = `${location.origin}${location.pathname}#take=${answer.packed}`;
    const done = await copied(link.value, link);
    tell(done ? "The link is copied. It opens this take anywhere, note for note." : "Copy this link. It opens this take anywhere, note for note.");
  });

  for (const file of tools.querySelectorAll("button")) {
    const kind = file.dataset.file;
    if (!kind) continue;
    file.addEventListener("click", async () => {
      const take = store.shownTake();
      if (!take) return;
      file.setAttribute("aria-busy", "true");
      const answer = await ask("file", { take: bare(take), mix: take.mix, kind });
      file.removeAttribute("aria-busy");
      if (answer) make("a", { href: addressOf(answer.path), download: answer.name }).click();
    });
  }
  for (const field of [firstBar, lastBar]) field.addEventListener("change", typed);
  loopButton.addEventListener("click", () => setLoop(loopButton.getAttribute("aria-pressed") !== "true"));
  document.addEventListener("motif:dragged", event => chooseSpan(/** @type {CustomEvent} */ (event).detail, true), { signal });
  return { paint, chooseSpan, /** The next take is shown with no bars chosen. */ forgetSpan: () => { chosen = null; } };
}
