// What the seed had and the take has not, where a melody was varied or restored: hollow, under what was written.

const lostNotes = () => roll().lost || [];

under.push((value, left, right) => {
  pen.strokeStyle = colour("seed");
  pen.lineWidth = 1.2;
  pen.setLineDash([3, 2]);
  for (const note of lostNotes()) {
    if (xOf(note.onset) >= right || xOf(note.onset + note.duration) <= left + GUTTER) continue;
    outline({ new: false }, boxOf(note));
    pen.stroke();
  }
  pen.setLineDash([]);
});
