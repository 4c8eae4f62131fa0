// What was typed at a step that somebody else has done meanwhile: it is shown to whoever typed it, to be copied.
import { forgetTyped, typedHere } from "./typed.js";

export async function showLeftOver(place) {
  const typed = typedHere(place);
  if (!typed) return;
  const body = new URLSearchParams(typed);
  body.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  try {
    const answer = await fetch(place.dataset.address, { method: "POST", body });
    if (!answer.ok) return;
    place.querySelector("[data-shown]").innerHTML = await answer.text();
  } catch {
    return;
  }
  place.hidden = false;
  place.querySelector("[data-forget]").addEventListener("click", () => {
    forgetTyped(place);
    place.remove();
  });
}
