// What was typed and has not arrived: the session had ended, or the server was away. It waits in this window, for the
// same person and the same form, and goes into the draft when the page is opened again.
const placeOf = (form) => "typed:" + form.dataset.draft;
// Belong to the session and the list, not to what was typed. The name of the window and the draft it began with do
// belong: by them the server knows what was typed without having seen a newer draft.
const NOT_TYPED = ["csrf_token", "back"];

export function keepTyped(form) {
  const typed = new URLSearchParams(new FormData(form));
  NOT_TYPED.forEach((name) => typed.delete(name));
  store(placeOf(form), JSON.stringify({ user: form.dataset.user, typed: typed.toString() }));
}

export const typedArrived = (form) => store(placeOf(form), null);
export const forgetTyped = typedArrived;

// What the same person has typed in this window and the server has not; "" for nothing.
export function typedHere(form) {
  const kept = read(placeOf(form));
  return kept && kept.user === form.dataset.user ? kept.typed : "";
}

// Where the page itself shows what was sent, nothing is missing.
export async function restoreTyped(form) {
  const kept = read(placeOf(form));
  if (kept && kept.user !== form.dataset.user) return;
  if (!kept || "sent" in form.dataset) return typedArrived(form);
  const body = new URLSearchParams(kept.typed);
  body.set("csrf_token", form.elements.csrf_token.value);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) return;
  } catch {
    return;
  }
  typedArrived(form);
  location.reload();
}

function store(place, text) {
  try {
    if (text === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, text);
  } catch {
    // a window that may keep nothing, or has no room: the draft of the server is what there is
  }
}

function read(place) {
  try {
    return JSON.parse(sessionStorage.getItem(place));
  } catch {
    return null;
  }
}
