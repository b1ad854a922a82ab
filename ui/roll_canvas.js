// The canvas: what the roll's value looks like. Ticks are the only unit here; `roll_player.js` knows seconds.
// This file and the player's are one function body with `element`, `props`, `trigger` and `watch` given.

const GUTTER = 38, RULER = 20, HEIGHT = 264, PAD = 14;  // CSS pixels
const SHORTEST_BAR = 34;                                // CSS pixels: longer pieces scroll
const FEWEST_ROWS = 25;                                 // semitones
const NAMES = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const BLACK = [1, 3, 6, 8, 10];

const scroller = element.querySelector(".scroll"), spacer = element.querySelector(".spacer");
const canvas = element.querySelector("canvas"), head = element.querySelector(".head");
const pen = canvas.getContext("2d");
const empty = { title: "", end: 96, notes: [], voice: 0, new_from: null, bars: [0, 96], metres: [], tempos: [] };
const roll = () => props.value || empty;
let view = { scale: 1, low: 48, rows: FEWEST_ROWS };    // pixels a tick, lowest pitch, rows shown

const xOf = tick => GUTTER + tick * view.scale;
const tickOf = x => Math.max(0, Math.min(roll().end, (x - GUTTER) / view.scale));
const rowHeight = () => (HEIGHT - RULER) / view.rows;
const yOf = pitch => HEIGHT - (pitch - view.low + 1) * rowHeight();
const nameOf = pitch => NAMES[pitch % 12] + (Math.floor(pitch / 12) - 1);
const colour = name => getComputedStyle(element).getPropertyValue("--" + name).trim();

function layOut() {
  const value = roll(), width = scroller.clientWidth;
  if (!width) return;
  const fit = (width - GUTTER - PAD) / value.end;
  const shortest = SHORTEST_BAR * (value.bars.length - 1) / value.end;
  view.scale = Math.max(fit, shortest);
  const pitches = value.notes.map(note => note.pitch);
  const low = Math.min(127, ...pitches), high = Math.max(0, ...pitches);
  const middle = pitches.length ? (low + high) / 2 : 67;
  view.rows = Math.max(FEWEST_ROWS, pitches.length ? high - low + 7 : 0);
  view.low = Math.max(0, Math.round(middle - view.rows / 2));
  spacer.style.width = `${Math.max(width, Math.floor(xOf(value.end) + PAD))}px`;
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(HEIGHT * dots);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  draw();
}

function draw() {
  const value = roll(), dots = canvas.width / scroller.clientWidth;
  const left = scroller.scrollLeft, right = left + scroller.clientWidth;
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  drawRows(right - left);
  pen.save();
  pen.beginPath();
  pen.rect(GUTTER, 0, right - left - GUTTER, HEIGHT);
  pen.clip();
  pen.translate(-left, 0);
  drawNewRegion(value);
  drawBars(value, left, right);
  for (const note of value.notes) {
    if (xOf(note.onset) < right && xOf(note.onset + note.duration) > left + GUTTER) drawNote(note, value);
  }
  pen.restore();
  drawKeys();
}

function drawRows(width) {
  pen.fillStyle = colour("roll-white");
  pen.fillRect(0, 0, width, HEIGHT);
  pen.fillStyle = colour("roll-black");
  for (let pitch = view.low; pitch < view.low + view.rows; pitch++) {
    if (BLACK.includes(pitch % 12)) pen.fillRect(GUTTER, yOf(pitch), width, rowHeight());
  }
}

function drawNewRegion(value) {
  if (value.new_from === null) return;
  const x = xOf(value.new_from);
  pen.fillStyle = colour("roll-new");
  pen.fillRect(x, RULER, xOf(value.end) - x, HEIGHT);
  pen.strokeStyle = colour("new-edge");
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 4]);
  line(x, RULER, HEIGHT);
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
    line(x, last ? RULER : 4, HEIGHT);
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
  for (let tick = from + metre.beat; tick < until; tick += metre.beat) line(xOf(tick), RULER, HEIGHT);
}

// A note of the seed is a rounded bar; a new one is square, edged, and marked where it is struck; the accompaniment is
// an outline.
function drawNote(note, value) {
  const x = xOf(note.onset) + 0.5, width = Math.max(3, note.duration * view.scale - 1.5);
  const tall = Math.max(3, Math.min(rowHeight() - 1, 13)), y = yOf(note.pitch) + (rowHeight() - tall) / 2;
  pen.beginPath();
  if (note.new) {
    pen.rect(x, y, width, tall);
    pen.fillStyle = colour("new");
    pen.fill();
    pen.strokeStyle = colour("new-edge");
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.fillStyle = colour("new-edge");
    pen.fillRect(x, y, Math.min(4, width), tall);
    return;
  }
  pen.roundRect(x, y, width, tall, Math.min(tall / 2, 5));
  pen.globalAlpha = value.voice === null || note.voice === value.voice ? 1 : 0.38;
  pen.fillStyle = colour("seed");
  pen.fill();
  pen.globalAlpha = 1;
}

function drawKeys() {
  pen.fillStyle = colour("card");
  pen.fillRect(0, 0, GUTTER, HEIGHT);
  pen.strokeStyle = colour("line");
  pen.lineWidth = 1;
  line(GUTTER - 0.5, 0, HEIGHT);
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "middle";
  for (let pitch = view.low; pitch < view.low + view.rows; pitch++) {
    if (pitch % 12 !== 0 && (pitch % 12 !== 7 || rowHeight() < 6)) continue;
    pen.fillStyle = colour(pitch % 12 === 0 ? "ink" : "ink-soft");
    pen.fillText(nameOf(pitch), 9, Math.max(RULER + 6, yOf(pitch) + rowHeight() / 2));
  }
}

// What the picture shows, for those who hear it described.
function describe() {
  const value = roll(), fresh = value.notes.filter(note => note.new), given = value.notes.length - fresh.length;
  const pitches = value.notes.map(note => note.pitch);
  const range = pitches.length ? ` from ${nameOf(Math.min(...pitches))} to ${nameOf(Math.max(...pitches))}` : "";
  const added = fresh.length ? `, then ${fresh.length} new notes` : "";
  const words = `Piano roll of ${value.title || "the seed"}: ${value.bars.length - 1} bars, ${given} notes given${added},${range}.`;
  canvas.setAttribute("aria-label", words.replace(",.", "."));
  element.dataset.notes = value.notes.length;
  element.dataset.fresh = fresh.length;
  element.dataset.writing = Boolean(value.writing);
}

let drawn = false;  // a frame is already asked for
function drawSoon() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => { drawn = false; draw(); });
}
scroller.addEventListener("scroll", drawSoon, { passive: true });
new ResizeObserver(layOut).observe(scroller);
new MutationObserver(drawSoon).observe(document.body, { attributes: true, attributeFilter: ["class"] });
