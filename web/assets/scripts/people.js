// Choosing people: who is ticked moves up to the chosen, typing asks for others. Chinese input is waited for.
const PAUSE = 250;

export function watchPeople(form) {
  form.querySelectorAll("[data-pick]").forEach(watch);
}

function watch(pick) {
  const chosen = pick.querySelector("[data-people-chosen]");
  const search = pick.querySelector("[data-people-search]");
  let timer, asked = 0;

  // The typed words are no field of the form: they are not sent with it and are no change of it.
  search.addEventListener("change", (event) => event.stopPropagation());
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!event.isComposing) soon();
  });
  search.addEventListener("compositionend", (event) => {
    event.stopPropagation();
    soon();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      pick.querySelector("[data-people-offered] input")?.focus();
    }
  });

  pick.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("input[type=checkbox], input[type=radio]")) return;
    if (box.checked && !chosen.contains(box)) {
      if (box.type === "radio") chosen.replaceChildren();
      chosen.append(box.closest("li"));
      box.focus();
    }
  });

  JSON.parse(pick.dataset.missing ?? "[]").forEach(chooseAgain);

  // What is typed finds people by their account, too.
  async function chooseAgain(account) {
    const answer = await fetch(addressFor(account)).catch(() => null);
    if (!answer?.ok) return;
    const found = document.createRange().createContextualFragment(await answer.text());
    const box = [...found.querySelectorAll("input")].find((each) => each.value === account);
    if (!box) return;
    box.checked = true;
    chosen.append(box.closest("li"));
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  function addressFor(text) {
    const address = new URL(search.dataset.source, location.href);
    address.searchParams.set("text", text);
    return address;
  }

  async function ask() {
    const number = ++asked;
    const address = addressFor(search.value);
    chosen.querySelectorAll("input:checked").forEach((box) => address.searchParams.append("chosen", box.value));
    // without an answer the list stays as it is
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || number !== asked) return;
    const fresh = document.createRange().createContextualFragment(await answer.text()).querySelector("ul");
    pick.querySelector("[data-people-offered]").replaceWith(fresh);
  }
}
