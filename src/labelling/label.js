// The page: loads the list and one text at a time, saves every change, and gives keys their meaning.

import { Questions } from './questions.js';
import { TextPane } from './text.js';

const $ = (id) => document.getElementById(id);
const SAVE_AFTER = 250;
const RETRY_AFTER = 2000;

let site; // labeller, mode, questionnaire, documents
let index = -1;
let sheet = null;
let pending = null; // timer of the save to come
let saving = Promise.resolve();
let unsaved = false;
let leaving = false; // finishing was asked for once, with questions left open

const text = new TextPane($('text'), (quote) => { $('spoken').textContent = quote.slice(0, 200); });
let questions;

async function ask(path, options) {
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok && response.status !== 409) throw new Error(answer.detail ?? response.statusText);
  return [answer, response.status];
}

function say(message, kind = '') {
  $('state').textContent = message;
  $('state').dataset.kind = kind;
}

// ---- saving: one request at a time, the newest state, until it is kept ----

function changed() {
  leaving = false;
  unsaved = true;
  if (sheet.done) sheet.done = false;
  say('Guardando…');
  progress();
  clearTimeout(pending);
  pending = setTimeout(save, SAVE_AFTER);
}

function request(keepalive) {
  const { revision, done, labels, evidence } = sheet;
  return ask(`api/documents/${site.documents[index].sha256}`, {
    method: 'PUT', keepalive, headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ revision, done, labels, evidence }),
  });
}

function save() {
  clearTimeout(pending);
  const [what, entry] = [sheet, site.documents[index]];
  saving = saving.then(async () => {
    if (!unsaved || what !== sheet) return;
    unsaved = false;
    try {
      const [answer, status] = await request(false);
      if (status === 409) {
        say('Otra ventana guardó antes: se muestra lo guardado', 'wrong');
        await open(index);
        return;
      }
      what.revision = answer.revision;
      entry.state = what.done ? 'done' : 'open';
      if (!unsaved) say(what.done ? 'Terminado y guardado' : 'Guardado', 'fine');
      progress();
    } catch (error) {
      unsaved = true;
      say(`No se pudo guardar: ${error.message}; se intenta de nuevo`, 'wrong');
      pending = setTimeout(save, RETRY_AFTER);
    }
  });
  return saving;
}

async function settle() {
  while (unsaved) {
    await save();
    if (unsaved) await new Promise((resolve) => { setTimeout(resolve, RETRY_AFTER); });
  }
  await saving;
}

addEventListener('pagehide', () => { if (unsaved) request(true); });
addEventListener('beforeunload', (event) => { if (unsaved) event.preventDefault(); });

// ---- one document ----

const letters = (label) => (label ?? '').normalize('NFD').replace(/[^a-z0-9]/gi, '').toLowerCase();

// Persons of the second labeller in the order of the first, by name, so that like stands beside like.
function aligned(first, other) {
  const people = (one) => Object.keys(one.labels).map((key) => /^defendants\[(\d+)\]\./.exec(key)?.[1])
    .filter((found, place, all) => found && all.indexOf(found) === place).map(Number).sort((a, b) => a - b);
  const place = new Map();
  const theirs = people(other);
  for (const mine of people(first)) {
    const match = theirs.find((one) => !place.has(one)
      && letters(other.labels[`defendants[${one}].label`]) === letters(first.labels[`defendants[${mine}].label`]));
    if (match !== undefined) place.set(match, mine);
  }
  const taken = new Set(place.values());
  let free = 0;
  for (const one of theirs.filter((each) => !place.has(each))) {
    while (taken.has(free)) free += 1;
    taken.add(free);
    place.set(one, free);
  }
  const move = (object) => Object.fromEntries(Object.entries(object).map(([key, value]) =>
    [key.replace(/^defendants\[(\d+)\]/, (_, number) => `defendants[${place.get(Number(number))}]`), value]));
  return { ...other, labels: move(other.labels), evidence: move(other.evidence) };
}

// A decision that was not begun starts from what the labellers agree on.
function agreed(sheets) {
  const [first, ...others] = sheets;
  for (const [key, value] of Object.entries(first.labels)) {
    if (!others.every((other) => JSON.stringify(other.labels[key]) === JSON.stringify(value))) continue;
    sheet.labels[key] = value;
    if (first.evidence[key]) sheet.evidence[key] = structuredClone(first.evidence[key]);
  }
}

