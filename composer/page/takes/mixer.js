// @ts-check
// The mixer of the take that is shown. Every change sounds at once, at the same place; files keep the notes exact.
import { find, make } from "../elements.js";
import { partOf } from "./names.js";

/** @typedef {import("./store.js").Take} Take */
/** @typedef {import("../wire/wire.js").MixerPosition} Mix */
/** @typedef {ReturnType<typeof takeMixer>} Mixer */

/** @type {Record<number, string>} */
const COUNTED = { 12: "♪", 24: "♩", 36: "♩.", 48: "half" };  // what a tempo counts, by ticks
const FADER = { volume: 1, pan: 0, mute: false, solo: false, program: null };

/** @param {Take} take @returns {Mix} */
export const mixOf = take => take.mix || { faders: take.score.voices.map(() => ({ ...FADER })), tempo: null, shade: 0.5, swing: 0 };

/**
 * @param {string} label
 * @param {number} value
 * @param {[low: number, high: number, step: number]} range
 * @param {(value: number) => void} change
 */
function slider(label, value, [low, high, step], change) {
  const input = make("input", { type: "range", min: low, max: high, step, value });
  input.setAttribute("aria-label", label);
  input.addEventListener("input", () => change(Number(input.value)));
  return make("label", { className: "slide" }, make("span", { textContent: label }), input);
}

/**
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void} change
 */
function flip(label, on, change) {
  const button = make("button", { type: "button", textContent: label });
  button.setAttribute("aria-pressed", String(on));
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    change(now);
  });
  return button;
}

/**
 * @param {import("./panel.js").Panel} panel
 * @param {import("./show.js").Showing} showing
 */
export function takeMixer({ host: { element, props }, store }, { show, withSound }) {
  const desk = find(element, ".mixer .desk");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;

  /**
   * The same take with another mix: its sound is made anew.
   * @param {Take} take
   * @param {Mix} mix
   */
  function remix(take, mix) {
    take.mix = mix;
    store.touch(take);
    clearTimeout(soon);
    soon = setTimeout(async () => {
      take.audio = null;
      if (await withSound(take) && store.shown === take.id) show(take, { stay: true });
    }, 180);
  }

  /**
   * @param {number} program
   * @param {(program: number) => void} change
   */
  function instrument(program, change) {
    const names = /** @type {string[]} */ (props.instruments);
    const menu = make("select", {}, ...names.map((name, number) => new Option(name, String(number))));
    menu.value = String(program);
    menu.setAttribute("aria-label", "Instrument");
    menu.addEventListener("change", () => change(Number(menu.value)));
    return menu;
  }

  /**
   * @param {Take} take
   * @param {{ program: number, drums: boolean }} voice
   * @param {number} index
   */
  function strip(take, voice, index) {
    /** @type {(name: string, value: number | boolean) => void} */
    const set = (name, value) => {
      const mix = mixOf(take);
      remix(take, { ...mix, faders: mix.faders.map((fader, n) => n === index ? { ...fader, [name]: value } : fader) });
    };
    const fader = mixOf(take).faders[index] || FADER;
    const row = make("div", { className: "strip" });
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", partOf(take, index));
    row.append(make("b", { textContent: partOf(take, index) }));
    if (!voice.drums) row.append(instrument(fader.program ?? voice.program, value => set("program", value)));
    row.append(
      slider("Volume", fader.volume, [0, 1, 0.01], value => set("volume", value)),
      slider("Left – right", fader.pan, [-1, 1, 0.05], value => set("pan", value)),
      flip("Mute", fader.mute, value => set("mute", value)),
      flip("Solo", fader.solo, value => set("solo", value)),
    );
    return row;
  }

  /** @param {Take} take */
  function paint(take) {
    const mix = mixOf(take);
    const whole = make("div", { className: "strip whole" });
    /** @type {(name: string, value: number | null) => void} */
    const set = (name, value) => remix(take, { ...mixOf(take), [name]: value });
    const [, microseconds, beat = 24] = take.score.tempos[0], quarters = mix.tempo ?? 60e6 / microseconds;
    const tempo = make("input", { type: "number", min: 20 * 24 / beat, max: 400 * 24 / beat, step: "any", value: Math.round(quarters * 24 / beat) });
    tempo.addEventListener("change", () => { if (tempo.checkValidity()) set("tempo", Number(tempo.value) * beat / 24 || null); });
    whole.append(
      make("label", { className: "slide" }, make("span", { textContent: "Tempo" }), ` ${COUNTED[beat] ?? COUNTED[24]} = `, tempo),
      slider("Light and shade", mix.shade, [0, 1, 0.05], value => set("shade", value)),
      slider("Swing", mix.swing, [0, 1, 0.05], value => set("swing", value)),
      make("small", { textContent: "How it is played; MIDI and MusicXML keep the notes exact." }),
    );
    desk.replaceChildren(whole, ...take.score.voices.map((/** @type {any} */ voice, /** @type {number} */ index) => strip(take, voice, index)));
  }
  return { paint };
}
