// @ts-check
// What is drawn: notes, the voice that is drawn in, what is selected, what can be done to notes, and the way back. Ticks
// are the only unit here. Values are never changed, only replaced, so that a step back is cheap.

/** @typedef {{ onset: number, pitch: number, duration: number, voice: number, new: boolean, velocity?: number }} Note */
/** @typedef {{ tick: number, name: string, beat: number, bar: number }} Metre */
/** @typedef {{ name: string, program: number, drum: boolean }} Part */
/**
 * The value but for its notes; `composer/page/editor/drawing.py` describes it.
 * @typedef {object} Facts
 * @property {Metre[]} metres
 * @property {import("../roll/clock.js").Tempo[]} tempos
 * @property {Part[]} parts
 * @property {number} room bars that are shown at least
 * @property {string} metre
 * @property {number} tempo in quarters a minute
 * @property {string | null} key
 * @property {string} title
 * @property {number} [beat] ticks that the tempo counts
 * @property {any[]} voices
 * @property {number | null} new_from
 */
/** @typedef {Facts & import("../roll/canvas.js").Picture & { notes: Note[], voice: null, ends_at: number }} DrawingPicture */
/** @typedef {{ list: Note[], chosen: Note[] }} Altered all notes, and those among them that were altered */
/**
 * Who is told.
 * @typedef {object} Listener
 * @property {(longer: boolean) => void} redraw what is seen changed; `longer` where the bars did too
 * @property {() => void} changed a step was taken: the page wants to know
 * @property {(name: string) => void} back what was there before this seed is wanted again
 */

export const LOW = 21, HIGH = 108;  // the pitches of a piano
const SPARE_BARS = 1;          // after the music, to draw in
const MOST_STEPS = 200;        // that can be undone
const LOUDNESS = 80;           // of a note that has no neighbour to take it from

/** @type {Facts} */
const NOTHING = {
  title: "", voices: [], new_from: null, metres: [{ tick: 0, name: "4/4", beat: 24, bar: 96 }], tempos: [],
  room: 4, metre: "4/4", tempo: 120, key: null, parts: [{ name: "Melody", program: 0, drum: false }],
};

/**
 * The bar lines up to the first one at or after a tick, that one included.
 * @param {Metre[]} metres
 * @param {number} until
 */
export function barLines(metres, until) {
  const lines = [];
  for (const [at, metre] of metres.entries()) {
    const next = metres[at + 1]?.tick ?? Infinity;
    for (let tick = metre.tick; tick < Math.min(next, until); tick += metre.bar) lines.push(tick);
  }
  const last = metres.filter(metre => metre.tick < until).pop() ?? metres[0];
  const line = last.tick + Math.ceil((until - last.tick) / last.bar) * last.bar;
  return [...lines, Math.max(line, last.bar)];
}

/** @param {Note[]} list */
const endOf = list => list.reduce((end, note) => Math.max(end, note.onset + note.duration), 0);

/** @param {Pick<Metre, "tick">[]} changes @param {number} tick */
const lastBefore = (changes, tick) => changes.filter(change => change.tick <= tick).length - 1;

