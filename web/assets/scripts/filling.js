// Filling in a form: the draft is kept by itself, and what the server makes of it comes back with it.
import { keepTyped, restoreTyped, typedArrived } from "./typed.js";
import { gathered } from "./places.js";
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
      const answer = await sendDraft(form, new URLSearchParams(new FormData(form)));
      const given = await answer.json();
      if (!answer.ok) return refuse(given);
      typedArrived(form);
      dirty = again || typed !== sent;
      saved.textContent = given.saved;
      if (given.apart) tellApart(form, saved);
      if (typed === sent && !composing) apply(form, given, places);
    } catch {
      keepTyped(form);
      saved.textContent = saved.dataset.failed;
    } finally {
      running = false;
    }
    if (again) {
      again = false;
      await save();
    }
  };

  // What was typed stays in this window until it is taken: the session may have ended, or be another one by now.
  const refuse = ({ code, refused }) => {
    keepTyped(form);
    saved.textContent = refused ?? saved.dataset.failed;
    if (code !== "not-signed-in" && code !== "form-not-from-here") return;
    const link = Object.assign(document.createElement("a"), { href: form.dataset.again, textContent: saved.dataset.again });
    // whoever goes to sign in again finds it in this window; who closes the window is warned
    link.addEventListener("click", () => (dirty = false));
    saved.replaceChildren(saved.dataset.ended, " ", link);
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
    keepTyped(form);
    saved.textContent = saved.dataset.sending;
  });
  // Another form of the page is sent: what was typed in this one arrives first, or is kept in this window.
  document.addEventListener("submit", async (event) => {
    if (event.target === form || !dirty || submitting) return;
    event.preventDefault();
    while (running) await new Promise((go) => setTimeout(go, 50));
    if (dirty) await save();
    dirty = false;
    event.target.requestSubmit(event.submitter);
  }, true);
  // Back from a page that did not come: the form may be sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) submitting = false;
  });
  // Enter in a field is not "submit": somebody is writing.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
  });
  addEventListener("beforeunload", (event) => {
    if (dirty && !submitting) event.preventDefault();
  });
  restoreTyped(form);
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty && !submitting) save();
  });
}

export const sendDraft = (form, body) =>
  fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" } });

// Another window has saved the same form: neither is lost, and the person chooses.
function tellApart(form, saved) {
  const notice = form.parentElement.querySelector("[data-apart]");
  notice.hidden = false;
  const link = Object.assign(document.createElement("a"), { href: notice.querySelector("a").href, textContent: saved.dataset.compare });
  saved.append(" ", link);
}

function apply(form, given, places) {
  const boxes = gathered(form, "data-field"), shown = gathered(form, "data-given"), inputs = gathered(form, "name");
  // Shows what the server gives and answers where; what somebody fills in is never touched.
  const put = (path, { text, value }) => {
    const there = shown.get(path), input = inputs.get(path);
    if (there) there.textContent = text;
    if (there && input?.type === "hidden") input.value = value;
    return there ?? input;
  };
  for (const [path, field] of Object.entries(given.fields)) {
    const box = boxes.get(path);
    if (!box) continue;
    box.hidden = !field.visible;
    for (const mark of box.querySelectorAll("[data-must]")) mark.hidden = !field.required;
    put(path, field);
  }
  for (const [path, cell] of Object.entries(given.cells)) {
    const [table, index, column] = path.split("/");
    put(`${table}/${places[table]?.[index]}/${column}`, cell)?.closest("td")?.classList.toggle("off", !cell.visible);
  }
}
