// @ts-check
// How late a stroke arrives. What the browser knows is taken off: when the key went down, and what of the sound was then
// heard. The rest, such as wireless headphones or a slow keyboard, is a number that the visitor sets, or has measured by
// striking a key with every click; this browser keeps it.
import { find } from "../elements.js";

/** @typedef {ReturnType<typeof strokeDelay>} Delay */

const DELAY_KEPT = "motif-delay", MEASURED_CLICKS = 8, FEWEST_STROKES = 4, CLICK_APART = 0.6;  // seconds
const FARTHEST = 0.29;         // seconds between a click and the stroke that is meant by it

/**
 * How late strokes come, in seconds of the sound output; null where too few of them belong to a click.
 * @param {number[]} clicks when they sounded
 * @param {number[]} strokes when they were heard
 */
export function lateness(clicks, strokes) {
  /** @param {number} stroke */
  const nearest = stroke => clicks.map(at => stroke - at).sort((one, other) => Math.abs(one) - Math.abs(other))[0];
  const late = strokes.map(nearest).filter(by => Math.abs(by) < FARTHEST).sort((one, other) => one - other);
  return late.length < FEWEST_STROKES ? null : late[late.length >> 1];
}

/**
 * A click of the metronome, at a time of the sound output in seconds.
 * @param {AudioContext} output
 * @param {number} at
 * @param {boolean} strong
 */
export function click(output, at, strong) {
  const tone = output.createOscillator(), level = output.createGain();
  tone.frequency.value = strong ? 1760 : 1175;
  level.gain.setValueAtTime(strong ? 0.25 : 0.14, at);
  level.gain.exponentialRampToValueAtTime(0.001, at + 0.06);
  tone.connect(level).connect(output.destination);
  tone.start(at);
  tone.stop(at + 0.07);
}

/**
 * @param {Pick<import("./editor.js").Editor, "host" | "canvas" | "piano" | "speech">} editor
 * @param {import("./play.js").Keys} keys
 * @param {() => boolean} isRecording
 */
export function strokeDelay({ host: { element }, canvas: { scroller }, piano: { sounder }, speech: { say } }, keys, isRecording) {
  const field = find(element, ".tools .delay", HTMLInputElement), button = find(element, ".tools .measure");
  let delay = 0;                 // seconds
  /** @type {{ clicks: number[], strokes: number[] } | null} */
  let measuring = null;          // seconds of the sound output

  // What of the sound output, in seconds, was heard at a moment of the browser's clock in milliseconds.
  function heardAt(moment = performance.now()) {
    const output = sounder(), { performanceTime = 0, contextTime = 0 } = output.getOutputTimestamp?.() ?? {};
    const known = performanceTime > 0 && contextTime > 0;
    const heard = known ? contextTime + (moment - performanceTime) / 1000 : NaN;
    const ordered = output.currentTime - (performance.now() - moment) / 1000;
    return Math.abs(heard - ordered) < 1 ? heard : ordered - (output.outputLatency || 0);
  }

  /** @param {number} milliseconds */
  function setDelay(milliseconds) {
    if (!Number.isFinite(milliseconds) || milliseconds < -200 || milliseconds > 600) {
      say("The delay is from -200 to 600 milliseconds.");
    } else {
      delay = milliseconds / 1000;
      localStorage.setItem(DELAY_KEPT, String(milliseconds));
    }
    field.value = String(Math.round(delay * 1000));
  }

  async function measure() {
    if (measuring || isRecording()) return;
    /** @type {{ clicks: number[], strokes: number[] }} */
    const mine = { clicks: [], strokes: [] };
    measuring = mine;
    await sounder().resume();  // its clock stands still until then
    const begin = sounder().currentTime + 0.5;
    mine.clicks = Array.from({ length: MEASURED_CLICKS }, (_, n) => begin + n * CLICK_APART);
    for (const [n, at] of mine.clicks.entries()) click(sounder(), at, n === 0);
    keys.tell((_pitch, _velocity, moment) => mine.strokes.push(heardAt(moment)));
    button.setAttribute("aria-busy", "true");
    scroller.focus({ preventScroll: true });
    say("Strike a key with every click.");
    setTimeout(measured, (0.5 + (MEASURED_CLICKS - 1) * CLICK_APART + FARTHEST + 0.4) * 1000);
  }

  function measured() {
    const late = measuring && lateness(measuring.clicks, measuring.strokes);
    measuring = null;
    keys.tell(null);
    button.removeAttribute("aria-busy");
    if (late === null) {
      say("Too few strokes were heard to tell. Strike a key with every click.");
      return;
    }
    setDelay(Math.round(late * 1000));
    say(`Your strokes come ${field.value} ms after the click. Recording takes that off.`);
  }

  setDelay(Number(localStorage.getItem(DELAY_KEPT)) || 0);
  field.addEventListener("change", () => setDelay(field.value === "" ? NaN : Number(field.value)));
  button.addEventListener("click", measure);
  return {
    heardAt,
    /** When a stroke of that moment was meant. @param {number} moment */
    meantAt: moment => heardAt(moment) - delay,
    isMeasuring: () => measuring !== null,
  };
}