export class Drawing {
  facts = NOTHING;
  /** @type {Note[]} */
  notes = [];
  /** @type {Note[] | null} */
  #draft = null;  // the notes while a gesture goes on
  /** @type {Set<Note>} */
  selected = new Set();
  voice = 0;     // that is drawn in
  grid = 12;     // ticks
  brush = 24;    // ticks of the next note
  edition = 0;
  /** @type {({ notes: Note[], facts: Facts } | { before: string })[]} */
  #past = [];
  /** @type {{ notes: Note[], facts: Facts }[]} */
  #future = [];
  /** @type {Note[]} */
  #clipboard = [];
  /** @type {Listener} */
  #listener;
  /** @type {DrawingPicture} */
  picture;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    this.picture = this.#pictured();
  }

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  /** The notes that are selected, none else. @param {Iterable<Note>} notes */
  select(notes = []) { this.selected = new Set(notes); }
  /** @param {number} index */
  drawIn(index) { this.voice = index; }
  /** @param {number} ticks */
  setGrid(ticks) { this.grid = this.brush = ticks; }
  /** The next note will be so long. @param {number} ticks */
  setBrush(ticks) { this.brush = ticks; }
  /** A bar more to draw in. */
  makeRoom() { this.facts = { ...this.facts, room: this.facts.room + 1 }; }

  /** @param {number} tick */
  metreAt(tick) { return this.facts.metres[lastBefore(this.facts.metres, tick)] ?? this.facts.metres[0]; }

  // The picture of what is drawn: the music's bars, at least as many as there is room for, and one more to draw in.
  /** @returns {DrawingPicture} */
  #pictured() {
    const list = this.#draft ?? this.notes, { metres, room } = this.facts;
    /** @param {number[]} lines */
    const longer = lines => barLines(metres, /** @type {number} */ (lines.at(-1)) + 1);
    let lines = barLines(metres, Math.max(endOf(list), 1));
    while (lines.length - 1 < room) lines = longer(lines);
    for (let spare = 0; spare < SPARE_BARS; spare++) lines = longer(lines);
    return { ...this.facts, notes: list, voice: null, bars: lines, end: /** @type {number} */ (lines.at(-1)), ends_at: endOf(list) };
  }

  rebuild() {
    const before = this.picture.end;
    this.picture = this.#pictured();
    this.#listener.redraw(this.picture.end !== before);
  }

  // The notes in order, one at a time on each pitch of a voice: the later stroke of two at once, and cut by the next one.
  /** @param {Note[]} list */
  #tidy(list) {
    /** @type {Map<number, Note[]>} */
    const lines = new Map();
    const ordered = list.map((note, order) => ({ note, order })).sort((a, b) => a.note.onset - b.note.onset || a.order - b.order);
    for (const { note } of ordered) {
      const key = note.voice * 128 + note.pitch, line = lines.get(key) ?? [];
      const last = line.at(-1);
      if (last && last.onset === note.onset) line.pop();
      else if (last && last.onset + last.duration > note.onset) {
        const cut = { ...last, duration: note.onset - last.onset };
        line[line.length - 1] = cut;
        if (this.selected.delete(last)) this.selected.add(cut);
      }
      line.push(note);
      lines.set(key, line);
    }
    return [...lines.values()].flat().sort((a, b) => a.onset - b.onset || a.pitch - b.pitch);
  }

  /**
   * Take these notes (and facts) over as a step that can be undone, and tell the page.
   * @param {Note[]} list
   * @param {Iterable<Note>} chosen
   * @param {Facts} facts
   */
  change(list, chosen = [], facts = this.facts) {
    this.#past = [...this.#past.slice(-MOST_STEPS + 1), { notes: this.notes, facts: this.facts }];
    this.#future = [];
    this.#settle(list, facts, chosen);
  }

  /** @type {(list: Note[], facts: Facts, chosen?: Iterable<Note>) => void} */
  #settle(list, facts, chosen = []) {
    this.#draft = null;
    this.facts = facts;
    this.voice = Math.min(this.voice, facts.parts.length - 1);
    this.select(chosen);
    this.notes = this.#tidy(list);
    this.select(this.notes.filter(note => this.selected.has(note)));
    this.rebuild();
    this.edition += 1;
    this.#listener.changed();
  }

  /** A step back; false where there is none. */
  undo() {
    const step = this.#past.pop();
    if (!step) return false;
    if ("before" in step) {
      this.#listener.back(step.before);
      return true;
    }
    this.#future.push({ notes: this.notes, facts: this.facts });
    this.#settle(step.notes, step.facts);
    return true;
  }

  /** The step that was undone last, again; false where there is none. */
  redo() {
    const step = this.#future.pop();
    if (!step) return false;
    this.#past.push({ notes: this.notes, facts: this.facts });
    this.#settle(step.notes, step.facts);
    return true;
  }

  /**
   * While a gesture goes on: what the notes would be.
   * @param {Note[]} list
   * @param {Iterable<Note>} chosen
   */
  sketch(list, chosen) {
    this.#draft = list;
    this.select(chosen);
    this.rebuild();
  }

  /** What was sketched comes to nothing. */
  forget() {
    this.#draft = null;
    this.rebuild();
  }

  /**
   * Another seed.
   * @param {Facts & { notes: Note[], before?: string }} value
   */
  take({ notes, ...facts }) {
    this.facts = JSON.parse(JSON.stringify(facts));
    this.notes = notes.map(note => ({ ...note }));
    this.#past = facts.before ? [{ before: facts.before }] : [];  // one's own tune, in whose place this one came
    this.#future = [];
    this.select();
    this.#draft = null;
    this.edition = 0;
    this.voice = Math.max(0, this.facts.parts.findIndex(part => !part.drum));
    this.rebuild();
  }

  /**
   * The last grid line of its bar at or before a tick.
   * @param {number} tick
   */
  floorToGrid(tick) {
    const start = this.picture.bars.filter(line => line <= tick).pop() ?? 0;
    return start + Math.floor((tick - start) / this.grid) * this.grid;
  }

  /** @param {number} tick */
  nearestGrid(tick) {
    const below = this.floorToGrid(Math.max(0, tick)), next = below + this.grid;
    return tick - below < next - tick ? below : next;
  }

  /**
   * The note at a place, of the voice that is drawn in before others.
   * @param {number} tick
   * @param {number} pitch
   * @param {number} slack ticks that a short note is long at least
   */
  noteAt(tick, pitch, slack = 0) {
    const here = this.notes.filter(note => !this.facts.parts[note.voice]?.drum && note.pitch === pitch
      && note.onset <= tick && tick < note.onset + Math.max(note.duration, slack));
    return here.find(note => note.voice === this.voice) ?? here.pop() ?? null;
  }

  #loudness() {
    const known = this.notes.filter(note => note.voice === this.voice).map(note => note.velocity ?? LOUDNESS).sort((a, b) => a - b);
    return known[Math.floor(known.length / 2)] ?? LOUDNESS;
  }

  /**
   * @param {number} onset
   * @param {number} pitch
   * @returns {Note}
   */
  newNote(onset, pitch) {
    return { onset, pitch, duration: Math.max(1, this.brush), voice: this.voice, new: false, velocity: this.#loudness() };
  }

  // Notes that are changed alike, within the roll: `edit` maps a note; the others stay.
  /** @type {(chosen: Iterable<Note>, edit: (note: Note) => Note) => Altered} */
  #altered(chosen, edit) {
    const next = new Map([...chosen].map(note => [note, edit(note)]));
    return { list: this.notes.map(note => next.get(note) ?? note), chosen: [...next.values()] };
  }

  /**
   * @param {Iterable<Note>} chosen
   * @param {number} ticks
   * @param {number} steps semitones
   */
  moved(chosen, ticks, steps) {
    const list = [...chosen];
    const earliest = Math.min(...list.map(note => note.onset)), pitches = list.map(note => note.pitch);
    const by = Math.max(ticks, -earliest);
    const up = Math.max(LOW - Math.min(...pitches), Math.min(HIGH - Math.max(...pitches), steps));
    return this.#altered(chosen, note => ({ ...note, onset: note.onset + by, pitch: note.pitch + up }));
  }

  /**
   * @param {Iterable<Note>} chosen
   * @param {number} ticks
   */
  stretched(chosen, ticks) {
    const least = Math.min(this.grid, ...[...chosen].map(note => note.duration));
    return this.#altered(chosen, note => ({ ...note, duration: Math.max(least, note.duration + ticks) }));
  }

  /** @param {Set<Note>} chosen */
  without(chosen) { return this.notes.filter(note => !chosen.has(note)); }

  /** @type {(from: number, until: number, low: number, high: number) => Note[]} */
  within(from, until, low, high) {
    return this.notes.filter(note => note.onset < until && note.onset + note.duration > from && note.pitch >= low && note.pitch <= high);
  }

  /**
   * A copy of notes that begins at a tick.
   * @param {Note[]} list
   * @param {number} tick
   */
  copiedTo(list, tick) {
    const first = Math.min(...list.map(note => note.onset)), last = this.facts.parts.length - 1;
    return list.map(note => ({ ...note, onset: note.onset - first + tick, voice: Math.min(note.voice, last) }));
  }

  /** Put a copy of what is selected behind it; gives the copy. */
  duplicate() {
    const list = [...this.selected], added = this.copiedTo(list, this.nearestGrid(endOf(list)));
    this.change([...this.notes, ...added], added);
    return added;
  }

  copy() { this.#clipboard = [...this.selected]; }

  /** @param {number} tick */
  paste(tick) {
    if (!this.#clipboard.length) return;
    const added = this.copiedTo(this.#clipboard, tick);
    this.change([...this.notes, ...added], added);
  }

  /** @param {Set<Note>} chosen */
  remove(chosen) {
    if (chosen.size) this.change(this.without(chosen));
  }
}
