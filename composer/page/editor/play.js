// @ts-check
// The roll's own piano: played on the computer's keys, on a MIDI keyboard where the browser knows one, or with a finger
// on the keys at the left. While something records, it is told of every stroke.
import { around, find } from "../elements.js";
import { nameOf } from "../roll/geometry.js";
import { HIGH, LOW } from "./drawing.js";

/** @typedef {ReturnType<typeof playedKeys>} Keys */
/** @typedef {(pitch: number, velocity: number, moment: number) => void} OnStroke */
/** @typedef {(pitch: number, moment: number) => void} OnRelease */

const WHITE_AND_BLACK = ["KeyA", "KeyW", "KeyS", "KeyE", "KeyD", "KeyF", "KeyT", "KeyG", "KeyY", "KeyH", "KeyU", "KeyJ",
  "KeyK", "KeyO", "KeyL", "KeyP", "Semicolon", "Quote"];   // semitones over the octave's C, by where a key lies
/** @type {Record<string, string>} */
const SIGNS = { Semicolon: ";", Quote: "'" };
/** Whether the visitor has fingers and no keyboard of letters. */
export const fingersOnly = () => matchMedia("(pointer: coarse)").matches;

/**
 * @param {Pick<import("./editor.js").Editor, "host" | "canvas" | "piano" | "speech" | "view" | "cursor">} editor
 * @param {() => void} octaveChanged
 */
export function playedKeys({ host: { element, signal }, canvas: { drawSoon }, piano, speech: { say }, view, cursor }, octaveChanged) {
  const switched = find(element, ".tools .piano");
  let playing = false;           // whether the computer's keys are a piano
  let octave = 60;               // the pitch of the A key
  /** @type {Map<string, { pitch: number, letGo: import("./piano.js").LetGo }>} */
  const held = new Map();        // key, or MIDI pitch
  /** @type {{ pitch: number, letGo: import("./piano.js").LetGo } | null} */
  let struck = null;             // the key that sounds while a note is drawn or dragged
  /** @type {OnStroke | null} */
  let onStroke = null;
  /** @type {OnRelease | null} */
  let onRelease = null;
  /** @type {MIDIAccess | null} */
  let midi = null;               // the browser's MIDI, asked for once

  /**
   * @param {string} name of the key
   * @param {number} pitch
   * @param {number} velocity
   * @param {number} moment when the key went down, in milliseconds of the browser's clock
   */
  function press(name, pitch, velocity = 90, moment = performance.now()) {
    if (held.has(name) || pitch < LOW || pitch > HIGH) return;
    held.set(name, { pitch, letGo: piano.strike(pitch, velocity) });
    onStroke?.(pitch, velocity, moment);
    drawSoon();
  }

  /**
   * @param {string} name
   * @param {number} moment
   */
  function release(name, moment = performance.now()) {
    const key = held.get(name);
    if (!key) return;
    held.delete(name);
    key.letGo();
    onRelease?.(key.pitch, moment);
    drawSoon();
  }

  const releaseAll = () => { for (const name of [...held.keys()]) release(name); };

  /** Let a note be heard until `quiet`. @param {number} pitch */
  function hear(pitch) {
    if (struck?.pitch === pitch) return;
    quiet();
    struck = { pitch, letGo: piano.strike(pitch) };
    drawSoon();
  }

  function quiet() {
    struck?.letGo();
    struck = null;
    drawSoon();
  }

  /** @param {boolean} on */
  function setPlaying(on) {
    playing = on;
    releaseAll();
    switched.setAttribute("aria-pressed", String(on));
    element.dataset.playing = String(on);
    if (on) {
      listenToMidi();
      say(fingersOnly() ? "Play on the keys over the roll." : "The row from A plays white keys, the row above black ones; Z and X change the octave.");
    }
    drawSoon();
  }

  /** @param {number} by semitones */
  function shiftOctave(by) {
    octave = Math.max(24, Math.min(84, octave + by));
    say(`${nameOf(octave)} is on A.`);
    octaveChanged();
    view.reveal(cursor.tick, octave);
    drawSoon();
  }

  // Before anything else sees the key: while the piano is on, letters are notes.
  document.addEventListener("keydown", event => {
    const busyTyping = around(event, "input, textarea, select, [contenteditable], dialog");
    if (!playing || event.ctrlKey || event.metaKey || event.altKey || busyTyping) return;
    const step = WHITE_AND_BLACK.indexOf(event.code);
    if (step < 0 && event.code !== "KeyZ" && event.code !== "KeyX") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (step >= 0) press(event.code, octave + step, 90, event.timeStamp);
    else shiftOctave(event.code === "KeyX" ? 12 : -12);
  }, { capture: true, signal });
  document.addEventListener("keyup", event => release(event.code, event.timeStamp), { capture: true, signal });
  window.addEventListener("blur", releaseAll, { signal });
  switched.addEventListener("click", () => setPlaying(!playing));

  async function listenToMidi() {
    if (midi || !navigator.requestMIDIAccess) return;
    try {
      midi = await navigator.requestMIDIAccess();
    } catch {
      return;                    // the visitor said no: the computer's keys remain
    }
    const { inputs } = midi;
    const hearAll = () => { for (const input of inputs.values()) input.onmidimessage = onMidi; };
    midi.onstatechange = hearAll;
    hearAll();
    if (inputs.size) say(`Listening to ${[...inputs.values()].map(input => input.name).join(", ")}.`);
  }

  /** @param {MIDIMessageEvent} event */
  function onMidi({ data, timeStamp }) {
    if (!playing || !data) return;
    const [status, pitch, velocity] = data, kind = status & 0xf0;
    if (kind === 0x90 && velocity) press(`midi ${pitch}`, pitch, velocity, timeStamp);
    else if (kind === 0x80 || kind === 0x90) release(`midi ${pitch}`, timeStamp);
  }
  signal.addEventListener("abort", () => {
    if (midi) for (const input of midi.inputs.values()) input.onmidimessage = null;
  });

  /**
   * Of a key at the left: whether it sounds, and which letter plays it.
   * @param {number} pitch
   */
  function keyMarks(pitch) {
    const code = WHITE_AND_BLACK[pitch - octave];
    return {
      down: struck?.pitch === pitch || [...held.values()].some(key => key.pitch === pitch),
      letter: playing && !fingersOnly() && code ? SIGNS[code] ?? code.slice(3) : null,
    };
  }
  return {
    press, release, releaseAll, hear, quiet, setPlaying, shiftOctave, keyMarks,
    isPlaying: () => playing,
    octave: () => octave,
    /** The pitch that a key of that name holds. @param {string} name */
    heldBy: name => held.get(name)?.pitch,
    /** Be told of strokes and releases, or no more. @param {OnStroke | null} stroke @param {OnRelease | null} released */
    tell: (stroke, released = null) => { onStroke = stroke; onRelease = released; },
  };
}
