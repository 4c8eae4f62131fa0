// The form that arranges a stand-in: choosing who it is.
import { watchPeople } from "../scripts/people.js";

const form = document.querySelector("form[data-absence]");
if (form) {
  watchPeople(form);
  form.dataset.ready = "yes";
}
