// The picker without reloading: asks the server for the same page and takes its answer over. Without this script the
// form's button does the same. Whatever fails here is left to the form.

const form = document.querySelector("#picker");
const PAUSE = 350; // milliseconds after the last key before words are asked for
let asking;
let waiting;

const address = () => {
  const fields = new FormData(form);
  if (fields.get("language") === form.dataset.language) fields.delete("language");
  for (const name of ["q", "count"]) if (!fields.get(name).trim()) fields.delete(name);
  const query = new URLSearchParams(fields).toString();
  return form.action + (query && `?${query}`);
};

// A document request, since it parses without running anything: allowed where text may not become markup.
const load = (url) => {
  asking?.abort();
  asking = new XMLHttpRequest();
  asking.open("GET", url);
  asking.responseType = "document";
  asking.onload = () => {
    const page = asking.response;
    if (page?.querySelector("#taking")) show(page, url);
    else location.assign(url);
  };
  asking.onerror = () => location.assign(url);
  asking.send();
};

// What depends on the choice: its name, the ways to take it along, the page's other languages, what the footer follows.
const PARTS = ["#chosen", "#taking", ".languages", ".bottom"];

const show = (page, url) => {
  for (const part of PARTS) {
    document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
  }
  for (const label of page.querySelectorAll("#picker .options label:has(.quiet)")) count(label);
  say(page.querySelector("#status").textContent);
  history.replaceState(null, "", url);
  offer();
};

// How many releases each term leaves. The form itself stays: somebody is in it.
const count = (label) => {
  const { name, value } = label.querySelector("input");
  const shown = form.querySelector(`[name="${name}"][value="${value}"]`)?.closest("label");
  if (!shown) return;
  shown.querySelector(".quiet").textContent = label.querySelector(".quiet").textContent;
  shown.className = label.className;
};

const say = (text) => {
  document.querySelector("#status").textContent = text;
};

const offer = () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
};

const ask = () => {
  clearTimeout(waiting);
  load(address());
};

form.addEventListener("change", ask);
form.addEventListener("input", (event) => {
  if (event.target.name !== "q") return;
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
document.querySelector("#choice").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(document.querySelector("#choice").dataset.copied);
  } catch {
    getSelection().selectAllChildren(button.parentElement.querySelector("code") ?? document.querySelector("#taking pre"));
  }
});
offer();
