// The canvas: what a score looks like. Ticks are the only unit here; `player.js` knows seconds.
// Every file of `roll/` and `editor/` is part of one function body with `element`, `props`, `trigger` and `watch`
// given. Before the first frame, one of them (`view.js`) says by `layOut` how large things are.

const GUTTER = 38, RULER = 20, PAD = 14;                // CSS pixels
const FEWEST_ROWS = 25;                                 // semitones
const SHADES = 4;                                       // of a colour, for voices
const NAMES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const BLACK = [1, 3, 6, 8, 10];

const scroller = element.querySelector(".scroll"), spacer = element.querySelector(".spacer");
const canvas = element.querySelector("canvas"), head = element.querySelector(".head");
const pen = canvas.getContext("2d");
const empty = { title: "", end: 96, notes: [], voice: 0, voices: [], new_from: null, bars: [0, 96], metres: [], tempos: [] };
let shown = () => props.value || empty;
const roll = () => shown();
// Pixels a tick, lowest pitch (between two, where rows scroll), rows shown, height in pixels.
let view = { scale: 1, low: 48, rows: FEWEST_ROWS, height: 264 };
let fillOf = note => (note.new ? "new" : "seed") + shadeOf(note.voice);  // the name of a note's colour
let frozen = () => false;      // whether a note will not be touched
const under = [], over = [];   // what other files draw under and over the notes: functions of (value, left, right)

const xOf = tick => GUTTER + tick * view.scale;
const tickOf = x => Math.max(0, Math.min(roll().end, (x - GUTTER) / view.scale));
const rowHeight = () => (view.height - RULER) / view.rows;
const yOf = pitch => view.height - (pitch - view.low + 1) * rowHeight();
const nameOf = pitch => NAMES[pitch % 12] + (Math.floor(pitch / 12) - 1);
const pitchesShown = () => {
  const low = Math.floor(view.low), high = Math.min(127, Math.ceil(view.low + view.rows) - 1);
  return Array.from({ length: high - low + 1 }, (_, above) => low + above);
};

const palette = new Map();     // colours of this frame by name: asking the browser for one takes long
function colour(name) {
  if (!palette.has(name)) palette.set(name, getComputedStyle(element).getPropertyValue("--" + name).trim());
  return palette.get(name);
}

// A canvas of the scroller's width and so many pixels of height, sharp on every screen.
function sizeCanvas(width, height) {
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function draw() {
  const value = roll(), dots = canvas.width / scroller.clientWidth;
  const left = scroller.scrollLeft, right = left + scroller.clientWidth;
  palette.clear();
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  drawRows(right - left);
  pen.save();
  pen.beginPath();
  pen.rect(GUTTER, 0, right - left - GUTTER, view.height);
  pen.clip();
  pen.translate(-left, 0);
  drawNewRegion(value);
  drawBars(value, left, right);
  for (const layer of under) layer(value, left, right);
  for (const note of value.notes) {
    if (xOf(note.onset) < right && xOf(note.onset + note.duration) > left + GUTTER) drawNote(note, value);
  }
  for (const layer of over) layer(value, left, right);
  pen.restore();
  drawKeys();
}

function drawRows(width) {
  pen.fillStyle = colour("roll-white");
  pen.fillRect(0, 0, width, view.height);
  pen.fillStyle = colour("roll-black");
  for (const pitch of pitchesShown()) {
    if (BLACK.includes(pitch % 12)) pen.fillRect(GUTTER, yOf(pitch), width, rowHeight());
  }
}

function drawNewRegion(value) {
  if (value.new_from === null) return;
  const x = xOf(value.new_from), until = xOf(value.new_until ?? value.end);
  pen.fillStyle = colour("roll-new");
  pen.fillRect(x, RULER, until - x, view.height);
  pen.strokeStyle = colour("new-edge");
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 4]);
  line(x, RULER, view.height);
  if (value.new_until !== null) line(until, RULER, view.height);
  pen.setLineDash([]);
}

function line(x, top, bottom) {
  pen.beginPath();
  pen.moveTo(x, top);
  pen.lineTo(x, bottom);
  pen.stroke();
}

function drawBars(value, left, right) {
  pen.fillStyle = colour("card");
  pen.fillRect(left, 0, right - left, RULER);
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  let labelled = -Infinity;
  value.bars.forEach((tick, bar) => {
    const x = xOf(tick), last = bar === value.bars.length - 1;
    if (x < left - 400 || x > right + 400) return;
    if (!last) drawBeats(value, tick, value.bars[bar + 1]);
    pen.strokeStyle = colour("roll-bar");
    line(x, last ? RULER : 4, view.height);
    if (!last && x - labelled > 26) {
      pen.fillStyle = colour("ink-soft");
      pen.fillText(String(bar + 1), x + 5, RULER / 2 + 1);
      labelled = x;
    }
  });
}

function drawBeats(value, from, until) {
  const metre = value.metres.filter(change => change.tick <= from).pop();
  if (!metre || metre.beat * view.scale < 9) return;
  pen.strokeStyle = colour("roll-beat");
  for (let tick = from + metre.beat; tick < until; tick += metre.beat) line(xOf(tick), RULER, view.height);
}

// A note of the seed is a rounded bar; a new one is square, edged, and marked where it is struck; one of a passage as
// learned has its own edge and is pointed at both ends, and keeps its voice's colour; a frozen one is hatched; the accompaniment is faint; where several voices are equals, each has its own lightness.
function drawNote(note, value) {
  const box = boxOf(note);
  outline(note, box);
  pen.globalAlpha = note.new || value.voice === null || note.voice === value.voice ? 1 : 0.38;
  pen.fillStyle = colour(fillOf(note));
  pen.fill();
  pen.globalAlpha = 1;
  if (frozen(note)) hatch(box);
  if (!note.new) return;
  outline(note, box);
  pen.strokeStyle = colour(note.copied ? "copied-edge" : "new-edge");
  pen.lineWidth = note.copied ? 2.5 : 1.5;
  pen.stroke();
  if (note.copied) return;
  pen.fillStyle = colour("new-edge");
  pen.fillRect(box.x, box.y, Math.min(4, box.width), box.tall);
}

