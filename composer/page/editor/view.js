// @ts-check
// How large the editor is drawn: all keys of a piano, some of them seen at a time; bars as wide as they are zoomed.
import { GUTTER, PAD, RULER } from "../roll/geometry.js";
import { say } from "../words/say.js";
import { HIGH, LOW } from "./drawing.js";

/** @typedef {ReturnType<typeof editorView>} EditorView */

const AIR = 2;                                                   // semitones over the highest note, and under the lowest
const NARROWEST = 0.15, WIDEST = 8;                              // CSS pixels a tick
const SHORTEST_BAR = 56;                                         // CSS pixels, when bars are fitted

/**
 * @param {import("../gradio.js").Host} host
 * @param {import("../roll/canvas.js").RollCanvas} canvas
 * @param {import("./drawing.js").Drawing} drawing
 */
export function editorView({ element, signal }, canvas, drawing) {
  const { scroller, spacer, pen, geometry, under, over, xOf, colour, line, sizeCanvas, draw, drawSoon } = canvas;
  const [LOWEST_ROW, TALLEST_ROW] = matchMedia("(pointer: coarse)").matches ? [6, 16] : [4, 13];  // CSS pixels
  let row = TALLEST_ROW;                                           // CSS pixels: a semitone
  let zoom = 1;                                                    // CSS pixels a tick
  let fitted = true;                                               // until somebody zooms

  function layOut() {
    const width = scroller.clientWidth, height = scroller.clientHeight;
    if (!width || !height) return;
    geometry.set({ scale: zoom, height, rows: (height - RULER) / row });
    spacer.style.width = `${Math.max(width, Math.floor(xOf(drawing.picture.end) + PAD))}px`;
    spacer.style.height = `${RULER + row * (HIGH - LOW + 1)}px`;
    sizeCanvas(width, height);
    scrolled();
    draw();
  }

  // All pitches at once, where that leaves them tall enough to be hit.
  function fitPitches() {
    const pitches = drawing.notes.map(note => note.pitch);
    const rows = pitches.length ? Math.max(...pitches) - Math.min(...pitches) + 1 + 2 * AIR : 0;
    row = Math.max(LOWEST_ROW, Math.min(TALLEST_ROW, (scroller.clientHeight - RULER) / Math.max(1, rows)));
  }

  // All bars at once, where that leaves them wide enough. Music that grows while it is drawn keeps its scale.
  function fit() {
    if (scroller.clientHeight) fitPitches();
    const all = (scroller.clientWidth - GUTTER - PAD) / drawing.picture.end;
    zoom = Math.max(all, SHORTEST_BAR * (drawing.picture.bars.length - 1) / drawing.picture.end);
    fitted = true;
    layOut();
  }

  function scrolled() {
    geometry.set({ low: HIGH + 1 - scroller.scrollTop / row - geometry.rows });
    Object.assign(element.dataset, { scale: geometry.scale, low: geometry.low, row });
  }

  // Show the notes' middle, or the octave above middle C where there are none.
  function centre() {
    const pitches = drawing.notes.map(note => note.pitch);
    const middle = pitches.length ? (Math.min(...pitches) + Math.max(...pitches)) / 2 : 67;
    scroller.scrollTop = (HIGH + 0.5 - middle) * row - (scroller.clientHeight - RULER) / 2;
    scrolled();
  }

  /**
   * Scroll as little as is needed to see a place.
   * @param {number} tick
   * @param {number} pitch
   */
  function reveal(tick, pitch) {
    const x = xOf(tick), y = RULER + (HIGH - pitch) * row;
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller;
    if (x - GUTTER < scrollLeft) scroller.scrollLeft = x - GUTTER - 8;
    if (x + 40 > scrollLeft + clientWidth) scroller.scrollLeft = x + 40 - clientWidth;
    if (y - RULER < scrollTop) scroller.scrollTop = y - RULER - 2 * row;
    if (y + row > scrollTop + clientHeight) scroller.scrollTop = y + 3 * row - clientHeight;
    scrolled();
  }

  /**
   * Zoom by a factor around a place on the screen (pixels from the scroller's left).
   * @param {number} factor
   * @param {number} at
   */
  function zoomBy(factor, at = scroller.clientWidth / 2) {
    const tick = (scroller.scrollLeft + at - GUTTER) / geometry.scale;
    fitted = false;
    zoom = Math.max(NARROWEST, Math.min(WIDEST, geometry.scale * factor));
    const middle = geometry.low + geometry.rows / 2;
    row = Math.max(LOWEST_ROW, Math.min(TALLEST_ROW, row * factor));
    layOut();
    scroller.scrollTop = (HIGH + 1 - middle - geometry.rows / 2) * row;
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
  const resized = new ResizeObserver(() => {
    const was = seen;
    seen = scroller.clientWidth > 0;
    if (seen && !was) fitAll();
    else if (fitted) fit();
    else layOut();
  });
  resized.observe(scroller);
  signal.addEventListener("abort", () => resized.disconnect());

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
    const words = say(matchMedia("(pointer: coarse)").matches ? "Tap to draw a note." : "Click to draw a note, drag to make it longer.");
    pen.fillText(words, left + GUTTER + (scroller.clientWidth - GUTTER) / 2, RULER + (geometry.height - RULER) / 3);
    pen.textAlign = "start";
  });
  document.addEventListener("motif:language", drawSoon, { signal });

  // The grid between the beats, the notes' rings, and the bar after the music, which is only there to be drawn in.
  under.push((value, left, right) => {
    const first = value.bars[value.bars.length - 2];
    pen.fillStyle = colour("roll-room");
    pen.fillRect(xOf(first), RULER, xOf(value.end) - xOf(first), geometry.height);
    const { grid } = drawing;
    if (grid * geometry.scale < 9) return;
    pen.strokeStyle = colour("roll-beat");
    pen.globalAlpha = 0.6;
    for (const [bar, start] of value.bars.slice(0, -1).entries()) {
      for (let tick = start + grid; tick < value.bars[bar + 1]; tick += grid) {
        if (xOf(tick) > left && xOf(tick) < right) line(xOf(tick), RULER, geometry.height);
      }
    }
    pen.globalAlpha = 1;
  });
  over.push(() => {
    pen.strokeStyle = colour("ink");
    pen.lineWidth = 2;
    for (const note of drawing.selected) {
      const { x, y, width, tall } = geometry.boxOf(note);
      pen.beginPath();
      pen.roundRect(x, y, width, tall, note.new ? 0 : 5);
      pen.stroke();
    }
  });
  return { layOut, fit, centre, reveal, zoomBy, fitAll, /** A semitone, in CSS pixels. */ row: () => row };
}
