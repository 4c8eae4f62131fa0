// Filling in a form: the draft is kept by itself, and what the form calculates comes back with it.
const PAUSE = 900;

export function watchForm(form) {
  const saved = form.querySelector("[data-saved]");
  let timer, running, again = false, dirty = false, submitting = false;

  const save = async () => {
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = true;
    saved.textContent = saved.dataset.saving;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(answer.status);
      const given = await answer.json();
      dirty = again;
      saved.textContent = given.saved;
      apply(form, given);
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
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", (event) => {
    if (!event.isComposing) soon();
  });
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

function apply(form, given) {
  for (const [path, field] of Object.entries(given.fields)) {
    const box = form.querySelector(`[data-field="${CSS.escape(path)}"]`);
    if (!box) continue;
    box.hidden = !field.visible;
    const must = box.querySelector(".must");
    if (must) must.hidden = !field.required;
    put(form, path, field.text);
  }
  for (const [path, text] of Object.entries(given.cells)) put(form, path, text);
}

function put(form, path, text) {
  const shown = form.querySelector(`[data-given="${CSS.escape(path)}"]`);
  if (shown) shown.textContent = text;
}
