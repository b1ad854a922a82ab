// @ts-check
// The first seconds of a take's sound, which come while the rest is made: played from memory by the clock of the sound
// output, until the whole is there and goes on at the same place.
import { hush } from "../sounding.js";
import { soundOutput } from "./output.js";

/** @typedef {{ audio: { url: string }, from: number, until: number }} OpeningFile between two ticks */
/** @typedef {ReturnType<typeof openingSound>} OpeningSound */

const LEAD = 0.15;        // seconds: where the whole is set to, ahead of what plays, so that it has the time to get there
const TO_BEGIN = 0.02;    // seconds that a player needs from being told until it sounds

/**
 * `isWhole` says whether the whole is there; `changed` is told when the opening begins and ends.
 * @param {{
 *   audio: HTMLAudioElement, signal: AbortSignal, secondsOf: (tick: number) => number,
 *   isWhole: () => boolean, changed: () => void,
 * }} player
 */
export function openingSound({ audio, signal, secondsOf, isWhole, changed }) {
  /** @type {{ node: AudioBufferSourceNode, level: GainNode, start: number, from: number, until: number } | null} */
  let opening = null;        // what plays; `start` by the output's clock, else seconds of the take
  /** @type {string | null} */
  let openedLast = null;     // its address: it comes with every value of a take that grows
  let stoppedByHand = false; // whether the visitor wanted quiet before the whole was there

  // Where in the take it is, in seconds; 0 where it does not play.
  const now = () => opening
    ? Math.min(opening.until, opening.from + Math.max(0, soundOutput().currentTime - opening.start))
    : 0;

  /** @param {OpeningFile} file */
  async function play({ audio: file, from, until }) {
    if (file.url === openedLast) return;
    openedLast = file.url;
    stoppedByHand = false;
    const output = soundOutput();
    if (output.state !== "running") return;  // the browser wants a press first; the whole will ask for it
    let buffer;
    try {
      buffer = await output.decodeAudioData(await (await fetch(file.url)).arrayBuffer());
    } catch {
      return;  // nothing is lost by it: the whole comes
    }
    if (openedLast !== file.url || isWhole() || stoppedByHand) return;
    hush();
    const node = output.createBufferSource(), level = output.createGain(), start = output.currentTime + 0.01;
    node.buffer = buffer;
    node.connect(level).connect(output.destination);
    node.start(start);
    opening = { node, level, start, from: secondsOf(from), until: secondsOf(until) };
    changed();
  }

  // End it, softly enough for no click.
  function close() {
    if (!opening) return;
    const { node, level } = opening, time = soundOutput().currentTime;
    level.gain.setTargetAtTime(0, time, 0.012);
    node.stop(time + 0.1);
    opening = null;
  }

  // The whole goes on where the opening is.
  function handOver() {
    const mine = opening;
    if (!mine) return;
    const begin = () => {
      if (opening !== mine) return;  // stopped, or another take
      const left = audio.currentTime - TO_BEGIN - now();
      if (left > 0 && now() < mine.until) setTimeout(begin, 1000 * left);
      else audio.play().catch(() => {}).then(() => { close(); changed(); });
    };
    audio.addEventListener("loadedmetadata", () => {
      if (opening !== mine) return;
      audio.addEventListener("seeked", begin, { once: true });
      audio.currentTime = Math.min(now() + LEAD, mine.until);
    }, { once: true });
  }

  document.addEventListener("motif:hush", event => {
    if (!opening || /** @type {CustomEvent} */ (event).detail === audio) return;
    stoppedByHand = true;
    close();
    changed();
  }, { signal });
  signal.addEventListener("abort", close);
  return {
    play, close, handOver, now,
    plays: () => opening !== null,
    /** Whether any of it has sounded. */
    sounds: () => opening !== null && now() > opening.from,
    stoppedByHand: () => stoppedByHand,
    /** @param {boolean} on */
    stopByHand: on => { stoppedByHand = on; },
  };
}
