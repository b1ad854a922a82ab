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

/**
 * What made it, in a few words: those settings that its task knows.
 * @param {Pick<Take, "recipe" | "second" | "edited">} take
 */
export function settingsOf({ recipe: { request, checkpoint }, second, edited }) {
  const { task, temperature, rhythm_temperature: rhythm, amount, region, seed } = request;
  /** @type {Record<string, string[]>} */
  const known = {
    vary: [`how far ${amount}`],
    morph: second ? [`into ${second.title}`] : [],
    infill: [`bars ${String(region).split(":")[0].replace("-", "–")}`],
  };
  const daring = task === "restore" ? [] : [`temperature ${temperature} / ${rhythm}`];
  if (edited) return `${checkpoint.toUpperCase()} · changed by hand`;
  return [checkpoint.toUpperCase(), ...(known[task] ?? []), ...daring, `number ${seed}`].join(" · ");
}

/**
 * How takes are called on a page that calls its tasks so.
 * @param {Record<string, string>} tasks
 */
export function naming(tasks) {
  /** @param {Take} take */
  const titleOf = take => take.name || `${tasks[take.recipe.request.task]} · ${take.title}`;
  /** @param {Take} take */
  const nameOf = take => `Take ${letterOf(take.index)}: ${titleOf(take)}`;
  return { titleOf, nameOf };
}
