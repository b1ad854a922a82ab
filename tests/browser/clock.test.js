// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { clockOf, secondsAt, tickAt } from "../../composer/page/roll/clock.js";

// 120 quarters a minute, and from the second bar on 60.
const TEMPOS = [
  { tick: 0, seconds: 0, seconds_per_tick: 1 / 48 },
  { tick: 96, seconds: 2, seconds_per_tick: 1 / 24 },
];

test("ticks become seconds, tempo by tempo", () => {
  assert.deepEqual([0, 48, 96, 120, 192].map(tick => secondsAt(TEMPOS, tick)), [0, 1, 2, 3, 6]);
});

test("and seconds become ticks again", () => {
  for (const tick of [0, 1, 95, 96, 97, 500]) assert.ok(Math.abs(tickAt(TEMPOS, secondsAt(TEMPOS, tick)) - tick) < 1e-9, String(tick));
});

test("without a tempo nothing has begun", () => {
  assert.deepEqual([secondsAt([], 96), tickAt([], 2)], [0, 0]);
});

test("a clock shows minutes and whole seconds", () => {
  assert.deepEqual([0, 9.99, 60, 71.9, 3600].map(clockOf), ["0:00", "0:09", "1:00", "1:11", "60:00"]);
});
