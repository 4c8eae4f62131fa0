// A list that is long enough to be searched: what does not contain the words is not shown, what is chosen always is.
export function watchNarrowing(root) {
  root.querySelectorAll("[data-narrows]").forEach(watch);
}

function watch(search) {
  const list = document.getElementById(search.dataset.narrows);
  const none = search.parentElement.querySelector("[data-narrowed-to-none]");
  // The typed words are no field of the form: they are not kept with it, and Enter does not send it.
  for (const kind of ["input", "change"]) search.addEventListener(kind, (event) => event.stopPropagation());
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    for (const each of list.children) {
      const box = each.querySelector("input");
      each.hidden = !box.checked && !`${each.textContent} ${box.value}`.toLowerCase().includes(words);
    }
    const isEmpty = ![...list.children].some((each) => !each.hidden);
    list.hidden = isEmpty;
    if (none) none.hidden = !isEmpty;
  });
}
