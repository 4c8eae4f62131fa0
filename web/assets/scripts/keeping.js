// What is typed outside of drafts, as a comment or a notice: it waits in this window for the same person until the
// server has taken it, whatever becomes of the session, the language or the way back.
const ALWAYS_NEW = ["csrf_token", "once", "back"];

export function watchKept(root) {
  for (const taken of root.querySelectorAll("[data-taken]")) forget(taken.dataset.taken);
  for (const form of root.querySelectorAll("form[data-keeps]")) {
    const place = form.dataset.keeps;
    const kept = read(place);
    if (kept && "fresh" in form.dataset) {
      putBack(form, new URLSearchParams(kept.typed));
      tellOfMissing(form, new URLSearchParams(kept.typed));
      // it was sent and did not arrive: nobody should have to look for it
      if (kept.sent) form.closest("dialog:not([open])")?.showModal();
    }
    const keep = (sent) => write(place, JSON.stringify({ typed: typedIn(form), sent }));
    form.addEventListener("input", () => keep(false));
    form.addEventListener("change", () => keep(false));
    form.addEventListener("submit", () => keep(true));
  }
}

function typedIn(form) {
  const typed = new URLSearchParams(new FormData(form));
  ALWAYS_NEW.forEach((name) => typed.delete(name));
  return typed.toString();
}

function putBack(form, typed) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || ALWAYS_NEW.includes(field.name)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = typed.getAll(field.name).includes(field.value);
    else if (field.tagName !== "SELECT" || [...field.options].some((each) => each.value === typed.get(field.name)))
      field.value = typed.get(field.name) ?? "";
  }
}

// Who was chosen by searching is not on a fresh page: the people chooser looks for them once more (people.js).
function tellOfMissing(form, typed) {
  for (const pick of form.querySelectorAll("[data-pick]")) {
    const name = pick.querySelector("input[type=checkbox], input[type=radio]")?.name;
    const there = [...form.elements].filter((each) => each.name === name).map((each) => each.value);
    const missing = name ? typed.getAll(name).filter((each) => !there.includes(each)) : [];
    if (missing.length) pick.dataset.missing = JSON.stringify(missing);
  }
}

// Of both kinds: what is typed into a form with a draft is kept by typed.js.
function forget(place) {
  try {
    for (const kind of ["words:", "typed:"]) sessionStorage.removeItem(kind + place);
  } catch {
    // a window that may keep nothing has nothing to forget
  }
}

function write(place, text) {
  try {
    sessionStorage.setItem("words:" + place, text);
  } catch {
    // a window that may keep nothing
  }
}

function read(place) {
  try {
    return JSON.parse(sessionStorage.getItem("words:" + place));
  } catch {
    return null;
  }
}