function outline(note, { x, y, width, tall }) {
  pen.beginPath();
  if (note.copied) pointed(x, y, width, tall);
  else if (note.new) pen.rect(x, y, width, tall);
  else pen.roundRect(x, y, width, tall, Math.min(tall / 2, 5));
}

function pointed(x, y, width, tall) {
  const tip = Math.min(tall / 2, width / 2), middle = y + tall / 2;
  pen.moveTo(x, middle);
  for (const [across, down] of [[tip, 0], [width - tip, 0], [width, tall / 2], [width - tip, tall], [tip, tall]]) {
    pen.lineTo(x + across, y + down);
  }
  pen.closePath();
}

// A note's place in pixels.
function boxOf(note) {
  const tall = Math.max(3, Math.min(rowHeight() - 1, 13));
  return {
    x: xOf(note.onset) + 0.5,
    y: yOf(note.pitch) + (rowHeight() - tall) / 2,
    width: Math.max(3, note.duration * view.scale - 1.5),
    tall,
  };
}

// Slanting lines over the path that was just filled.
function hatch({ x, y, width, tall }) {
  pen.save();
  pen.clip();
  pen.strokeStyle = colour("card");
  pen.lineWidth = 1.5;
  for (let at = x - tall; at < x + width; at += 5) {
    pen.beginPath();
    pen.moveTo(at, y + tall);
    pen.lineTo(at + tall, y);
    pen.stroke();
  }
  pen.restore();
}

// The end of a colour's name: the highest voice is lightest, the lowest darkest.
function shadeOf(voice) {
  const count = roll().voices.length;
  return count < 2 ? "" : `-${Math.round(voice * (SHADES - 1) / (count - 1))}`;
}

// Beside "seed" and "new": each voice's name with its shade, of what was given, of what is new, or of both.
function nameVoices() {
  const value = roll(), named = value.voices.length > 1 ? value.voices : [];
  const items = named.map((name, voice) => {
    const item = document.createElement("span"), notes = value.notes.filter(note => note.voice === voice);
    for (const kind of ["seed", "new"].filter(kind => notes.some(note => note.new === (kind === "new")))) {
      const swatch = document.createElement("i");
      swatch.className = kind;
      swatch.style.background = `var(--${kind}${shadeOf(voice)})`;
      item.append(swatch);
    }
    item.append(name);
    return item;
  });
  element.querySelector(".voices").replaceChildren(...items.filter(item => item.children.length));
}

// The piano at the left; `keyMarks` says of a key whether it is down and which letter plays it.
let keyMarks = () => ({ down: false, letter: null });
function drawKeys() {
  const tall = rowHeight();
  pen.fillStyle = colour("key-white");
  pen.fillRect(0, 0, GUTTER, view.height);
  pen.font = `${Math.min(11, tall + 2)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  for (const pitch of pitchesShown()) {
    const y = yOf(pitch), black = BLACK.includes(pitch % 12), { down, letter } = keyMarks(pitch);
    if (down || black) {
      pen.fillStyle = colour(down ? "seed" : "key-black");
      pen.fillRect(0, y, black ? 22 : GUTTER, tall);
    }
    if ([4, 11].includes(pitch % 12)) { pen.fillStyle = colour("roll-bar"); pen.fillRect(0, y, GUTTER, 1); }
    if (letter || pitch % 12 === 0) drawKeyName(letter ?? nameOf(pitch), black, down, y + tall / 2);
  }
  pen.fillStyle = colour("card");
  pen.fillRect(0, 0, GUTTER, RULER);
  pen.strokeStyle = colour("line-strong");
  line(GUTTER - 0.5, 0, view.height);
}

function drawKeyName(name, black, down, y) {
  pen.fillStyle = colour(black || down ? "key-white" : "key-name");
  pen.fillText(name, black ? 7 : name.length > 2 ? 14 : name.length > 1 ? 19 : 25, y + 0.5);
}

// What the picture shows, for those who hear it described.
function describe() {
  const value = roll(), fresh = value.notes.filter(note => note.new), given = value.notes.length - fresh.length;
  const pitches = value.notes.map(note => note.pitch);
  const range = pitches.length ? ` from ${nameOf(Math.min(...pitches))} to ${nameOf(Math.max(...pitches))}` : "";
  const added = fresh.length ? ` and ${fresh.length} new notes` : "";
  const copied = value.notes.filter(note => note.copied).length;
  const voices = value.voices.length > 1 ? ` in ${value.voices.length} voices` : "";
  const words = `Piano roll of ${value.title || "the seed"}: ${value.bars.length - 1} bars, ${given} notes given${added}${voices},${range}.`;
  canvas.setAttribute("aria-label", words.replace(",.", "."));
  nameVoices();
  element.dataset.notes = value.notes.length;
  element.dataset.fresh = fresh.length;
  element.dataset.given = given;
  element.dataset.copied = copied;
  element.querySelector(".copied")?.setAttribute("title", copied ? `As in ${value.source}` : "");
  element.dataset.writing = Boolean(value.writing);
}

let drawn = false;  // a frame is already asked for
function drawSoon() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => { drawn = false; draw(); });
}
scroller.addEventListener("scroll", drawSoon, { passive: true });
new MutationObserver(drawSoon).observe(document.body, { attributes: true, attributeFilter: ["class"] });
