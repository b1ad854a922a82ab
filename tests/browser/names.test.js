// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { letterOf, naming, partOf } from "../../composer/page/takes/names.js";

const TASKS = {
  continue: { title: "Continue", settings: ["bars"], goesOn: true },
  vary: { title: "Vary", settings: ["amount"], goesOn: false },
  infill: { title: "Redo bars", settings: ["region"], goesOn: false },
  morph: { title: "Morph", settings: ["bars"], goesOn: false },
};
const { titleOf, nameOf, settingsOf } = naming(TASKS);

/** @param {object} request */
const recipe = request => ({ checkpoint: "lstm", request: { temperature: 0.9, rhythm_temperature: 0.8, amount: 0.4, region: null, seed: 7, ...request } });

test("letters go on behind Z", () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(letterOf), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
});

test("a take is called by its task and its tune, until it is renamed", () => {
  const take = /** @type {any} */ ({ index: 2, title: "Ode to Joy", recipe: recipe({ task: "continue" }) });
  assert.equal(nameOf(take), "Take C: Continue · Ode to Joy");
  assert.equal(titleOf({ ...take, name: "Mine" }), "Mine");
});

test("a voice without a name is the melody where it is alone, else a track", () => {
  assert.equal(partOf({ score: { voices: [{ name: "" }] } }, 0), "Melody");
  assert.equal(partOf({ score: { voices: [{ name: "" }, { name: "Bass" }] } }, 0), "Track 1");
  assert.equal(partOf({ score: { voices: [{ name: "" }, { name: "Bass" }] } }, 1), "Bass");
});

test("a card tells the settings that its task knows", () => {
  assert.equal(settingsOf({ recipe: recipe({ task: "continue" }) }), "LSTM · temperature 0.9 / 0.8 · number 7");
  assert.equal(settingsOf({ recipe: recipe({ task: "vary" }) }), "LSTM · how far 0.4 · temperature 0.9 / 0.8 · number 7");
  assert.equal(settingsOf({ recipe: recipe({ task: "infill", region: "3-4:1" }) }), "LSTM · bars 3–4 · temperature 0.9 / 0.8 · number 7");
  assert.equal(settingsOf({ recipe: recipe({ task: "morph" }), second: { title: "Sakura", score: {}, source: "", key: null } }), "LSTM · into Sakura · temperature 0.9 / 0.8 · number 7");
  assert.equal(settingsOf({ recipe: recipe({ task: "continue" }), edited: true }), "LSTM · changed by hand");
});
