// @ts-check
// Mouse, pen and finger on the editor. A gesture is an object with `move` and `end`; one goes on at a time.
//
// On the keys: hear them. On the bar numbers: a click goes there, a drag chooses bars, and the play-head is dragged by its
// tip. On the grid: draw, select or rub
// out, by the tool; a right click rubs out at once, Shift draws a rubber band. A finger scrolls where there is no note,
// taps to draw, and takes a note away by resting on it.
import { GUTTER, RULER } from "../roll/geometry.js";
import { HIGH, LOW } from "./drawing.js";

/** @typedef {import("./drawing.js").Note} Note */
/** @typedef {{ x: number, y: number, tick: number, pitch: number }} Place pixels on the canvas, and the tick and pitch there */
/** @typedef {{ move: (place: Place, event: PointerEvent) => void, end: () => void }} Gesture */
/** @typedef {{ from: number, until: number, low: number, high: number }} Band ticks and pitches */
/** @typedef {ReturnType<typeof heedPointer>} Pointer */

const EDGE = 8, STILL = 4, LONG_PRESS = 550;   // CSS pixels, CSS pixels, milliseconds

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./play.js").Keys} keys
 * @param {() => import("./tools.js").Tool} tool
 */
export function heedPointer({ canvas, drawing, choice, player, speech, view, showState }, keys, tool) {
  const { canvas: surface, scroller, pen, over, geometry, xOf, yOf, colour, drawSoon } = canvas;
  const { say, spoken, spokenMany } = speech, { hear, quiet } = keys, { seek, onTip } = player;
  /** @type {Gesture | null} */
  let gesture = null;
  /** @type {Band | null} */
  let band = null;       // the rubber band
  /** @type {Place | null} */
  let tapped = null;     // where a finger came down on nothing: it may scroll, or tap
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;           // the timer of a finger that rests on a note

  /** @param {{ clientX: number, clientY: number }} event @returns {Place} */
  function placeOf(event) {
    const box = surface.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const pitch = Math.floor(geometry.low + (geometry.height - y) / view.row());
    return {
      x, y,
      tick: Math.max(0, (x + scroller.scrollLeft - GUTTER) / geometry.scale),
      pitch: Math.max(LOW, Math.min(HIGH, pitch)),
    };
  }

  /** @param {Place} place */
  const onKeys = place => place.x < GUTTER;
  /** @param {Place} place */
  const onRuler = place => place.y < RULER && !onKeys(place);
  /** @param {Place} place */
  const hit = place => (onKeys(place) || onRuler(place) ? null : drawing.noteAt(place.tick, place.pitch, 4 / geometry.scale));
  /** @param {Note} note @param {Place} place */
  const atEdge = (note, place) => {
    const { x, width } = geometry.boxOf(note), right = x + width - scroller.scrollLeft;
    return right - place.x < Math.min(EDGE, width / 3);
  };
  const inMusic = (/** @type {number} */ tick) => Math.min(tick, drawing.picture.ends_at);

  // The gestures.

  /** @param {Place} start @returns {Gesture} */
  function playKeys(start) {
    /** @param {Place} place */
    const play = place => {
      if (keys.heldBy("keys") === place.pitch) return;
      keys.release("keys");
      keys.press("keys", place.pitch);
    };
    play(start);
    return { move: play, end: () => keys.release("keys") };
  }

  /** @returns {Gesture} */
  function dragHead() {
    return { move: place => seek(inMusic(place.tick)), end: () => {} };
  }

  /** @param {Place} start @param {PointerEvent} event @returns {Gesture} */
  function ruleBars(start, event) {
    const most = drawing.picture.bars.filter(tick => tick < drawing.picture.ends_at).length || 1;
    const first = choice.barAt(event, most);
    return {
      move(place, now) {
        if (!choice.isDragging() && Math.abs(place.x - start.x) < STILL) return;
        choice.drag(first, choice.barAt(now, most));
      },
      end() {
        if (choice.isDragging()) choice.chooseBars();
        else seek(inMusic(start.tick));
        choice.letGo();
        choice.showChoice();
      },
    };
  }

  // The new note grows with the drag and goes to the pitch under the pointer.
  /** @param {Place} start @returns {Gesture} */
  function drawNew(start) {
    const onset = drawing.floorToGrid(start.tick), before = drawing.notes, { grid } = drawing;
    let note = drawing.newNote(onset, start.pitch);
    const show = () => { hear(note.pitch); drawing.sketch([...before, note], [note]); };
    show();
    return {
      move(place) {
        const far = Math.abs(place.x - start.x) > STILL;
        const long = far ? Math.max(grid, drawing.nearestGrid(place.tick + grid / 2) - onset) : note.duration;
        if (long === note.duration && place.pitch === note.pitch) return;
        note = { ...note, duration: long, pitch: place.pitch };
        show();
      },
      end() {
        drawing.setBrush(note.duration);
        drawing.change([...before, note], [note]);
        say(`${spoken(note)} added.`);
      },
    };
  }

  /** @param {Place} start @param {Note} note @returns {Gesture} */
  function dragNotes(start, note) {
    const chosen = drawing.selected;
    /** @type {import("./drawing.js").Altered | null} */
    let result = null;
    hear(note.pitch);
    return {
      move(place) {
        const ticks = drawing.nearestGrid(note.onset + place.tick - start.tick) - note.onset, steps = place.pitch - start.pitch;
        const still = Math.abs(place.x - start.x) < STILL;
        if (!result && !steps && still) return;
        result = drawing.moved(chosen, still ? 0 : ticks, steps);
        hear(Math.max(LOW, Math.min(HIGH, note.pitch + steps)));
        drawing.sketch(result.list, result.chosen);
      },
      end() {
        if (!result) return;
        drawing.change(result.list, result.chosen);
        say(`${spokenMany(result.chosen)} moved.`);
      },
    };
  }

  /** @param {Place} start @param {Note} note @returns {Gesture} */
  function stretchNotes(start, note) {
    const chosen = drawing.selected;
    /** @type {import("./drawing.js").Altered | null} */
    let result = null;
    return {
      move(place) {
        const end = note.onset + note.duration, ticks = drawing.nearestGrid(end + place.tick - start.tick) - end;
        result = drawing.stretched(chosen, ticks);
        drawing.sketch(result.list, result.chosen);
      },
      end() {
        if (!result) return;
        drawing.setBrush(result.chosen[result.chosen.length - 1].duration);
        drawing.change(result.list, result.chosen);
        say(`${spokenMany(result.chosen)} stretched.`);
      },
    };
  }

  /** @param {Place} start @param {boolean} adding @returns {Gesture} */
  function stretchBand(start, adding) {
    const chosen = adding ? [...drawing.selected] : [];
    return {
      move(place) {
        band = {
          from: Math.min(start.tick, place.tick), until: Math.max(start.tick, place.tick),
          low: Math.min(start.pitch, place.pitch), high: Math.max(start.pitch, place.pitch),
        };
        drawing.select([...chosen, ...drawing.within(band.from, band.until, band.low, band.high)]);
        drawSoon();
      },
      end() {
        if (!band) drawing.select(chosen);
        band = null;
        showState();
        say(`${spokenMany([...drawing.selected])} selected.`);
        drawSoon();
      },
    };
  }

  /** @param {Place} start @returns {Gesture} */
  function rubOut(start) {
    /** @type {Set<Note>} */
    const gone = new Set();
    /** @param {Place} place */
    const rub = place => {
      const note = hit(place);
      if (note && !gone.has(note)) { gone.add(note); drawing.sketch(drawing.without(gone), []); }
    };
    rub(start);
    return {
      move: rub,
      end() {
        if (!gone.size) { drawing.forget(); return; }
        drawing.change(drawing.without(gone));
        say(`${spokenMany([...gone])} deleted.`);
      },
    };
  }

  /** Which gesture begins here; null where a finger is to scroll. @param {Place} place @param {PointerEvent} event */
  function begin(place, event) {
    if (onKeys(place)) return playKeys(place);
    if (onRuler(place)) return onTip(place.x) ? dragHead() : ruleBars(place, event);
    const note = hit(place);
    if (event.button === 2 || tool() === "erase") return rubOut(place);
    if (!note) {
      if (tool() === "select" || event.shiftKey) return stretchBand(place, event.shiftKey);
      drawing.select();
      return drawNew(place);
    }
    if (event.shiftKey) {
      if (!drawing.selected.delete(note)) drawing.selected.add(note);
      showState();
      drawSoon();
      return null;
    }
    if (!drawing.selected.has(note)) drawing.select([note]);
    drawing.drawIn(note.voice);
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
    keys.release("keys");
    gesture = tapped = band = null;
    choice.letGo();
    drawing.forget();
  }

  /** @param {Place} place */
  function pointAt(place) {
    const note = hit(place);
    surface.style.cursor = onKeys(place) || onRuler(place) ? "pointer"
      : note ? (tool() === "erase" ? "not-allowed" : atEdge(note, place) ? "ew-resize" : "grab")
      : tool() === "draw" ? "crosshair" : tool() === "select" ? "cell" : "default";
  }

  // A finger on a note must not scroll; the browser decides that at the touch, before it tells of a pointer.
  scroller.addEventListener("touchstart", event => {
    const place = placeOf(event.touches[0]);
    if (event.touches.length > 1) { abandon(); return; }
    if (onKeys(place) || onRuler(place) || hit(place) || tool() !== "draw") event.preventDefault();
  }, { passive: false });

  surface.addEventListener("pointerdown", event => {
    if (event.button === 1 || gesture || !event.isPrimary) return;
    scroller.focus({ preventScroll: true });
    const place = placeOf(event), finger = event.pointerType === "touch", note = hit(place);
    if (finger && !note && tool() === "draw" && !onKeys(place) && !onRuler(place)) { tapped = place; return; }
    gesture = begin(place, event);
    if (gesture) surface.setPointerCapture(event.pointerId);
    if (!finger || !note) return;
    resting = setTimeout(() => {
      abandon();
      drawing.remove(new Set([note]));
      navigator.vibrate?.(20);
      say(`${spoken(note)} deleted.`);
    }, LONG_PRESS);
  });
  surface.addEventListener("pointermove", event => {
    const place = placeOf(event);
    if (!gesture) { pointAt(place); return; }
    if (Math.abs(event.movementX) + Math.abs(event.movementY) > 2) clearTimeout(resting);
    gesture.move(place, event);
  });
  surface.addEventListener("pointerup", () => {
    if (tapped) { drawing.select(); gesture = drawNew(tapped); tapped = null; }
    finish();
  });
  surface.addEventListener("pointercancel", abandon);
  surface.addEventListener("contextmenu", event => event.preventDefault());

  over.push(() => {
    if (!band) return;
    const x = xOf(band.from), y = yOf(band.high);
    pen.strokeStyle = colour("focus");
    pen.lineWidth = 1.5;
    pen.setLineDash([4, 3]);
    pen.strokeRect(x, y, xOf(band.until) - x, yOf(band.low) + view.row() - y);
    pen.setLineDash([]);
  });
  return { isBusy: () => gesture !== null, abandon };
}
