// @ts-check
// Pictures as SVG: shapes, and a roll whose notes are rectangles. Colours are the page's, so that both schemes fit.

/** A shape with its attributes and what it holds.
 * @param {string} tag @param {Record<string, string | number>} [settings] @param {...(Node | string)} children */
function drawn(tag, settings = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(settings)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A picture of so many pixels that says in words what it shows. @param {number} width @param {number} height */
function pictureOf(width, height, label, ...children) {
  return drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...children);
}

const TONES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const toneOf = pitch => TONES[pitch % 12] + (Math.floor(pitch / 12) - 1);

/** How ticks and pitches become pixels; the same for pictures that are to lie under each other. */
function axisOf(pictures, width) {
  const end = Math.max(...pictures.map(value => value.end)), pitches = pictures.flatMap(value => value.notes.map(note => note.pitch));
  const low = Math.min(...pitches) - 2, high = Math.max(...pitches) + 2;
  return { end, low, high, width, x: tick => tick / end * width, tick: x => Math.max(0, Math.min(end, x / width * end)) };
}

/** A roll on an axis, `height` pixels tall. */
function rollOf(value, axis, height, label, ...more) {
  const row = height / (axis.high - axis.low + 1), y = pitch => (axis.high - pitch) * row;
  const bars = value.bars.map(tick => drawn("path", { d: `M${axis.x(tick)},0v${height}`, class: "bar" }));
  const notes = value.notes.map(note => drawn("rect", {
    x: axis.x(note.onset) + 0.5, y: y(note.pitch), width: Math.max(2, axis.x(note.duration) - 1.5), height: Math.max(3, row - 0.5),
    rx: note.new ? 0 : 2, class: note.new ? "note fresh" : "note",
  }));
  const seam = value.new_from === null ? [] : [drawn("path", { d: `M${axis.x(value.new_from)},0v${height}`, class: "seam" })];
  return { svg: pictureOf(axis.width, height, label, ...bars, ...notes, ...seam, ...more), y, row };
}

/** What a roll shows, in words. */
function rollInWords(name, value) {
  const fresh = value.notes.filter(note => note.new), pitches = fresh.map(note => note.pitch);
  if (!fresh.length) return `${name}: no new notes.`;
  return `${name}: ${fresh.length} new notes from ${toneOf(Math.min(...pitches))} to ${toneOf(Math.max(...pitches))}.`;
}

/** Seconds at a tick of a picture, and back. */
function secondsAt(value, tick) {
  const tempo = value.tempos.filter(change => change.tick <= tick).pop();
  return tempo ? tempo.seconds + (tick - tempo.tick) * tempo.seconds_per_tick : 0;
}
function tickOfSeconds(value, seconds) {
  const tempo = value.tempos.filter(change => change.seconds <= seconds).pop();
  return tempo ? tempo.tick + (seconds - tempo.seconds) / tempo.seconds_per_tick : 0;
}
