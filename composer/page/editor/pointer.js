// Mouse, pen and finger on the editor. A gesture is an object with `move` and `end`; one goes on at a time.
//
// On the keys: hear them. On the bar numbers: a click goes there, a drag chooses bars, and the play-head is dragged by its
// tip. On the grid: draw, select or rub
// out, by the tool; a right click rubs out at once, Shift draws a rubber band. A finger scrolls where there is no note,
// taps to draw, and takes a note away by resting on it.

const EDGE = 8, STILL = 4, LONG_PRESS = 550;   // CSS pixels, CSS pixels, milliseconds
let tool = "draw";                             // or "select", "erase"
let gesture = null;
let band = null;                               // the rubber band: { from, until, low, high } in ticks and pitches
let struck = null;                             // the key that sounds: { pitch, letGo }

// Where an event is: pixels on the canvas, and the tick and pitch there.
function placeOf(event) {
  const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
  const pitch = Math.floor(view.low + (view.height - y) / row);
  return {
    x, y,
    tick: Math.max(0, (x + scroller.scrollLeft - GUTTER) / view.scale),
    pitch: Math.max(LOW, Math.min(HIGH, pitch)),
  };
}

const onKeys = place => place.x < GUTTER, onRuler = place => place.y < RULER && !onKeys(place);
const hit = place => (onKeys(place) || onRuler(place) ? null : noteAt(place.tick, place.pitch, 4 / view.scale));
const atEdge = (note, place) => {
  const { x, width } = boxOf(note), right = x + width - scroller.scrollLeft;
  return right - place.x < Math.min(EDGE, width / 3);
};

function hear(pitch) {
  if (struck?.pitch === pitch) return;
  quiet();
  struck = { pitch, letGo: strike(pitch) };
  drawSoon();
}

function quiet() {
  struck?.letGo();
  struck = null;
  drawSoon();
}

// The gestures.

function playKeys(start) {
  const play = place => {
    if (held.get("keys")?.pitch === place.pitch) return;
    release("keys");
    press("keys", place.pitch);
  };
  play(start);
  return { move: play, end: () => release("keys") };
}

function dragHead() {
  return { move: place => seek(Math.min(place.tick, model.ends_at)), end: () => {} };
}

function ruleBars(start, event) {
  const most = model.bars.filter(tick => tick < model.ends_at).length || 1;
  const first = barAt(event, most);
  return {
    move(place, now) {
      if (!dragged && Math.abs(place.x - start.x) < STILL) return;
      const bar = barAt(now, most);
      dragged = { first: Math.min(first, bar), last: Math.max(first, bar) };
      drawSoon();
    },
    end() {
      if (dragged) chooseBars();
      else seek(Math.min(start.tick, model.ends_at));
      dragged = null;
      showChoice();
    },
  };
}

// The new note grows with the drag and goes to the pitch under the pointer.
function drawNew(start) {
  const onset = floorToGrid(start.tick), before = notes;
  let note = newNote(onset, start.pitch);
  const show = () => { hear(note.pitch); sketch([...before, note], [note]); };
  show();
  return {
    move(place) {
      const long = Math.abs(place.x - start.x) > STILL ? Math.max(grid, nearestGrid(place.tick + grid / 2) - onset) : note.duration;
      if (long === note.duration && place.pitch === note.pitch) return;
      note = { ...note, duration: long, pitch: place.pitch };
      show();
    },
    end() {
      brush = note.duration;
      change([...before, note], [note]);
      say(`${spoken(note)} added.`);
    },
  };
}

function dragNotes(start, note) {
  const chosen = selected;
  let result = null;
  hear(note.pitch);
  return {
    move(place) {
      const ticks = nearestGrid(note.onset + place.tick - start.tick) - note.onset, steps = place.pitch - start.pitch;
      if (!result && !steps && Math.abs(place.x - start.x) < STILL) return;
      result = moved(chosen, Math.abs(place.x - start.x) < STILL ? 0 : ticks, steps);
      hear(Math.max(LOW, Math.min(HIGH, note.pitch + steps)));
      sketch(result.list, result.chosen);
    },
    end() {
      if (!result) return;
      change(result.list, result.chosen);
      say(`${spokenMany(result.chosen)} moved.`);
    },
  };
}

function stretchNotes(start, note) {
  const chosen = selected;
  let result = null;
  return {
    move(place) {
      const end = note.onset + note.duration, ticks = nearestGrid(end + place.tick - start.tick) - end;
      result = stretched(chosen, ticks);
      sketch(result.list, result.chosen);
    },
    end() {
      if (!result) return;
      brush = result.chosen.at(-1).duration;
      change(result.list, result.chosen);
      say(`${spokenMany(result.chosen)} stretched.`);
    },
  };
}

