// @ts-check
// What this browser remembers of the session: takes, which came from which, what is liked and kept, and their seeds.
// A take is what Python's `entry` describes; here its picture's notes are kept as short arrays, and seeds but once.
// Several tabs write into the one store, so each takes over what the others wrote before it writes.

/** @typedef {{ onset: number, pitch: number, duration: number, voice: number, new: boolean, copied?: boolean }} PictureNote */
/** @typedef {{ notes: PictureNote[], bars: number[], end: number, tempos: object[], [more: string]: any }} Picture */
/** @typedef {import("../wire/wire.js").SentTake & Kept} Take */
/**
 * What a take has here beside what Python needs of it.
 * @typedef {object} Kept
 * @property {string | null} parent the id of the take that it came of
 * @property {Picture} picture
 * @property {string} title
 * @property {string} headline
 * @property {string[]} sentences
 * @property {string} [silence] why it cannot be heard
 * @property {string} print the same for takes that are equal note for note
 * @property {string} press
 * @property {number} slot its place among the takes of its press
 * @property {boolean} [edited]
 * @property {number[]} [traits]
 * @property {string} [name] what the visitor called it
 * @property {number} made in milliseconds
 * @property {number} index the number of its letter
 * @property {number} [changed] in milliseconds
 * @property {boolean} [kept]
 * @property {boolean} [liked]
 * @property {import("../wire/wire.js").MixerPosition} [mix]
 * @property {string} [twin] the id of a take made before that is the same
 * @property {{ path: string, url: string } | null} [audio]
 * @property {any} [heard] what the readers say of it
 */
/** @typedef {{ takes: Take[], gone: Record<string, number>, shown?: string, before?: string, byTaste?: boolean }} Stored */

export const KEPT_AS = "motif-session", SHOWN_AS = "motif-shown";  // the second for this tab alone
const MOST = 120, MOST_GONE = 400;  // takes; the oldest that is neither kept nor liked makes way
const NEW = 1, COPIED = 2;  // flags of a note

/** @param {PictureNote} note */
const squeezed = note => [note.onset, note.pitch, note.duration, note.voice, (note.new ? NEW : 0) + (note.copied ? COPIED : 0)];
/** @param {number[]} note */
const unsqueezed = ([onset, pitch, duration, voice, flags]) =>
  ({ onset, pitch, duration, voice, new: Boolean(flags & NEW), copied: Boolean(flags & COPIED) });

export class TakeStore {
  /** @type {Take[]} */
  takes = [];
  /** @type {Record<string, number>} */
  gone = {};  // id → when it was discarded
  /** @type {string | null} */
  shown = null;
  /** @type {string | null} */
  before = null;  // the id of the take that was shown before
  byTaste = false;
  /** @type {Take | null} */
  dropped = null;  // the take discarded last
  /** @type {Pick<Storage, "getItem" | "setItem">} */
  #local;
  /** @type {Pick<Storage, "getItem" | "setItem">} */
  #tab;
  #cramped = false;  // whether takes had to make way for others: then tabs do not press theirs upon each other

  /**
   * @param {Pick<Storage, "getItem" | "setItem">} local what all tabs share
   * @param {Pick<Storage, "getItem" | "setItem">} tab what this tab has for itself
   */
  constructor(local, tab) {
    this.#local = local;
    this.#tab = tab;
  }

  /** @param {string | null | undefined} id */
  takeOf(id) { return this.takes.find(take => take.id === id) || null; }
  shownTake() { return this.takeOf(this.shown); }
  /** @param {Take} take */
  parentOf(take) { return this.takeOf(take.parent); }

  /** @param {Take} take */
  touch(take) { take.changed = Date.now(); }
  /** @param {Take} take */
  #isGone(take) { return (this.gone[take.id] ?? 0) >= (take.changed ?? take.made); }

  /** @param {string | null} id */
  show(id) { this.shown = id; }
  /** @param {string | null} id */
  remindOf(id) { this.before = id; }
  /** @param {boolean} on */
  orderByTaste(on) { this.byTaste = on; }

  /** @param {Take} take */
  add(take) {
    if (this.takeOf(take.id) || this.gone[take.id]) return;  // Python tells of a press's takes again with every new one
    take.made = Date.now();
    take.index = 1 + Math.max(-1, ...this.takes.map(other => other.index));
    if (take.edited) take.mix = this.takeOf(take.parent)?.mix;  // it sounds as the one it was
    take.twin = this.takes.find(other => other.print === take.print)?.id;
    this.takes.push(take);
  }

