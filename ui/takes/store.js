// What this browser remembers of the session: takes, which came from which, what is liked and kept, and their seeds.
// A take is what Python's `entry` describes; here its picture's notes are kept as short arrays, and seeds but once.

const KEPT_AS = "motif-session";
const MOST = 120;  // takes; the oldest that is neither kept nor liked makes way
const session = { takes: [], shown: null, before: null, byTaste: false };
let dropped = null;  // the take discarded last

const takeOf = id => session.takes.find(take => take.id === id) || null;
const shownTake = () => takeOf(session.shown);
// The take whose notes another began from.
const parentOf = take => takeOf(take.parent) || session.takes.find(other => other.print === take.recipe.parent && other !== take) || null;

function addTake(take) {
  if (takeOf(take.id)) return;
  session.takes.push(take);
  while (session.takes.length > MOST) {
    const oldest = session.takes.find(other => !other.kept && !other.liked) || session.takes[0];
    session.takes.splice(session.takes.indexOf(oldest), 1);
  }
}

const NEW = 1, COPIED = 2;  // flags of a note
const squeezed = note => [note.onset, note.pitch, note.duration, note.voice, (note.new ? NEW : 0) + (note.copied ? COPIED : 0)];
const unsqueezed = ([onset, pitch, duration, voice, flags]) =>
  ({ onset, pitch, duration, voice, new: Boolean(flags & NEW), copied: Boolean(flags & COPIED) });

function remember() {
  const seeds = {};
  const takes = session.takes.map(({ audio, heard, ...take }) => {
    seeds[take.recipe.parent] = take.seed;
    return { ...take, seed: null, picture: { ...take.picture, audio: null, notes: take.picture.notes.map(squeezed) } };
  });
  while (true) {
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify({ takes, seeds, shown: session.shown, before: session.before, byTaste: session.byTaste }));
      return;
    } catch (full) {  // the browser gives about five million letters: the oldest make way
      if (!takes.shift()) return;
    }
  }
}

function recall() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(KEPT_AS)); } catch (broken) { kept = null; }
  if (!kept || !Array.isArray(kept.takes)) return;
  session.takes = kept.takes.map(take => ({
    ...take, audio: null, seed: kept.seeds[take.recipe.parent],
    picture: { ...take.picture, notes: take.picture.notes.map(unsqueezed) },
  }));
  session.shown = kept.shown;
  session.before = kept.before;
  session.byTaste = Boolean(kept.byTaste);
}

// What Python needs of a take: nothing that only pictures it.
function bare(take) {
  const { picture, audio, heard, ...rest } = take;
  return rest;
}
