// The visitor's taste: what they said they like, and what not. It stands in this browser and nowhere else; a question
// to the server brings it along, as rows of traits, and the server forgets them with its answer.
window.motif.taste = (() => {
  const KEPT_AS = "motif-likes", MOST = 80;  // of each side; the oldest makes way
  const SIDES = ["likes", "dislikes"];
  const sound = entry => entry && typeof entry.key === "string" && Array.isArray(entry.traits);

  function read() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(KEPT_AS)); } catch (broken) { kept = null; }
    return Object.fromEntries(SIDES.map(side => [side, Array.isArray(kept?.[side]) ? kept[side].filter(sound) : []]));
  }

  function write(taste) {
    try { localStorage.setItem(KEPT_AS, JSON.stringify(taste)); } catch (full) { return; }
    document.dispatchEvent(new CustomEvent("motif:taste"));
  }

  // On which side a take or a tune stands: "likes", "dislikes" or null.
  const side = key => SIDES.find(name => read()[name].some(entry => entry.key === key)) ?? null;

  function put(key, traits, wanted) {
    const taste = read();
    for (const name of SIDES) taste[name] = taste[name].filter(entry => entry.key !== key);
    if (wanted && traits) taste[wanted] = [...taste[wanted], { key, traits }].slice(-MOST);
    write(taste);
  }

  const rows = () => Object.fromEntries(SIDES.map(name => [name, read()[name].map(entry => entry.traits)]));
  const count = () => SIDES.map(name => read()[name].length);
  window.addEventListener("storage", event => {  // another tab of the same browser
    if (event.key === KEPT_AS) document.dispatchEvent(new CustomEvent("motif:taste"));
  });
  return { side, put, rows, count, forget: () => write({ likes: [], dislikes: [] }) };
})();