function stretchBand(start, adding) {
  const chosen = adding ? [...selected] : [];
  return {
    move(place) {
      band = {
        from: Math.min(start.tick, place.tick), until: Math.max(start.tick, place.tick),
        low: Math.min(start.pitch, place.pitch), high: Math.max(start.pitch, place.pitch),
      };
      selected = new Set([...chosen, ...within(band.from, band.until, band.low, band.high)]);
      drawSoon();
    },
    end() {
      if (!band) selected = new Set(chosen);
      band = null;
      showState();
      say(`${spokenMany([...selected])} selected.`);
      drawSoon();
    },
  };
}

function rubOut(start) {
  const gone = new Set();
  const rub = place => {
    const note = hit(place);
    if (note && !gone.has(note)) { gone.add(note); sketch(without(gone), []); }
  };
  rub(start);
  return {
    move: rub,
    end() {
      draft = null;
      if (gone.size) { change(without(gone)); say(`${spokenMany([...gone])} deleted.`); } else forget();
    },
  };
}

// Which gesture begins here; null where a finger is to scroll.
function begin(place, event) {
  if (onKeys(place)) return playKeys(place);
  if (onRuler(place)) return onTip(place.x) ? dragHead() : ruleBars(place, event);
  const note = hit(place);
  if (event.button === 2 || tool === "erase") return rubOut(place);
  if (!note) {
    if (tool === "select" || event.shiftKey) return stretchBand(place, event.shiftKey);
    selected = new Set();
    return drawNew(place);
  }
  if (event.shiftKey) {
    if (!selected.delete(note)) selected.add(note);
    showState();
    drawSoon();
    return null;
  }
  if (!selected.has(note)) selected = new Set([note]);
  voice = note.voice;
  showState();
  drawSoon();
  return atEdge(note, place) ? stretchNotes(place, note) : dragNotes(place, note);
}

function finish() {
  clearTimeout(resting);
  quiet();
  const ended = gesture;
  gesture = null;
  ended?.end();
}

function abandon() {
  clearTimeout(resting);
  quiet();
  release("keys");
  gesture = tapped = dragged = band = null;
  forget();
}

let tapped = null;     // where a finger came down on nothing: it may scroll, or tap
let resting = 0;       // the timer of a finger that rests on a note

// A finger on a note must not scroll; the browser decides that at the touch, before it tells of a pointer.
scroller.addEventListener("touchstart", event => {
  const place = placeOf(event.touches[0]);
  if (event.touches.length > 1) { abandon(); return; }
  if (onKeys(place) || onRuler(place) || hit(place) || tool !== "draw") event.preventDefault();
}, { passive: false });

canvas.addEventListener("pointerdown", event => {
  if (event.button === 1 || gesture || !event.isPrimary) return;
  scroller.focus({ preventScroll: true });
  const place = placeOf(event), finger = event.pointerType === "touch", note = hit(place);
  if (finger && !note && tool === "draw" && !onKeys(place) && !onRuler(place)) { tapped = place; return; }
  gesture = begin(place, event);
  if (gesture) canvas.setPointerCapture(event.pointerId);
  if (finger && note) resting = setTimeout(() => { abandon(); remove(new Set([note])); navigator.vibrate?.(20); say(`${spoken(note)} deleted.`); }, LONG_PRESS);
});
canvas.addEventListener("pointermove", event => {
  const place = placeOf(event);
  if (!gesture) { pointAt(place); return; }
  if (Math.abs(event.movementX) + Math.abs(event.movementY) > 2) clearTimeout(resting);
  gesture.move(place, event);
});
canvas.addEventListener("pointerup", () => {
  if (tapped) { selected = new Set(); gesture = drawNew(tapped); tapped = null; }
  finish();
});
canvas.addEventListener("pointercancel", abandon);
canvas.addEventListener("contextmenu", event => event.preventDefault());

function pointAt(place) {
  const note = hit(place);
  canvas.style.cursor = onKeys(place) || onRuler(place) ? "pointer"
    : note ? (tool === "erase" ? "not-allowed" : atEdge(note, place) ? "ew-resize" : "grab")
    : tool === "draw" ? "crosshair" : tool === "select" ? "cell" : "default";
}

over.push(() => {
  if (!band) return;
  const x = xOf(band.from), y = yOf(band.high);
  pen.strokeStyle = colour("focus");
  pen.lineWidth = 1.5;
  pen.setLineDash([4, 3]);
  pen.strokeRect(x, y, xOf(band.until) - x, yOf(band.low) + row - y);
  pen.setLineDash([]);
});
