// Live search that waits for the end of a Chinese word: pinyin on its way through the input method is no search.
const PAUSE = 300;

export function watchSearch(root) {
  let timer;
  const ask = (field) => {
    clearTimeout(timer);
    timer = setTimeout(() => field.form.dispatchEvent(new Event("search-ready")), PAUSE);
  };
  root.addEventListener("input", (event) => {
    if (event.target.matches("[data-live-search]") && !event.isComposing) ask(event.target);
  });
  root.addEventListener("compositionend", (event) => {
    if (event.target.matches("[data-live-search]")) ask(event.target);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });
}
