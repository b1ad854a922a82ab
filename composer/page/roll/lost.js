// @ts-check
// What the seed had and the take has not, where a melody was varied or restored: hollow, under what was written.
import { GUTTER } from "./geometry.js";

/** @param {import("./canvas.js").RollCanvas} roll */
export function drawLost({ under, pen, xOf, geometry, colour, outline }) {
  under.push((value, left, right) => {
    pen.strokeStyle = colour("seed");
    pen.lineWidth = 1.2;
    pen.setLineDash([3, 2]);
    for (const note of value.lost || []) {
      if (xOf(note.onset) >= right || xOf(note.onset + note.duration) <= left + GUTTER) continue;
      outline({ new: false }, geometry.boxOf(note));
      pen.stroke();
    }
    pen.setLineDash([]);
  });
}