async function open(next) {
  const [answer] = await ask(`api/documents/${site.documents[next].sha256}`);
  index = next;
  sheet = answer.sheet;
  unsaved = false;
  leaving = false;
  const sheets = answer.sheets.map((other, place) => (place ? aligned(answer.sheets[0], other) : other));
  if (sheets.length && !sheet.revision) agreed(sheets);
  text.show(answer.text);
  text.mark('reader', answer.reader);
  questions.show(sheet, sheets);
  $('document').textContent = answer.document.replace(/^.*\//, '');
  $('document').title = answer.document;
  say(sheet.done ? 'Terminado' : sheet.revision ? 'Guardado' : 'Sin empezar', sheet.done ? 'fine' : '');
  progress();
  if (!sheets.length || !questions.stepToDifference(1)) questions.focus(questions.form.querySelector('.question')?.dataset.key);
  showMarks(questions.current);
}

function progress() {
  const done = site.documents.filter((one) => one.state === 'done').length;
  const [answered, asked] = questions.count();
  $('progress').textContent = `${answered} de ${asked} respuestas · ${done} de ${site.documents.length} documentos terminados`;
}

function showMarks(key) {
  const current = sheet.evidence[key] ?? [];
  text.mark('evidence', Object.entries(sheet.evidence).filter(([other]) => other !== key).flatMap(([, spans]) => spans));
  text.mark('current', current);
}

async function go(by) {
  const next = index + by;
  if (!site.documents[next]) return say(by > 0 ? 'Este es el último documento' : 'Este es el primer documento');
  await settle();
  return open(next);
}

async function finish() {
  const [answered, asked] = questions.count();
  const wrong = document.querySelector('[aria-invalid=true]');
  if (wrong) {
    wrong.focus();
    return say('Hay una respuesta que no se entiende', 'wrong');
  }
  if (answered < asked && !leaving && !sheet.done) {
    leaving = true;
    return say(`Sin responder: ${asked - answered}; cuentan como «no consta». Otra vez Ctrl+Intro para terminar`, 'wrong');
  }
  clearTimeout(pending);
  sheet.done = true;
  unsaved = true;
  await settle();
  const next = site.documents.findIndex((one) => one.state !== 'done');
  return next < 0 ? say('Todos los documentos están terminados', 'fine') : open(next);
}

// ---- lists and help ----

function showList() {
  const names = { done: 'terminado', open: 'empezado', new: 'sin empezar' };
  $('list').querySelector('ol').replaceChildren(...site.documents.map((one, place) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `${one.document.replace(/^.*\//, '')} · ${names[one.state]}`;
    button.dataset.state = one.state;
    if (place === index) button.autofocus = true;
    button.onclick = async () => {
      $('list').close();
      await settle();
      await open(place);
    };
    const item = document.createElement('li');
    item.append(button);
    return item;
  }));
  $('list').showModal();
}

function showHelp() {
  const rows = [...document.querySelectorAll('.keys li')].filter((item) => getComputedStyle(item).display !== 'none' || !item.matches('.deciding'));
  $('help').querySelector('dl').replaceChildren(...rows.map((item) => {
    const row = document.createElement('div');
    row.innerHTML = item.innerHTML;
    return row;
  }));
  $('help').showModal();
}

$('help').querySelector('button').onclick = () => $('help').close();

// ---- keys ----

function useEvidence() {
  if (!questions.addEvidence(text.selection())) return say('Elija primero una pregunta y palabras del texto', 'wrong');
  return questions.focus();
}

const inText = () => document.activeElement === $('text');

const pageKeys = {
  F1: showHelp,
  F2: () => (inText() ? questions.focus() : $('text').focus()),
  F4: (event) => questions.stepToDifference(event.shiftKey ? -1 : 1) || say('No hay más diferencias'),
  F8: (event) => go(event.shiftKey ? -1 : 1),
  F9: showList,
  'Ctrl+Enter': finish,
  'Ctrl+s': () => settle(),
  'Alt+p': () => questions.addPerson(),
  'Alt+a': () => questions.take(0),
  'Alt+b': () => questions.take(1),
};

const textKeys = {
  Enter: useEvidence,
  Escape: () => questions.focus(),
  '/': () => {
    $('search').hidden = false;
    $('query').select();
    $('query').focus();
  },
};

document.addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = `${event.ctrlKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
  const action = pageKeys[name] ?? (inText() ? textKeys[name] : undefined);
  if (!action) return;
  event.preventDefault();
  action(event);
});

$('search').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  $('search').hidden = true;
  $('text').focus();
});
$('search').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!text.find($('query').value)) return say('No está en el texto', 'wrong');
  $('search').hidden = true;
  return $('text').focus();
});
document.addEventListener('focusin', () => {
  document.body.dataset.pane = inText() ? 'text' : 'questions';
});

// ---- start ----

async function start() {
  [site] = await ask('api/documents');
  $('mode').textContent = site.adjudicate ? `decidir · ${site.labeller}` : `etiquetar · ${site.labeller}${site.blind ? '' : ' · con lo leído'}`;
  document.body.dataset.mode = site.adjudicate ? 'adjudicate' : 'label';
  questions = new Questions($('questions'), site.questionnaire, {
    change: changed,
    current: showMarks,
    reveal: (span) => text.reveal(span),
  });
  if (!site.documents.length) {
    say(site.adjudicate ? 'Nada que decidir: ningún texto tiene dos etiquetadores' : 'No hay textos que etiquetar');
    return;
  }
  const next = site.documents.findIndex((one) => one.state !== 'done');
  await open(Math.max(0, next));
}

start().catch((error) => say(error.message, 'wrong'));