  /** @param {Take} take */
  forget(take) {
    this.gone[take.id] = Date.now();
    this.takes = this.takes.filter(other => other !== take);
  }

  /**
   * Forget a take that can be brought back.
   * @param {Take} take
   */
  drop(take) {
    this.dropped = take;
    this.forget(take);
  }

  /** The take dropped last is there again. */
  bringBack() {
    if (!this.dropped) return;
    this.touch(this.dropped);
    this.takes.push(this.dropped);
    this.dropped = null;
  }

  /**
   * Forget all, or all but those kept, for good.
   * @param {boolean} all
   */
  clear(all) {
    for (const take of [...this.takes]) if (all || !take.kept) this.forget(take);
    this.dropped = null;
  }

  // The oldest make way; they are marked, so that another tab does not bring them back.
  #makeRoom() {
    while (this.takes.length > MOST) this.forget(this.takes.find(other => !other.kept && !other.liked) || this.takes[0]);
  }

  /** @returns {Stored} */
  #stored() {
    /** @type {any} */
    let kept = null;
    try { kept = JSON.parse(this.#local.getItem(KEPT_AS) ?? "null"); } catch { kept = null; }
    if (!kept || !Array.isArray(kept.takes)) return { takes: [], gone: {} };
    const takes = kept.takes.map((/** @type {any} */ take, /** @type {number} */ index) => ({
      made: index, index, ...take, audio: null, seed: kept.seeds[take.recipe.parent],
      picture: { ...take.picture, notes: take.picture.notes.map(unsqueezed) },
    }));
    return { ...kept, takes, gone: kept.gone ?? {} };
  }

  /**
   * What other tabs wrote since: their takes beside ours, of the same take what was changed last, without those discarded.
   * @param {Stored} stored
   */
  #takeOver({ takes, gone }) {
    for (const [id, when] of Object.entries(gone)) this.gone[id] = Math.max(when, this.gone[id] ?? 0);
    for (const theirs of takes) {
      const mine = this.takeOf(theirs.id);
      if (!mine) this.takes.push(theirs);
      else if ((theirs.changed ?? 0) > (mine.changed ?? 0)) Object.assign(mine, theirs, { audio: mine.audio });
    }
    this.takes = this.takes.filter(take => !this.#isGone(take)).sort((one, other) => one.made - other.made);
    this.#nameApart();
    this.#makeRoom();
  }

  // Two tabs may have given the same letter: the later take gets the next.
  #nameApart() {
    const used = new Set();
    let next = 1 + Math.max(-1, ...this.takes.map(take => take.index));
    for (const take of this.takes) {
      if (used.has(take.index)) take.index = next++;
      used.add(take.index);
    }
  }

  /** Take over what other tabs wrote, and write. */
  remember() {
    this.#takeOver(this.#stored());
    this.#write();
  }

  #write() {
    /** @type {Record<string, unknown>} */
    const seeds = {};
    const takes = this.takes.map(({ audio, heard, ...take }) => {
      seeds[take.recipe.parent] = take.seed;
      return { ...take, seed: null, picture: { ...take.picture, audio: null, notes: take.picture.notes.map(squeezed) } };
    });
    const gone = Object.fromEntries(Object.entries(this.gone).sort((one, other) => other[1] - one[1]).slice(0, MOST_GONE));
    const { shown, before, byTaste } = this;
    this.#tab.setItem(SHOWN_AS, shown ?? "");
    while (true) {
      try {
        this.#local.setItem(KEPT_AS, JSON.stringify({ takes, seeds, gone, shown, before, byTaste }));
        return;
      } catch {  // the browser gives about five million letters: the oldest make way
        this.#cramped = true;
        if (!takes.shift()) return;
      }
    }
  }

  /** What was remembered, when the page opens. */
  recall() {
    const kept = this.#stored();
    this.#takeOver(kept);
    this.shown = (this.#tab.getItem(SHOWN_AS) ?? kept.shown) || null;
    this.before = kept.before ?? null;
    this.byTaste = Boolean(kept.byTaste);
  }

  /** Another tab wrote. Gives whether the take that is shown is no more. */
  hearOther() {
    const theirs = this.#stored(), all = theirs.takes;
    this.#takeOver({ ...theirs, takes: [...all] });
    // Both may have written at once, each without knowing of the other: what is known here alone is said again.
    const unknown = this.takes.some(mine => !all.find(other => other.id === mine.id));
    if (!this.#cramped && (all.some(take => this.#isGone(take)) || unknown)) this.#write();
    if (!this.shown || this.shownTake()) return false;
    this.shown = null;
    return true;
  }
}
