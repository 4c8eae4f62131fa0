// Filling in a form: the draft is kept by itself, and what the server makes of it comes back with it.
import { rowPlaces } from "./row_places.js";

const PAUSE = 900;

export function watchForm(form) {
  const saved = form.querySelector("[data-saved]");
  // `typed` counts changes: an answer to what has changed since is old.
  let timer, running, again = false, dirty = false, submitting = false, composing = false, typed = 0;

  const save = async () => {
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = true;
    saved.textContent = saved.dataset.saving;
    const sent = typed, places = rowPlaces(form);
    try {
      // as the form itself is sent: a body in parts is for files, and may have few of them
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.draft, { method: "POST", body });
      if (!answer.ok) throw new Error(answer.status);
      const given = await answer.json();
      dirty = again || typed !== sent;
      saved.textContent = given.saved;
      if (typed === sent && !composing) apply(form, given, places);
    } catch {
      saved.textContent = saved.dataset.failed;
    }
    running = false;
    if (again) {
      again = false;
      await save();
    }
  };

  const soon = () => {
    typed += 1;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", (event) => {
    if (!event.isComposing) soon();
  });
  // Seen on the way down: a field that keeps its words to itself (a search) composes them all the same.
  form.addEventListener("compositionstart", () => (composing = true), true);
  form.addEventListener("compositionend", () => (composing = false), true);
  form.addEventListener("compositionend", soon);
  form.addEventListener("change", soon);
  form.addEventListener("rows-changed", soon);
  form.addEventListener("submit", (event) => {
    if (submitting) event.preventDefault();
    submitting = true;
    clearTimeout(timer);
  });
  // Enter in a field is not "submit": somebody is writing.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
  });
  addEventListener("beforeunload", (event) => {
    if (dirty && !submitting) event.preventDefault();
  });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty && !submitting) save();
  });
}

function apply(form, given, places) {
  for (const [path, field] of Object.entries(given.fields)) {
    const box = form.querySelector(`[data-field="${CSS.escape(path)}"]`);
    if (!box) continue;
    box.hidden = !field.visible;
    for (const mark of box.querySelectorAll("[data-must]")) mark.hidden = !field.required;
    put(form, path, field);
  }
  for (const [path, cell] of Object.entries(given.cells)) {
    const [table, index, column] = path.split("/");
    put(form, `${table}/${places[table]?.[index]}/${column}`, cell)?.closest("td")?.classList.toggle("off", !cell.visible);
  }
}

// Shows what the server gives and answers where; what somebody fills in is never touched.
function put(form, path, { text, value }) {
  const shown = form.querySelector(`[data-given="${CSS.escape(path)}"]`);
  const input = form.querySelector(`[name="${CSS.escape(path)}"]`);
  if (shown) shown.textContent = text;
  if (shown && input?.type === "hidden") input.value = value;
  return shown ?? input;
}
