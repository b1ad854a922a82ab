// The roll's own piano: played on the computer's keys, on a MIDI keyboard where the browser knows one, or with a finger
// on the keys at the left. While `record.js` records, it is told of every stroke.

const WHITE_AND_BLACK = ["KeyA", "KeyW", "KeyS", "KeyE", "KeyD", "KeyF", "KeyT", "KeyG", "KeyY", "KeyH", "KeyU", "KeyJ",
  "KeyK", "KeyO", "KeyL", "KeyP", "Semicolon", "Quote"];   // semitones over the octave's C, by where a key lies
let playing = false;           // whether the computer's keys are a piano
let octave = 60;               // the pitch of the A key
const held = new Map();        // key, or MIDI pitch → { pitch, letGo }
let onStroke = null, onRelease = null;   // told by recording: (pitch, velocity, moment), (pitch, moment)

// `moment` is when the key went down, in milliseconds of the browser's clock.
function press(name, pitch, velocity = 90, moment = performance.now()) {
  if (held.has(name) || pitch < LOW || pitch > HIGH) return;
  held.set(name, { pitch, letGo: strike(pitch, velocity) });
  onStroke?.(pitch, velocity, moment);
  drawSoon();
}

function release(name, moment = performance.now()) {
  const key = held.get(name);
  if (!key) return;
  held.delete(name);
  key.letGo();
  onRelease?.(key.pitch, moment);
  drawSoon();
}

const releaseAll = () => [...held.keys()].forEach(name => release(name));

function setPlaying(on) {
  playing = on;
  releaseAll();
  part("piano").setAttribute("aria-pressed", on);
  element.dataset.playing = on;
  if (on) {
    listenToMidi();
    say(FINGERS.matches ? "Play on the keys over the roll." : "The row from A plays white keys, the row above black ones; Z and X change the octave.");
  }
  drawSoon();
}

function shiftOctave(by) {
  octave = Math.max(24, Math.min(84, octave + by));
  say(`${nameOf(octave)} is on A.`);
  paintTouch();
  reveal(cursor.tick, octave);
  drawSoon();
}

const busyTyping = target => target.closest?.("input, textarea, select, [contenteditable], dialog");

// Before anything else sees the key: while the piano is on, letters are notes.
document.addEventListener("keydown", event => {
  if (!playing || event.ctrlKey || event.metaKey || event.altKey || busyTyping(event.target)) return;
  const step = WHITE_AND_BLACK.indexOf(event.code);
  if (step < 0 && event.code !== "KeyZ" && event.code !== "KeyX") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat) return;
  if (step >= 0) press(event.code, octave + step, 90, event.timeStamp);
  else shiftOctave(event.code === "KeyX" ? 12 : -12);
}, true);
document.addEventListener("keyup", event => release(event.code, event.timeStamp), true);
window.addEventListener("blur", releaseAll);

let midi = null;               // the browser's MIDI, asked for once
async function listenToMidi() {
  if (midi || !navigator.requestMIDIAccess) return;
  try {
    midi = await navigator.requestMIDIAccess();
  } catch {
    return;                    // the visitor said no: the computer's keys remain
  }
  const hearAll = () => { for (const input of midi.inputs.values()) input.onmidimessage = onMidi; };
  midi.onstatechange = hearAll;
  hearAll();
  if (midi.inputs.size) say(`Listening to ${[...midi.inputs.values()].map(input => input.name).join(", ")}.`);
}

function onMidi({ data: [status, pitch, velocity], timeStamp }) {
  if (!playing) return;
  const kind = status & 0xf0;
  if (kind === 0x90 && velocity) press(`midi ${pitch}`, pitch, velocity, timeStamp);
  else if (kind === 0x80 || kind === 0x90) release(`midi ${pitch}`, timeStamp);
}

// On the keys at the left: those that sound, and which letter plays them.
keyMarks = pitch => ({
  down: struck?.pitch === pitch || [...held.values()].some(key => key.pitch === pitch),
  letter: playing && !FINGERS.matches ? ({ Semicolon: ";", Quote: "'" }[WHITE_AND_BLACK[pitch - octave]] ?? WHITE_AND_BLACK[pitch - octave]?.slice(3)) : null,
});
