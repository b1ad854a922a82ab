// How large the editor is drawn: all keys of a piano, some of them seen at a time; bars as wide as they are zoomed.

const [LOWEST_ROW, TALLEST_ROW] = matchMedia("(pointer: coarse)").matches ? [6, 16] : [4, 13];  // CSS pixels
const AIR = 2;                                                   // semitones over the highest note, and under the lowest
let row = TALLEST_ROW;                                           // CSS pixels: a semitone
const NARROWEST = 0.15, WIDEST = 8;                              // CSS pixels a tick
const SHORTEST_BAR = 56;                                         // CSS pixels, when bars are fitted
let zoom = 1;                                                    // CSS pixels a tick
let fitted = true;                                               // until somebody zooms

function layOut() {
  const width = scroller.clientWidth, height = scroller.clientHeight;
  if (!width || !height) return;
  view.scale = zoom;
  view.height = height;
  view.rows = (height - RULER) / row;
  spacer.style.width = `${Math.max(width, Math.floor(xOf(model.end) + PAD))}px`;
  spacer.style.height = `${RULER + row * (HIGH - LOW + 1)}px`;
  sizeCanvas(width, height);
  scrolled();
  draw();
}

// All pitches at once, where that leaves them tall enough to be hit.
function fitPitches() {
  const pitches = notes.map(note => note.pitch);
  const rows = pitches.length ? Math.max(...pitches) - Math.min(...pitches) + 1 + 2 * AIR : 0;
  row = Math.max(LOWEST_ROW, Math.min(TALLEST_ROW, (scroller.clientHeight - RULER) / Math.max(1, rows)));
}

// All bars at once, where that leaves them wide enough. Music that grows while it is drawn keeps its scale.
function fit() {
  if (scroller.clientHeight) fitPitches();
  const all = (scroller.clientWidth - GUTTER - PAD) / model.end;
  zoom = Math.max(all, SHORTEST_BAR * (model.bars.length - 1) / model.end);
  fitted = true;
  layOut();
}

function scrolled() {
  view.low = HIGH + 1 - scroller.scrollTop / row - view.rows;
  Object.assign(element.dataset, { scale: view.scale, low: view.low, row: row });
}

// Show the notes' middle, or the octave above middle C where there are none.
function centre() {
  const pitches = notes.map(note => note.pitch);
  const middle = pitches.length ? (Math.min(...pitches) + Math.max(...pitches)) / 2 : 67;
  scroller.scrollTop = (HIGH + 0.5 - middle) * row - (scroller.clientHeight - RULER) / 2;
  scrolled();
}

// Scroll as little as is needed to see a place.
function reveal(tick, pitch) {
  const x = xOf(tick), y = RULER + (HIGH - pitch) * row;
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller;
  if (x - GUTTER < scrollLeft) scroller.scrollLeft = x - GUTTER - 8;
  if (x + 40 > scrollLeft + clientWidth) scroller.scrollLeft = x + 40 - clientWidth;
  if (y - RULER < scrollTop) scroller.scrollTop = y - RULER - 2 * row;
  if (y + row > scrollTop + clientHeight) scroller.scrollTop = y + 3 * row - clientHeight;
  scrolled();
}

// Zoom by a factor around a place on the screen (pixels from the scroller's left).
function zoomBy(factor, at = scroller.clientWidth / 2) {
  const tick = (scroller.scrollLeft + at - GUTTER) / view.scale;
  fitted = false;
  zoom = Math.max(NARROWEST, Math.min(WIDEST, view.scale * factor));
  const middle = view.low + view.rows / 2;
  row = Math.max(LOWEST_ROW, Math.min(TALLEST_ROW, row * factor));
  layOut();
  scroller.scrollTop = (HIGH + 1 - middle - view.rows / 2) * row;
  scroller.scrollLeft = xOf(tick) - at;
  drawSoon();
}

scroller.addEventListener("scroll", scrolled, { passive: true });
scroller.addEventListener("wheel", event => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomBy(Math.exp(-event.deltaY / 300), event.clientX - scroller.getBoundingClientRect().left);
}, { passive: false });
let seen = false;  // whether there was room to draw in
new ResizeObserver(() => {
  const was = seen;
  seen = scroller.clientWidth > 0;
  if (seen && !was) fitAll();
  else if (fitted) fit();
  else layOut();
}).observe(scroller);

function fitAll() {
  fit();
  centre();
  scroller.scrollLeft = 0;
}

// On an empty roll, what to do with it.
over.push((value, left) => {
  if (value.notes.length) return;
  pen.fillStyle = colour("ink-soft");
  pen.font = "16px system-ui, sans-serif";
  pen.textAlign = "center";
  const words = motif.say(matchMedia("(pointer: coarse)").matches ? "Tap to draw a note." : "Click to draw a note, drag to make it longer.");
  pen.fillText(words, left + GUTTER + (scroller.clientWidth - GUTTER) / 2, RULER + (view.height - RULER) / 3);
  pen.textAlign = "start";
});
document.addEventListener("motif:language", drawSoon);

// The grid between the beats, the notes' rings, and the bar after the music, which is only there to be drawn in.
under.push((value, left, right) => {
  const first = value.bars.at(-2);
  pen.fillStyle = colour("roll-room");
  pen.fillRect(xOf(first), RULER, xOf(value.end) - xOf(first), view.height);
  if (grid * view.scale < 9) return;
  pen.strokeStyle = colour("roll-beat");
  pen.globalAlpha = 0.6;
  value.bars.slice(0, -1).forEach((start, bar) => {
    for (let tick = start + grid; tick < value.bars[bar + 1]; tick += grid) {
      if (xOf(tick) > left && xOf(tick) < right) line(xOf(tick), RULER, view.height);
    }
  });
  pen.globalAlpha = 1;
});
over.push(() => {
  pen.strokeStyle = colour("ink");
  pen.lineWidth = 2;
  for (const note of selected) {
    const { x, y, width, tall } = boxOf(note);
    pen.beginPath();
    pen.roundRect(x, y, width, tall, note.new ? 0 : 5);
    pen.stroke();
  }
});
fillOf = note => (facts.parts.length > 1 ? `voice-${note.voice % 6}` : note.new ? "new" : "seed");
