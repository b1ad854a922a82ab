// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { remaining } from "../../composer/page/takes/composing.js";
import { nextState } from "../../composer/page/takes/states.js";

/** @type {import("../../composer/page/takes/states.js").State[]} */
const STATES = ["rest", "asked", "writing", "stopping", "lost"];
/** @type {import("../../composer/page/takes/states.js").Happening[]} */
const EVENTS = ["press", "begin", "stop", "end", "lost", "back"];
/** @type {Record<string, string>} every other event leaves its state as it was */
const WAYS = {
  "rest press": "asked", "rest begin": "writing", "asked begin": "writing", "asked end": "rest", "asked lost": "lost",
  "writing stop": "stopping", "writing end": "rest", "writing lost": "lost", "stopping end": "rest", "stopping lost": "lost",
  "lost back": "rest", "lost begin": "writing", "lost end": "rest",
};

for (const state of STATES) {
  test(`${state} knows what every event makes of it`, () => {
    for (const event of EVENTS) assert.equal(nextState(state, event), WAYS[`${state} ${event}`] ?? state, event);
  });
}

test("how long it takes yet is told where that is long enough", () => {
  assert.deepEqual(remaining({ bars: 2, of: 8, takes: 4, seconds: 4 }), ["about 12 s left"]);
  assert.deepEqual(remaining({ bars: 1, of: 16, takes: 1, seconds: 20 }), ["about 5 min left"]);
  assert.deepEqual(remaining({ bars: 2, of: 8, takes: 1, seconds: 1 }), []);
  assert.deepEqual(remaining({ bars: 8, of: 8, takes: 1, seconds: 9 }), []);
});
