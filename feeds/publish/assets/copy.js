// Copies what is to be pasted. Without this script it is selected by a click, and copied by hand.

const SAID = 4_000; // milliseconds

const copy = async (button) => {
  const text = document.getElementById(button.dataset.copy);
  const status = button.nextElementSibling;
  try {
    await navigator.clipboard.writeText(text.textContent);
    status.textContent = button.dataset.copied;
    setTimeout(() => (status.textContent = ""), SAID);
  } catch {
    getSelection().selectAllChildren(text);
  }
};

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
