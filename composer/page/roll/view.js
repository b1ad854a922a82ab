// How large a take is drawn: all of its bars and pitches at once where that fits.

const LOWEST = 264, HIGHEST = 400, ROW = 9;             // CSS pixels: the canvas grows with its rows
const SHORTEST_BAR = 34;                                // CSS pixels: longer pieces scroll

function layOut() {
  const value = roll(), width = scroller.clientWidth;
  if (!width) return;
  const fit = (width - GUTTER - PAD) / value.end;
  const shortest = SHORTEST_BAR * (value.bars.length - 1) / value.end;
  view.scale = Math.max(fit, shortest);
  const pitches = [...value.notes, ...lostNotes()].map(note => note.pitch);
  const low = Math.min(127, ...pitches), high = Math.max(0, ...pitches);
  const middle = pitches.length ? (low + high) / 2 : 67;
  view.rows = Math.max(FEWEST_ROWS, pitches.length ? high - low + 7 : 0);
  view.low = Math.max(0, Math.round(middle - view.rows / 2));
  view.height = Math.min(HIGHEST, Math.max(LOWEST, RULER + ROW * view.rows));
  spacer.style.width = `${Math.max(width, Math.floor(xOf(value.end) + PAD))}px`;
  sizeCanvas(width, view.height);
  draw();
}
new ResizeObserver(layOut).observe(scroller);
