// The wall: rows arrive whole once, then what changed, as server-sent events over fetch (EventSource cannot send a token).
// Address: ?team=NAME one team · ?top=N rows · ?theme=light · ?keys=off · #token=TEXT where the exporter wants one (never sent in the URL).
"use strict";

const SILENCE_MS = 5000; // the server says something every second
const FIRST_WAIT_MS = 250, LONGEST_WAIT_MS = 5000;
const QUIET_SECONDS = 600; // nothing happened for so long: said, not hidden
const SPOKEN_EVERY_MS = 60000;
const FEW_LETTERS = 8;
const TEAMS_IN_ONE_COLUMN = 7;

const $ = (selector) => document.querySelector(selector);
const asked = new URLSearchParams(location.search);
const token = new URLSearchParams(location.hash.slice(1)).get("token");
const top_ = Math.min(50, Math.max(3, Number.parseInt(asked.get("top") ?? "", 10) || 10));
const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const rows = new Map(); // "grain\nkey" → row
const shown = new Map(); // "grain\nkey" → its <tr>
let head = null; // what the last message said beside rows
let assets = null;
let lost = ""; // why there is no connection
let spokenAt = 0, spoken = "", alarm = "";

const id = (grain, key) => `${grain}\n${key}`;

// ---- what arrives --------------------------------------------------------------------------------------------------

function receive(message) {
  if (message.kind === "whole") {
    if (assets !== null && assets !== message.assets) return location.reload();
    assets = message.assets;
    rows.clear();
  }
  for (const row of message.rows) rows.set(id(row.grain, row.key), row);
  for (const [grain, key] of message.gone) rows.delete(id(grain, key));
  head = message;
  lost = "";
  drawHead();
  if (message.kind === "whole" || message.rows.length || message.gone.length) drawRows();
}

async function listen() {
  const quiet = new AbortController();
  let watch = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    const answer = await fetch("wall/events", { headers, cache: "no-store", signal: quiet.signal });
    if (!answer.ok) {
      const said = await answer.json().catch(() => ({}));
      throw new Error(answer.status === 401 ? "a token is needed: add #token=… to the address" : said.error ?? `status ${answer.status}`);
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) throw new Error("the exporter stopped");
      clearTimeout(watch);
      watch = setTimeout(() => quiet.abort(), SILENCE_MS);
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) receive(JSON.parse(event.replace(/^data: /, "")));
    }
  } catch (error) {
    throw quiet.signal.aborted ? new Error("the exporter does not answer") : error;
  } finally {
    clearTimeout(watch);
    quiet.abort(); // whatever ended it, the next connection is the only one
  }
}

async function follow() {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const before = head;
    try {
      await listen();
    } catch (error) {
      lost = error instanceof TypeError ? "the exporter cannot be reached" : error.message;
      drawHead();
    }
    if (head !== before) wait = FIRST_WAIT_MS;
    await new Promise((done) => setTimeout(done, wait * (0.5 + Math.random())));
  }
}

// ---- what is drawn -------------------------------------------------------------------------------------------------

