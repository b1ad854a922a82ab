// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { GUTTER, Geometry, RULER, barNumber, isBlack, nameOf } from "../../composer/page/roll/geometry.js";

/** @param {Partial<Geometry>} sizes */
function sized(sizes) {
  const geometry = new Geometry();
  geometry.set(sizes);
  return geometry;
}

test("ticks become pixels and pixels ticks", () => {
  const geometry = sized({ scale: 2 });
  assert.equal(geometry.xOf(96), GUTTER + 192);
  for (const tick of [0, 1, 96, 333]) assert.equal(geometry.tickOf(geometry.xOf(tick), 384), tick);
});

test("no pixel lies before the music or after its end", () => {
  const geometry = sized({ scale: 2 });
  assert.deepEqual([0, GUTTER - 1, 10_000].map(x => geometry.tickOf(x, 384)), [0, 0, 384]);
});

test("the lowest pitch stands at the bottom, and the rows fill what is under the bar numbers", () => {
  const geometry = sized({ low: 60, rows: 12, height: RULER + 120 });
  assert.equal(geometry.rowHeight, 10);
  assert.equal(geometry.yOf(60) + geometry.rowHeight, geometry.height);
  assert.equal(geometry.yOf(71), RULER);
  assert.deepEqual([geometry.pitches[0], geometry.pitches.length], [60, 12]);
});

test("where rows scroll, those seen in part are seen", () => {
  assert.deepEqual(sized({ low: 60.5, rows: 2 }).pitches, [60, 61, 62]);
});

test("a short note is wide enough to be seen, and no note is taller than its row", () => {
  const geometry = sized({ scale: 0.1, low: 60, rows: 10, height: RULER + 60 });
  const { width, tall } = geometry.boxOf({ onset: 0, pitch: 60, duration: 1 });
  assert.deepEqual([width, tall], [3, 5]);
});

test("pitches have names, and some are black", () => {
  assert.deepEqual([60, 61, 63, 69, 21].map(nameOf), ["C4", "C♯4", "E♭4", "A4", "A0"]);
  assert.deepEqual([60, 61, 64, 70].map(isBlack), [false, true, false, true]);
});

test("bars are counted from 1", () => {
  assert.deepEqual([0, 95, 96, 400].map(tick => barNumber([0, 96, 192], tick)), [1, 1, 2, 3]);
});
