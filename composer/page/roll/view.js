// @ts-check
// How large a take is drawn: all of its bars and pitches at once where that fits.
import { FEWEST_ROWS, GUTTER, PAD, RULER } from "./geometry.js";

const LOWEST = 264, HIGHEST = 400, ROW = 9;             // CSS pixels: the canvas grows with its rows
const SHORTEST_BAR = 34;                                // CSS pixels: longer pieces scroll

/**
 * Gives what lays the roll out anew; it does so by itself when its room changes.
 * @param {import("../gradio.js").Host} host
 * @param {import("./canvas.js").RollCanvas} canvas
 */
export function layOutWhole({ signal }, { scroller, spacer, geometry, roll, xOf, sizeCanvas, draw }) {
  function layOut() {
    const value = roll(), width = scroller.clientWidth;
    if (!width) return;
    const fit = (width - GUTTER - PAD) / value.end;
    const shortest = SHORTEST_BAR * (value.bars.length - 1) / value.end;
    const pitches = [...value.notes, ...value.lost || []].map(note => note.pitch);
    const low = Math.min(127, ...pitches), high = Math.max(0, ...pitches);
    const middle = pitches.length ? (low + high) / 2 : 67;
    const rows = Math.max(FEWEST_ROWS, pitches.length ? high - low + 7 : 0);
    geometry.set({
      scale: Math.max(fit, shortest),
      rows,
      low: Math.max(0, Math.round(middle - rows / 2)),
      height: Math.min(HIGHEST, Math.max(LOWEST, RULER + ROW * rows)),
    });
    spacer.style.width = `${Math.max(width, Math.floor(xOf(value.end) + PAD))}px`;
    sizeCanvas(width, geometry.height);
    draw();
  }
  const resized = new ResizeObserver(layOut);
  resized.observe(scroller);
  signal.addEventListener("abort", () => resized.disconnect());
  return layOut;
}
