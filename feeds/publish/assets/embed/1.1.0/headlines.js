// <feed-headlines src="https://…/feeds/all.json" count="5"><a href="https://…">Latest releases</a></feed-headlines>
// Parts: list item link date. States: ready error. Events: headlines-ready headlines-error.
// Titles are cut at --headlines-lines, and what they spare of the element's height is shared out between them.
// Whatever fails, the link inside stays, and the page around hears of it by the event alone.

const STYLE = `
:host { display: block }
:host([hidden]) { display: none }
ul { display: flex; flex-direction: column; gap: var(--headlines-gap, .75em); block-size: 100%; margin: 0; padding: 0;
  list-style: none }
li:not(:last-child) { flex: 1 0 auto; max-block-size: calc((var(--headlines-lines, 2) + 2) * 1lh) }
a { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: var(--headlines-lines, 2); overflow: hidden;
  color: var(--headlines-link, inherit); overflow-wrap: anywhere }
time { display: block; color: var(--headlines-date, inherit); font-size: .875em }`;
const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i;
const feeds = new Map(); // one request for all the elements of a page that name the same address
let sheet;

async function load(address) {
  const reply = await fetch(address, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(15000),
  });
  if (!reply.ok) throw new Error(reply.status);
  return reply.json();
}

function web(address, base) {
  const url = new URL(address || "none:", base);
  if (!/^https?:$/.test(url.protocol)) throw new Error(url.protocol);
  return url.href;
}

function make(name, part, content) {
  const element = document.createElement(name);
  element.setAttribute("part", part);
  element.append(...content); // strings become text, never markup
  return element;
}

function speak(element, language) {
  if (typeof language != "string") return;
  element.lang = language;
  element.dir = RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr";
}

function entry(item, base) {
  const link = make("a", "link", [item.title]);
  try {
    link.href = web(item.url, base);
  } catch {} // no address of the web: the title stands as text
  const date = make("time", "date", [String(item._newsroom?.date ?? "")]);
  date.dateTime = String(item.date_published ?? "");
  const entry = make("li", "item", [link, date]);
  speak(entry, item.language);
  return entry;
}

function newest(items, count) {
  return items
    .filter((item) => typeof item?.title == "string" && !item._newsroom?.withdrawn)
    .sort((a, b) => Date.parse(b.date_published) - Date.parse(a.date_published) || (a.id < b.id ? 1 : -1))
    .slice(0, count);
}

class Headlines extends HTMLElement {
  static observedAttributes = ["src", "count"];
  #run;
  #states;

  attributeChangedCallback() {
    if (this.isConnected) this.connectedCallback();
  }

  async connectedCallback() {
    const run = (this.#run = {});
    await null; // attributes that change together are one change
    let state = "ready";
    let shown;
    try {
      const address = web(this.getAttribute("src"), document.baseURI);
      if (!feeds.has(address)) feeds.set(address, load(address));
      const feed = await feeds.get(address).catch((error) => {
        feeds.delete(address);
        throw error;
      });
      const count = Math.min(Math.max(parseInt(this.getAttribute("count"), 10) || 5, 1), 20);
      const entries = newest(feed.items, count).map((item) => entry(item, address));
      shown = entries.length && make("ul", "list", entries);
      if (shown) speak(shown, feed.language);
    } catch {
      state = "error";
    }
    if (run == this.#run && this.isConnected) this.#show(state, shown);
  }

  #show(state, shown) {
    try {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      root.replaceChildren(shown || document.createElement("slot"));
      root.adoptedStyleSheets = [sheet];
      this.#states ||= this.attachInternals().states;
      this.#states.clear();
      this.#states.add(state);
    } catch {} // a browser without these shows the link or the plain list
    this.dispatchEvent(new CustomEvent(`headlines-${state}`, { bubbles: true }));
  }
}

customElements.get("feed-headlines") || customElements.define("feed-headlines", Headlines);
