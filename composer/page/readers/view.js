// @ts-check
// What the readers say of a melody, as it is shown under the seed and under every take.
import { make } from "../elements.js";
import { addressOf } from "../gradio.js";
import { putOn, sideOf } from "./taste.js";

/** @typedef {import("./taste.js").Side} Side */
/** @typedef {{ styles: [name: string, share: number][], bars: number[], known: string[] }} Style */
/** @typedef {{ name: string, title: string, source: string, style?: string, likeness?: number, why?: string, traits: number[] }} Tune */
/** @typedef {{ troubles: string[], style?: Style, follows?: string[], receipt: string[], tunes: Tune[], traits?: number[] }} Heard */
/** @typedef {(bar: number) => void} ChooseBar */
/** @typedef {{ audio: HTMLAudioElement, button: HTMLButtonElement }} Playing */

/** @type {[side: Side, look: string, label: string][]} */
const BOTH = [["likes", "liked", "I like it"], ["dislikes", "disliked", "Not for me"]];

/**
 * Two buttons of which one at most is pressed: what the visitor thinks of a tune or a take, by its name.
 * @param {string} key
 * @param {string} name
 * @param {number[] | null | undefined} traits
 * @param {(wanted: Side | null) => void} then
 */
export function opinions(key, name, traits, then = () => {}) {
  return BOTH.map(([side, look, label]) => {
    const button = make("button", { type: "button", className: look, title: label, textContent: "♥" });
    button.setAttribute("aria-label", `${label}: ${name}`);
    button.setAttribute("aria-pressed", String(sideOf(key) === side));
    button.addEventListener("click", () => {
      const wanted = sideOf(key) === side ? null : side;
      putOn(key, traits, wanted);
      then(wanted);
    });
    return button;
  });
}

/** @param {HTMLElement} root */
function paintOpinions(root) {
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-opinion]"))) {
    const side = sideOf(group.dataset.opinion ?? "");
    for (const [name, look] of BOTH) group.querySelector(`.${look}`)?.setAttribute("aria-pressed", String(side === name));
  }
}

/**
 * The styles with their shares, and the bars that spoke for the first; `choose` takes a bar where one can be shown.
 * @param {Style} style
 * @param {ChooseBar} [choose]
 */
function styleView(style, choose) {
  const list = make("ul", { className: "styles" }, ...style.styles.map(([name, share]) => {
    const bar = make("i");
    bar.style.width = `${Math.max(1, Math.round(100 * share))}%`;
    const meter = make("span", { className: "meter" }, bar);
    meter.setAttribute("aria-hidden", "true");
    return make("li", {}, make("b", { textContent: name }), meter, make("span", { textContent: `${Math.round(100 * share)} %` }));
  }));
  /** @type {HTMLElement[]} */
  const parts = [make("h3", { textContent: "Style" }), list];
  if (style.bars.length) parts.push(speaking(style.bars, choose));
  parts.push(make("p", { className: "small", textContent: `It only knows these: ${style.known.join(", ")}.` }));
  return make("section", {}, ...parts);
}

/**
 * @param {number[]} bars
 * @param {ChooseBar} [choose]
 */
function speaking(bars, choose) {
  const numbers = bars.map(bar => {
    if (!choose) return make("b", { textContent: String(bar) });
    const button = make("button", { type: "button", textContent: String(bar), title: "Chooses this bar on the roll" });
    button.setAttribute("aria-label", `Bar ${bar}`);
    button.addEventListener("click", () => choose(bar));
    return button;
  });
  return make("p", { className: "speaking" }, make("span", { textContent: "Bars that spoke for it most" }), ...numbers);
}

/** @param {string[]} sentences */
function receiptView(sentences) {
  const told = sentences.map(sentence => make("p", { textContent: sentence }));
  return make("section", { className: "receipt" }, make("h3", { textContent: "Learned by heart?" }), ...told);
}

/** @param {string[]} sentences */
function followsView(sentences) {
  const told = sentences.map(sentence => make("p", { textContent: sentence }));
  return make("section", { className: "follows" }, make("h3", { textContent: "Follows from the seed?" }), ...told);
}

/**
 * How hearings and tunes are shown in a component, and played there.
 * @param {import("../gradio.js").Host} host
 * @param {import("../asking.js").Ask} ask
 */
export function readersView({ element, trigger, signal }, ask) {
  /** @type {Playing | null} */
  let playing = null;  // the tune that sounds
  function hush() {
    playing?.audio.pause();
    playing?.button.setAttribute("aria-pressed", "false");
    playing = null;
  }

  /**
   * @param {string} name
   * @param {HTMLButtonElement} button
   */
  async function playTune(name, button) {
    const mine = playing?.button === button;
    hush();
    if (mine) return;
    button.setAttribute("aria-busy", "true");
    const answer = await ask("tune_sound", { name });
    button.removeAttribute("aria-busy");
    if (!answer) return;
    const audio = new Audio(addressOf(answer.path));
    playing = { audio, button };
    audio.addEventListener("pause", () => { if (playing?.audio === audio) hush(); });  // also at its end
    button.setAttribute("aria-pressed", "true");
    await audio.play().catch(hush);
  }

  /** @param {Tune} tune */
  function tuneRow(tune) {
    const key = `tune:${tune.name}`;
    const play = make("button", { type: "button", className: "hear", textContent: "▶", title: "Play the tune" });
    play.setAttribute("aria-label", `Play the tune: ${tune.title}`);
    play.setAttribute("aria-pressed", "false");
    play.addEventListener("click", () => playTune(tune.name, play));
    const title = make("b", { textContent: tune.title });
    title.setAttribute("translate", "no");
    const source = make("span", { textContent: tune.source });
    source.setAttribute("translate", "no");
    const about = [...(tune.style ? [make("span", { textContent: tune.style })] : []), source];
    if (tune.likeness !== undefined) about.push(make("span", { textContent: `${Math.round(100 * tune.likeness)} % alike` }));
    if (tune.why) about.push(make("span", { className: "why", textContent: tune.why }));
    const use = make("button", { type: "button", className: "use-tune", textContent: "Use as seed" });
    use.setAttribute("aria-label", `Use as seed: ${tune.title}`);
    use.addEventListener("click", () => { hush(); trigger("bring", { name: tune.name }); });
    const words = make("span", { className: "words" }, title, make("small", {}, ...about));
    return make("li", { data: { tune: tune.name, opinion: key } }, play, words, use, ...opinions(key, tune.title, tune.traits));
  }

  /**
   * @param {string} title
   * @param {Tune[]} tunes
   */
  function tunesView(title, tunes) {
    return make("section", { className: "tunes" }, make("h3", { textContent: title }), make("ol", {}, ...tunes.map(tuneRow)));
  }

  /**
   * All of it; `choose` as in `styleView`.
   * @param {Heard} heard
   * @param {ChooseBar} [choose]
   */
  function hearingView(heard, choose) {
    /** @type {HTMLElement[]} */
    const parts = heard.troubles.map(trouble => make("p", { textContent: trouble }));
    if (heard.style) parts.push(styleView(heard.style, choose));
    if (heard.follows?.length) parts.push(followsView(heard.follows));
    if (heard.receipt.length) parts.push(receiptView(heard.receipt));
    if (heard.tunes.length) parts.push(tunesView("Tunes like this", heard.tunes));
    return parts;
  }

  document.addEventListener("motif:taste", () => paintOpinions(element), { signal });
  signal.addEventListener("abort", hush);
  return { hearingView, tunesView, hush };
}