function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function ago(seconds) {
  if (seconds < 0) return "ahead of the clock";
  if (seconds < 90) return `${Math.floor(seconds)} s ago`;
  if (seconds < 5400) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 129600 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86400)} days ago`;
}

function drawHead() {
  const stale = lost || (head ? head.reason : "");
  const behind = head ? head.sources.map((source) => source.behind_seconds) : [];
  const newest = behind.length ? Math.min(...behind) : null;
  const state = lost ? "lost" : !head ? "wait" : head.reason || newest > QUIET_SECONDS ? "late" : "live";
  $("#fresh").dataset.state = state;
  const words = { lost: "Not connected", wait: "Connecting…", late: head?.reason ? "Delayed" : "Quiet", live: "Live" }[state];
  text($("#fresh .text"), newest === null || lost ? words : `${words}, newest event ${ago(newest)}`);
  document.body.classList.toggle("stale", Boolean(stale));
  $("main").setAttribute("aria-busy", String(!head));
  $("#notice").hidden = !stale;
  const notice = !stale ? "" : head ? `Numbers are of ${time(head.current_at, true)} and not current: ${stale}.` : `No numbers yet: ${stale}.`;
  text($("#notice"), notice);
  warn(stale, notice);
  if (!head) return;
  text($("#clock time"), time(head.as_of, false));
  $("#clock time").dateTime = head.as_of;
  text($("#sources"), head.sources.map((source) => `${source.name}: ${ago(source.behind_seconds)}`).join(" · "));
}

// Said aloud once for each reason: that it is stale for 61 seconds after 60 is no news.
function warn(reason, notice) {
  const kind = reason.replace(/\d+/g, "");
  if (kind === alarm) return;
  alarm = kind;
  text($("#alarm"), notice);
}

function time(instant, exact) {
  const format = { timeZone: head.timezone, hour: "2-digit", minute: "2-digit", ...(exact ? { second: "2-digit" } : { weekday: "short", day: "numeric", month: "long" }) };
  return new Date(instant).toLocaleString("en-GB", format);
}

function drawRows() {
  const team = asked.get("team") ?? "";
  const all = [...rows.values()];
  const reps = ranked(all.filter((row) => row.grain === "rep" && row.points > 0 && (!team || row.team === team)));
  const teams = ranked(all.filter((row) => row.grain === "team"));
  drawOptions(teams.map((row) => row.key).sort(), team);
  $("#reps").style.setProperty("--rows", String(top_));
  place($("#reps tbody"), reps.slice(0, top_));
  place($("#teams tbody"), teams);
  $("#teams").classList.toggle("many", teams.length > TEAMS_IN_ONE_COLUMN);
  place($("#teams tfoot"), all.filter((row) => row.grain === "org"));
  $("#reps .empty").hidden = reps.length > 0;
  if (head.people) text($("#reps .empty"), team ? `No touchpoints of ${team} yet today.` : "No touchpoints yet today.");
  else text($("#reps .empty"), "Single reps are not shown here ([privacy] rep_labels).");
  measure();
  speak(reps);
}

// Most first; who has as many shares the place, in the order of names, so that nobody jumps about.
function ranked(list) {
  list.sort((a, b) => b.points - a.points || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.key < b.key ? -1 : 1));
  list.forEach((row, index) => {
    row.place = index && list[index - 1].points === row.points ? list[index - 1].place : index + 1;
  });
  return list;
}

function place(body, list) {
  const kept = new Set();
  let before = body.firstElementChild;
  for (const row of list) {
    const name = id(row.grain, row.key);
    kept.add(name);
    let line = shown.get(name);
    if (!line) shown.set(name, (line = newLine(row)));
    if (line === before) before = before.nextElementSibling;
    else body.insertBefore(line, before);
    fill(line, row);
  }
  for (const line of [...body.children]) {
    if (kept.has(line.dataset.id)) continue;
    line.remove();
    shown.delete(line.dataset.id);
  }
}

function cell(role, name, ...inside) {
  const made = document.createElement(role === "rowheader" ? "th" : "td");
  made.setAttribute("role", role);
  if (role === "rowheader") made.scope = "row";
  made.className = name;
  made.append(...inside);
  return made;
}

function newLine(row) {
  const line = document.createElement("tr");
  line.setAttribute("role", "row");
  line.dataset.id = id(row.grain, row.key);
  const bar = Object.assign(document.createElement("div"), { className: "bar" });
  bar.append(document.createElement("i"), document.createElement("b"));
  const word = Object.assign(document.createElement("span"), { className: "word" });
  const small = () => document.createElement("small");
  const who = cell("rowheader", "who", document.createElement("span"), small());
  if (row.grain === "rep") line.append(cell("cell", "place"));
  line.append(who, cell("cell", "progress", bar, word), cell("cell", "number", document.createElement("span"), small()));
  return line;
}

function fill(line, row) {
  const part = (selector) => line.querySelector(selector);
  if (row.grain === "rep") text(part(".place"), String(row.place));
  const name = row.grain === "org" ? "The floor" : row.name || row.key;
  part(".who").style.setProperty("--letters", String(Math.max(name.length, FEW_LETTERS)));
  text(part(".who span"), name);
  text(part(".who small"), row.grain === "rep" ? row.team : "");
  const points = part(".number span");
  if (points.textContent && points.textContent !== numbers.format(row.points)) flash(line);
  text(points, numbers.format(row.points));
  text(part(".number small"), row.target === null ? "" : ` / ${numbers.format(row.target)}`);
  const pace = paceOf(row);
  line.dataset.pace = pace.name;
  text(part(".word"), pace.words);
  part(".bar").hidden = row.target === null;
  if (row.target) {
    part(".bar i").style.width = `${Math.min(100, (100 * row.points) / row.target)}%`;
    part(".bar b").hidden = row.expected === null;
    if (row.expected !== null) part(".bar b").style.left = `${Math.min(100, (100 * row.expected) / row.target)}%`;
  }
}

// In words, since colour alone tells not everybody. The wall says of nobody alone that they are behind; of teams it does.
function paceOf(row) {
  if (row.target === null) return { name: "", words: "" };
  if (row.points >= row.target) return { name: "reached", words: "✓ target reached" };
  if (row.expected === null) return { name: "", words: "" };
  const ahead = Math.floor(row.points - row.expected);
  if (ahead >= 0) return { name: "pace", words: ahead ? `▲ ${numbers.format(ahead)} ahead` : "● on pace" };
  return row.grain === "rep" ? { name: "", words: "" } : { name: "behind", words: `▼ ${numbers.format(-ahead)} behind` };
}

function flash(line) {
  line.classList.remove("flash");
  void line.offsetWidth; // starts the animation anew
  line.classList.add("flash");
}

function drawOptions(teams, chosen) {
  const select = $("#team");
  const names = chosen && !teams.includes(chosen) ? [...teams, chosen] : teams;
  if ([...select.options].slice(1).map((option) => option.value).join("\n") !== names.join("\n")) {
    select.replaceChildren(new Option("All", ""), ...names.map((name) => new Option(name, name)));
  }
  select.value = chosen;
}

// Letters follow the height of a row, which follows the screen and how many rows there are.
function measure() {
  for (const body of document.querySelectorAll("tbody, tfoot")) {
    const line = body.firstElementChild;
    if (!line) continue;
    body.style.setProperty("--row", `${line.clientHeight}px`);
    body.style.setProperty("--wide", `${line.querySelector(".who").clientWidth}px`);
  }
}

function speak(reps) {
  const now = Date.now();
  if (!reps.length || now - spokenAt < SPOKEN_EVERY_MS) return;
  const words = `${reps[0].name || reps[0].key} leads with ${reps[0].points} touchpoints.`;
  if (words === spoken) return;
  spoken = words;
  spokenAt = now;
  text($("#spoken"), words);
}

// ---- what people do ------------------------------------------------------------------------------------------------

function setTheme(light) {
  document.documentElement.dataset.theme = light ? "light" : "dark";
  text($("#theme"), light ? "Dark" : "Light"); // what pressing it makes
}

function toggleTheme() {
  const light = document.documentElement.dataset.theme !== "light";
  setTheme(light);
  localStorage.setItem("theme", light ? "light" : "dark");
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

$("#theme").addEventListener("click", toggleTheme);
$("#full").addEventListener("click", toggleFull);
$("#team").addEventListener("change", (event) => {
  if (event.target.value) asked.set("team", event.target.value);
  else asked.delete("team");
  history.replaceState(null, "", `${asked.size ? `?${asked}` : location.pathname}${location.hash}`);
  if (head) drawRows();
});
document.addEventListener("fullscreenchange", () => $("#full").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
document.addEventListener("keydown", (event) => {
  if (asked.get("keys") === "off" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, input")) return;
  if (event.key === "f") toggleFull();
  if (event.key === "t") toggleTheme();
});
addEventListener("resize", measure);
setTheme((asked.get("theme") ?? localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark")) === "light");
follow();
