// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder } from "../../composer/page/takes/cards.js";
import { KEPT_AS, TakeStore } from "../../composer/page/takes/store.js";

/** @typedef {import("../../composer/page/takes/store.js").Take} Take */

// Storage as a browser has it; `most` letters fit in one entry.
class Shelf {
  /** @type {Map<string, string>} */
  entries = new Map();
  most = Infinity;
  /** @param {string} key */
  getItem(key) { return this.entries.get(key) ?? null; }
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (value.length > this.most) throw new DOMException("full", "QuotaExceededError");
    this.entries.set(key, value);
  }
}

/**
 * @param {string} id
 * @param {Partial<Take>} more
 * @returns {Take}
 */
function take(id, more = {}) {
  return /** @type {Take} */ ({
    id, parent: null, print: id, press: id, slot: 0, title: "Stairs", headline: "", sentences: [], made: 0, index: 0,
    picture: { notes: [{ onset: 0, pitch: 60, duration: 24, voice: 0, new: true, copied: false }], bars: [0, 96], end: 96, tempos: [] },
    score: { voices: [{ name: "" }] }, recipe: { parent: "seed", checkpoint: "lstm", request: { task: "continue" } },
    seed: { title: "Stairs" }, ...more,
  });
}
const opened = (local = new Shelf()) => new TakeStore(local, new Shelf());
/** @param {TakeStore} store */
const ids = store => store.takes.map(({ id }) => id);

test("what is remembered comes back whole", () => {
  const local = new Shelf(), store = opened(local), again = opened(local);
  store.add(take("a"));
  store.show("a");
  store.remember();
  again.recall();
  assert.deepEqual(again.takes[0].picture.notes, store.takes[0].picture.notes);
  assert.deepEqual(again.takes[0].seed, { title: "Stairs" });
  assert.equal(again.shownTake()?.id, "a");
});

test("a seed is kept but once", () => {
  const local = new Shelf(), store = opened(local);
  for (const id of ["a", "b"]) store.add(take(id));
  store.remember();
  assert.equal(local.getItem(KEPT_AS)?.split('{"title":"Stairs"}').length, 2);
});

test("a take that is told again is not added again, nor one that was discarded", () => {
  const store = opened();
  store.add(take("a"));
  store.add(take("a"));
  store.drop(store.takes[0]);
  store.add(take("a"));
  assert.deepEqual(ids(store), []);
  store.bringBack();
  assert.deepEqual(ids(store), ["a"]);
});

test("takes that are equal note for note know it", () => {
  const store = opened();
  store.add(take("a", { print: "same" }));
  store.add(take("b", { print: "same" }));
  assert.equal(store.takes[1].twin, "a");
});

test("two tabs keep each other's takes, each with a letter of its own, and what one discards is gone in both", t => {
  t.mock.timers.enable({ apis: ["Date"], now: 1000 });
  const local = new Shelf(), one = opened(local), two = opened(local);
  one.add(take("a"));
  t.mock.timers.tick(1);
  two.add(take("b"));
  one.remember();
  two.remember();
  one.hearOther();
  assert.deepEqual([ids(one), ids(two)], [["a", "b"], ["a", "b"]]);
  assert.deepEqual(two.takes.map(({ index }) => index), [0, 1]);
  one.show("b");
  t.mock.timers.tick(1);
  two.drop(two.takes[1]);
  two.remember();
  assert.equal(one.hearOther(), true);
  assert.deepEqual([ids(one), one.shown], [["a"], null]);
});

test("where the browser is full the oldest make way", () => {
  const local = new Shelf(), store = opened(local), again = opened(local);
  for (const id of ["a", "b", "c"]) store.add(take(id));
  store.remember();
  local.most = (local.getItem(KEPT_AS)?.length ?? 0) - 1;
  store.remember();
  again.recall();
  assert.deepEqual(ids(again), ["b", "c"]);
});

test("of more than 120 takes the oldest that is neither kept nor liked makes way", () => {
  const store = opened();
  for (let n = 0; n <= 120; n++) store.add(take(`take ${n}`, { kept: n === 0, liked: n === 1 }));
  store.remember();
  assert.equal(store.takes.length, 120);
  assert.deepEqual(ids(store).slice(0, 3), ["take 0", "take 1", "take 3"]);
});

test("a broken store is as an empty one", () => {
  const local = new Shelf(), store = opened(local);
  local.setItem(KEPT_AS, '{"takes": [');
  store.recall();
  assert.deepEqual(ids(store), []);
});

test("takes stand under the one they came from, those of a press in their order", () => {
  const store = opened();
  store.add(take("a"));
  store.add(take("second", { press: "p", slot: 1 }));
  store.add(take("first", { press: "p", slot: 0 }));
  store.add(take("child", { parent: "a" }));
  const placed = () => inOrder(store, null).map(({ take, depth }) => `${take.id} ${depth}`);
  assert.deepEqual(placed(), ["first 0", "second 0", "a 0", "child 1"]);
  const order = { a: { place: 0, why: "" }, child: { place: 1, why: "" } };
  assert.deepEqual(inOrder(store, order).map(({ take }) => take.id), ["a", "child", "second", "first"]);
});
