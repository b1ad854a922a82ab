// What this browser remembers of the session: takes, which came from which, what is liked and kept, and their seeds.
// A take is what Python's `entry` describes; here its picture's notes are kept as short arrays, and seeds but once.
// Several tabs write into the one store, so each takes over what the others wrote before it writes.

const KEPT_AS = "motif-session", SHOWN_AS = "motif-shown";  // the second for this tab alone
const MOST = 120, MOST_GONE = 400;  // takes; the oldest that is neither kept nor liked makes way
const session = { takes: [], gone: {}, shown: null, before: null, byTaste: false };  // `gone`: id → when it was discarded
let dropped = null;  // the take discarded last

const takeOf = id => session.takes.find(take => take.id === id) || null;
const shownTake = () => takeOf(session.shown);
const parentOf = take => takeOf(take.parent);
const touch = take => { take.changed = Date.now(); };
const isGone = take => (session.gone[take.id] ?? 0) >= (take.changed ?? take.made);

function addTake(take) {
  if (takeOf(take.id) || session.gone[take.id]) return;  // Python tells of a press's takes again with every new one
  take.made = Date.now();
  take.index = 1 + Math.max(-1, ...session.takes.map(other => other.index));
  if (take.edited) take.mix = takeOf(take.parent)?.mix;  // it sounds as the one it was
  take.twin = session.takes.find(other => other.print === take.print)?.id;
  session.takes.push(take);
}

// The oldest make way; they are marked, so that another tab does not bring them back.
function makeRoom() {
  while (session.takes.length > MOST) {
    const oldest = session.takes.find(other => !other.kept && !other.liked) || session.takes[0];
    forgetTake(oldest);
  }
}

function forgetTake(take) {
  session.gone[take.id] = Date.now();
  session.takes = session.takes.filter(other => other !== take);
}

const NEW = 1, COPIED = 2;  // flags of a note
const squeezed = note => [note.onset, note.pitch, note.duration, note.voice, (note.new ? NEW : 0) + (note.copied ? COPIED : 0)];
const unsqueezed = ([onset, pitch, duration, voice, flags]) =>
  ({ onset, pitch, duration, voice, new: Boolean(flags & NEW), copied: Boolean(flags & COPIED) });

function stored() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(KEPT_AS)); } catch (broken) { kept = null; }
  if (!kept || !Array.isArray(kept.takes)) return { takes: [], gone: {} };
  const takes = kept.takes.map((take, index) => ({
    made: index, index, ...take, audio: null, seed: kept.seeds[take.recipe.parent],
    picture: { ...take.picture, notes: take.picture.notes.map(unsqueezed) },
  }));
  return { ...kept, takes, gone: kept.gone ?? {} };
}

// What other tabs wrote since: their takes beside ours, of the same take what was changed last, without those discarded.
function takeOver({ takes, gone }) {
  for (const [id, when] of Object.entries(gone)) session.gone[id] = Math.max(when, session.gone[id] ?? 0);
  for (const theirs of takes) {
    const mine = takeOf(theirs.id);
    if (!mine) session.takes.push(theirs);
    else if ((theirs.changed ?? 0) > (mine.changed ?? 0)) Object.assign(mine, theirs, { audio: mine.audio });
  }
  session.takes = session.takes.filter(take => !isGone(take)).sort((one, other) => one.made - other.made);
  nameApart();
  makeRoom();
}

// Two tabs may have given the same letter: the later take gets the next.
function nameApart() {
  const used = new Set();
  let next = 1 + Math.max(-1, ...session.takes.map(take => take.index));
  for (const take of session.takes) {
    if (used.has(take.index)) take.index = next++;
    used.add(take.index);
  }
}

let cramped = false;  // whether takes had to make way for others: then tabs do not press theirs upon each other
function remember() {
  takeOver(stored());
  write();
}

function write() {
  const seeds = {};
  const takes = session.takes.map(({ audio, heard, ...take }) => {
    seeds[take.recipe.parent] = take.seed;
    return { ...take, seed: null, picture: { ...take.picture, audio: null, notes: take.picture.notes.map(squeezed) } };
  });
  const gone = Object.fromEntries(Object.entries(session.gone).sort((one, other) => other[1] - one[1]).slice(0, MOST_GONE));
  const { shown, before, byTaste } = session;
  sessionStorage.setItem(SHOWN_AS, shown ?? "");
  while (true) {
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify({ takes, seeds, gone, shown, before, byTaste }));
      return;
    } catch (full) {  // the browser gives about five million letters: the oldest make way
      cramped = true;
      if (!takes.shift()) return;
    }
  }
}

function recall() {
  const kept = stored();
  takeOver(kept);
  session.shown = (sessionStorage.getItem(SHOWN_AS) ?? kept.shown) || null;
  session.before = kept.before ?? null;
  session.byTaste = Boolean(kept.byTaste);
}

window.addEventListener("storage", event => {
  if (event.key !== KEPT_AS) return;
  const theirs = stored(), all = theirs.takes;
  takeOver({ ...theirs, takes: [...all] });
  // Both may have written at once, each without knowing of the other: what is known here alone is said again.
  if (!cramped && (all.some(isGone) || session.takes.some(mine => !all.find(other => other.id === mine.id)))) write();
  if (session.shown && !shownTake()) {
    session.shown = null;
    document.dispatchEvent(new CustomEvent("motif:show", { detail: { value: null } }));
  }
  paint();
});

// What Python needs of a take: nothing that only pictures it.
function bare(take) {
  const { picture, audio, heard, ...rest } = take;
  return { ...rest, called: nameOf(take) };
}
