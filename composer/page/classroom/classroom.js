// @ts-check
// The classroom: what is compared, and what its parts tell each other. `mount` is all that the page calls.

/** @param {{element: HTMLElement, props: any, trigger: Function, watch: Function}} host */
function mount({ element, props, trigger, watch }) {
  const part = name => element.querySelector(name);
  const fold = part("details"), status = part(".status"), button = part(".compare"), warmth = part(".warmth");
  const look = makeLook({ element });
  let votes = { changed() {} };
  const comparison = makeComparison({ element, look: look.begin, changed: () => votes.changed() });
  votes = makeVotes({ element, comparison });
  let wantsBlind = false;

  const networks = part(".networks");
  for (const { name, chosen } of props.networks ?? []) {
    const box = make("input", { type: "checkbox", value: name, checked: chosen }), words = make("span", { textContent: name.toUpperCase() });
    words.setAttribute("translate", "no");
    networks.append(make("label", {}, box, words));
  }
  warmth.addEventListener("input", () => { warmth.nextElementSibling.textContent = Number(warmth.value).toFixed(2); });

  button.addEventListener("click", () => {
    const chosen = [...networks.querySelectorAll("input:checked")].map(box => box.value);
    tell("");
    if (!chosen.length) { tell("Choose a network or several."); return; }
    wantsBlind = part(".blind").checked;
    button.setAttribute("aria-busy", "true");
    status.textContent = "The networks are writing …";
    const temperature = Number(warmth.value), number = name => Math.round(Number(part(name).value) || 0);
    trigger("compare", {
      networks: chosen, bars: number(".bars"), only: number(".only"), temperature, rhythm_temperature: temperature, random_seed: number(".random"),
    });
  });

  function arrive() {
    const value = props.value;
    if (!value?.phase) return;
    if (value.phase === "refused") {
      button.removeAttribute("aria-busy");
      status.textContent = "";
      tell(value.trouble);
      return;
    }
    part(".comparison").hidden = false;
    comparison.show(value, wantsBlind);
    const written = value.rows.filter(row => row.picture && row.name !== PEOPLE).length, all = value.asked.networks.length;
    if (value.phase === "rest") {
      button.removeAttribute("aria-busy");
      status.textContent = `${written} of ${all} networks have written.`;
    } else {
      status.textContent = written < all ? `${written} of ${all} networks have written …` : "Counting what differs …";
    }
    element.dataset.phase = value.phase;
    element.dataset.rows = String(value.rows.length);
  }

  element.addEventListener("keydown", event => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[1-9]$/.test(event.key) && !part(".comparison").hidden) { event.preventDefault(); comparison.solo(Number(event.key) - 1); }
    if (event.key === " " && !event.target.matches("button, summary")) { event.preventDefault(); comparison.stop(); }
  });
  const code = new URLSearchParams(location.search).get("room");
  if (code) {
    fold.open = true;
    part(".room-code").value = code.slice(0, 12);
  }
  watch("value", arrive);
  arrive();
}

mount({ element, props, trigger, watch });
