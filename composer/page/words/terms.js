// The value's pairs as terms and what they mean.
element.querySelector("dl").replaceChildren(...(props.value || []).flatMap(([term, meaning]) => {
  const name = document.createElement("dt"), words = document.createElement("dd");
  name.textContent = term;
  name.translate = term !== term.toUpperCase();  // a network's name stays as it is
  words.textContent = meaning;
  return [name, words];
}));
