// @ts-check
// Recording what is played: a bar of clicks, then what is struck is drawn to the grid. Seconds of the sound output meet
// ticks here, at the seed's first tempo.
import { find } from "../elements.js";
import { hush } from "../sounding.js";
import { click } from "./delay.js";

/** @typedef {ReturnType<typeof recording>} Recording */
/** @typedef {import("./drawing.js").Note} Note */
/**
 * @typedef {object} Tape
 * @property {number} from the tick that it begins at
 * @property {number} start when that is, in seconds of the sound output
 * @property {number} next the tick of the next click
 * @property {import("./drawing.js").Metre} metre
 * @property {ReturnType<typeof setInterval>} timer
 * @property {Map<number, { onset: number, velocity: number }>} open by pitch
 * @property {Note[]} notes
 */

const AHEAD = 0.2, TURN = 50;  // seconds that clicks are ordered in advance; milliseconds between looks

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./play.js").Keys} keys
 * @param {() => import("./delay.js").Delay} delay
 */
export function recording({ host, canvas: { scroller }, drawing, cursor, player: { placeHead }, piano: { sounder }, speech, view }, keys, delay) {
  const { element, signal } = host, { say, spokenMany } = speech, button = find(element, ".tools .record");
  /** @type {Tape | null} */
  let tape = null;

  const secondsATick = () => drawing.facts.tempos[0].seconds_per_tick;
  /** The tick that a stroke at a moment of the browser's clock is meant for. @type {(tape: Tape, moment: number) => number} */
  const meantTick = ({ from, start }, moment) => from + (delay().meantAt(moment) - start) / secondsATick();

  // From the beginning of the cursor's bar, after a bar of clicks.
  function record() {
    if (delay().isMeasuring()) return;
    if (!keys.isPlaying()) keys.setPlaying(true);
    hush();
    const from = drawing.picture.bars.filter(tick => tick <= cursor.tick).pop() ?? 0, metre = drawing.metreAt(from);
    const start = sounder().currentTime + 0.15 + metre.bar * secondsATick();
    tape = { from, start, next: from - metre.bar, open: new Map(), notes: [], metre, timer: setInterval(wind, TURN) };
    keys.tell(onStroke, onRelease);
    scroller.focus({ preventScroll: true });
    showTaping();
    say("Counting in.");
  }

  // Every moment: order the clicks that are due, move the head, let the open notes grow.
  function wind() {
    if (!tape) return;
    const { from, start, metre, open, notes } = tape;
    const now = from + (delay().heardAt() - start) / secondsATick();
    const soon = from + (sounder().currentTime + AHEAD - start) / secondsATick();
    for (; tape.next <= soon; tape.next += metre.beat) {
      click(sounder(), start + (tape.next - from) * secondsATick(), (tape.next - from) % metre.bar === 0);
    }
    element.dataset.taping = now < from ? "counting" : "running";
    placeHead(Math.max(from, now));
    if (now < from) return;
    if (now + 8 > drawing.picture.end) drawing.makeRoom();
    const growing = [...open].map(([pitch, { onset, velocity }]) => taped(from, pitch, onset, Math.max(onset + 1, now), velocity));
    drawing.sketch([...drawing.notes, ...notes, ...growing], []);
    view.reveal(now, cursor.pitch);
  }

  /** @type {(from: number, pitch: number, onset: number, end: number, velocity: number) => Note} */
  function taped(from, pitch, onset, end, velocity) {
    const start = Math.max(from, drawing.nearestGrid(onset));
    const duration = Math.max(drawing.grid, drawing.nearestGrid(end) - start);
    return { onset: start, pitch, duration, voice: drawing.voice, new: false, velocity };
  }

  /** @type {import("./play.js").OnStroke} */
  function onStroke(pitch, velocity, moment) {
    if (!tape) return;
    const now = meantTick(tape, moment);
    if (now > tape.from - drawing.grid) tape.open.set(pitch, { onset: Math.max(tape.from, now), velocity });
  }

  /** @type {import("./play.js").OnRelease} */
  function onRelease(pitch, moment) {
    const begun = tape?.open.get(pitch);
    if (!tape || !begun) return;
    tape.open.delete(pitch);
    tape.notes.push(taped(tape.from, pitch, begun.onset, meantTick(tape, moment), begun.velocity));
  }

  function stop() {
    keys.releaseAll();
    keys.tell(null);
    if (!tape) return;
    const { notes: played, from, timer } = tape;
    clearInterval(timer);
    tape = null;
    showTaping();
    placeHead(from);
    if (!played.length) {
      drawing.forget();
      say("Nothing was played.");
      return;
    }
    drawing.change([...drawing.notes, ...played], played);
    say(`${spokenMany(played)} added.`);
  }

  function showTaping() {
    button.setAttribute("aria-pressed", String(tape !== null));
    if (!tape) element.dataset.taping = "";
  }

  const toggle = () => (tape ? stop() : record());
  button.addEventListener("click", toggle);
  signal.addEventListener("abort", () => { if (tape) clearInterval(tape.timer); });
  return { isRecording: () => tape !== null, stop, toggle };
}
