// @ts-check
// What takes are called: a letter in the order they were made, and what was done to which tune, until somebody renames it.

/** @typedef {import("./store.js").Take} Take */

/**
 * @param {number} index
 * @returns {string}
 */
export function letterOf(index) {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/**
 * A voice's name; one that has none is the melody where it is alone.
 * @param {Pick<Take, "score">} take
 * @param {number} index
 * @returns {string}
 */
export const partOf = ({ score: { voices } }, index) => voices[index].name || (voices.length === 1 ? "Melody" : `Track ${index + 1}`);

/** What the page says of a task. @typedef {{ title: string, settings: string[], goesOn: boolean }} TaskWords */

/**
 * Settings that only some tasks know, in a few words.
 * @type {Record<string, (value: any) => string>}
 */
const OWN = {
  amount: amount => `how far ${amount}`,
  region: region => `bars ${String(region).split(":")[0].replace("-", "–")}`,
};

/**
 * How takes are called on a page that has these tasks.
 * @param {Record<string, TaskWords>} tasks
 */
export function naming(tasks) {
  /** @param {Take} take */
  const titleOf = take => take.name || `${tasks[take.recipe.request.task].title} · ${take.title}`;
  /** @param {Take} take */
  const nameOf = take => `Take ${letterOf(take.index)}: ${titleOf(take)}`;

  /**
   * What made it, in a few words: those settings that its task knows.
   * @param {Pick<Take, "recipe" | "second" | "edited">} take
   */
  function settingsOf({ recipe: { request, checkpoint }, second, edited }) {
    const { task, temperature, rhythm_temperature: rhythm, seed } = request;
    const own = tasks[task].settings.filter(name => OWN[name]).map(name => OWN[name](request[name]));
    if (second) own.push(`into ${second.title}`);
    if (edited) return `${checkpoint.toUpperCase()} · changed by hand`;
    return [checkpoint.toUpperCase(), ...own, `temperature ${temperature} / ${rhythm}`, `number ${seed}`].join(" · ");
  }
  return { titleOf, nameOf, settingsOf };
}
