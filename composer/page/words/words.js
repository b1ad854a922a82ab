// The value's words as text, never as markup.
function say() {
  const value = props.value || { headline: "", sentences: [] };
  element.querySelector("p").textContent = value.headline;
  element.querySelector("ul").replaceChildren(...value.sentences.map(sentence => {
    const item = document.createElement("li");
    item.textContent = sentence;
    return item;
  }));
  element.dataset.empty = !value.headline && !value.sentences.length;
}
watch("value", say);
say();
