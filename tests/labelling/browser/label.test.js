// The label page in a real browser, by keyboard alone: two people label, a third decides, the labels come out as files.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const huella = process.env.HUELLA_PROGRAM;
const corpus = join(process.env.HUELLA_SOURCE, 'tests/reading/corpus/dev');
const study = mkdtempSync(join(tmpdir(), 'huella-test-label-'));
const texts = ['a07-juliaca-unipersonal-absolucion.txt', 'a03-trujillo-terminacion-anticipada.txt'];

const run = (...args) => {
  const done = spawnSync(huella, [...args, '--study', study], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
};

// ---- the program and the browser ----

const children = new Set();

async function serve(...args) {
  const child = spawn(huella, ['label', '--study', study, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve) => { lines.once('line', resolve); });
  const stop = (signal = 'SIGTERM') => new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
  return { url, stop };
}

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});

async function openPage(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) page.complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('.question.current'));
  return page;
}

const press = async (page, ...keys) => { for (const key of keys) await page.keyboard.press(key); };
const saved = (page) => page.waitForFunction(() => document.getElementById('state').dataset.kind === 'fine');
const current = (page) => page.evaluate(() => document.querySelector('.question.current')?.dataset.key);
const shown = (page) => page.evaluate(() => document.getElementById('document').textContent);

// Goes to a question by Alt+Down, as far as it takes.
async function toQuestion(page, key) {
  for (let i = 0; i < 200 && await current(page) !== key; i += 1) await press(page, 'Alt+ArrowDown');
  assert.equal(await current(page), key);
}

// Finds words in the text and makes them, and `more` words behind them, the evidence of the question at hand.
async function quote(page, words, more = 0) {
  await press(page, 'F2', '/');
  await page.keyboard.type(words);
  await press(page, 'Enter');
  for (let i = 0; i < more; i += 1) await press(page, 'Shift+ArrowRight');
  await press(page, 'Enter');
}

async function label(page, verdict) {
  assert.equal(await current(page), 'decision.court_level');
  await press(page, '1');
  await quote(page, 'JUZGADO', 1);
  await press(page, 'Alt+ArrowDown', '1');
  await press(page, 'Tab');
  await page.keyboard.type('31/12/2018');
  await toQuestion(page, 'defendants[0].label');
  await page.keyboard.type('PERSONA PRIMERA');
  await toQuestion(page, 'defendants[0].verdict');
  await press(page, verdict);
  await quote(page, 'FALLO', 3);
  await toQuestion(page, 'exploitation');
  await press(page, '1', 'Tab', '2');
  await toQuestion(page, 'practices.gesell_chamber');
  await press(page, '1');
  await saved(page);
}

// ---- the tests, one after the other ----

const tests = [];
const test = (name, body) => tests.push([name, body]);

test('a person labels a text by keyboard, with evidence', async () => {
  const server = await serve('--labeller', 'ana');
  const page = await openPage(server.url);
  const first = await shown(page);
  await label(page, '2');
  const quotes = await page.evaluate(() => [...document.querySelectorAll('.evidence .quote')].map((one) => one.textContent));
  assert.equal(quotes.length, 2);
  assert.match(quotes[0], /^«\S*JUZGADO\S* \S+»$/i);
  await page.screenshot({ path: 'label.png' });
  // killed without warning: nothing that was answered is lost
  await server.stop('SIGKILL');
  await page.context().close();
  const again = await serve('--labeller', 'ana');
  const resumed = await openPage(again.url);
  assert.equal(await shown(resumed), first);
  assert.equal(await resumed.inputValue('[data-key="defendants[0].label"] input'), 'PERSONA PRIMERA');
  assert.equal(await resumed.inputValue('[data-key="decision.date"] input'), '2018-12-31');
  // finishing asks once about what is open, then shows the next text
  await press(resumed, 'Control+Enter');
  assert.match(await resumed.textContent('#state'), /^Sin responder: \d+/);
  await press(resumed, 'Control+Enter');
  await resumed.waitForFunction((name) => document.getElementById('document').textContent !== name, first);
  // and back, by the list
  await press(resumed, 'F9', 'Shift+Tab', 'Enter');
  await resumed.waitForFunction((name) => document.getElementById('document').textContent === name, first);
  assert.deepEqual(resumed.complaints, []);
  await resumed.context().close();
  assert.equal(await again.stop(), 0);
});

test('what was finished and what is open is kept in the store', async () => {
  const folder = join(study, 'by-ana');
  run('label', '--export', folder, '--labeller', 'ana');
  const golds = readdirSync(folder).filter((name) => name.endsWith('.gold.json'));
  assert.equal(golds.length, 1);
  const gold = JSON.parse(readFileSync(join(folder, golds[0]), 'utf8'));
  const text = readFileSync(join(folder, golds[0].replace('.gold.json', '.txt')), 'utf8');
  assert.equal(gold.decision.court_level, 'first_instance');
  assert.equal(gold.decision.date, '2018-12-31');
  assert.equal(gold.decision.region, null);
  assert.equal(gold.defendants[0].verdict, 'acquitted');
  assert.deepEqual(gold.exploitation, ['sexual', 'labour']);
  assert.equal(gold.practices.gesell_chamber, 'present');
  assert.equal(gold.practices.shelter, 'absent');
  for (const words of Object.values(gold.evidence)) assert.ok(text.includes(words));
});

test('a second person labels blind', async () => {
  const server = await serve('--labeller', 'beto');
  const page = await openPage(server.url);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.answered, .rivals').length), 0);
  assert.equal(await page.evaluate(() => CSS.highlights.get('reader').size), 0);
  await label(page, '1');
  await press(page, 'Control+Enter', 'Control+Enter');
  await page.waitForFunction(() => document.getElementById('state').textContent === 'Sin empezar');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await server.stop();
});

test('a third decides where they differ', async () => {
  const server = await serve('--labeller', 'carla', '--adjudicate');
  const page = await openPage(server.url, { colorScheme: 'dark' });
  assert.equal(await current(page), 'defendants[0].verdict');
  const rivals = await page.evaluate(() => [...document.querySelectorAll('.question.current .rivals li > button:first-child')].map((one) => one.textContent));
  assert.deepEqual(rivals, ['AanaAbsuelta', 'BbetoCondenada']);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.question.differs').length), 1);
  await page.screenshot({ path: 'adjudicate.png' });
  await press(page, 'Alt+b');
  await saved(page);
  await press(page, 'Control+Enter', 'Control+Enter');
  await page.waitForFunction(() => /terminados$/.test(document.getElementById('state').textContent));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await server.stop();
  const folder = join(study, 'decided');
  run('label', '--export', folder);
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.gold.json'));
  const gold = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  assert.equal(gold.labeller, 'adjudicated');
  assert.equal(gold.defendants[0].verdict, 'convicted');
  assert.equal(gold.decision.court_level, 'first_instance'); // what they agreed on was taken over
});

test('the page holds at 200 %, and every control has a name', async () => {
  const server = await serve('--labeller', 'dora', '--show-reader');
  const page = await openPage(server.url, { viewport: { width: 700, height: 450 }, deviceScaleFactor: 2 });
  assert.ok(await page.evaluate(() => CSS.highlights.get('reader').size) > 5);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const nameless = await page.evaluate(() => [...document.querySelectorAll('input, textarea, select, button')]
    .filter((one) => !(one.labels?.length || one.textContent.trim() || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby')))
    .map((one) => one.outerHTML));
  assert.deepEqual(nameless, []);
  await page.screenshot({ path: 'zoomed.png' });
  await press(page, 'F1');
  assert.ok(await page.isVisible('#help'));
  await press(page, 'Escape');
  assert.equal(await page.isVisible('#help'), false);
  await page.context().close();
  await server.stop();
});

let passed = 0;
let failed = 0;
try {
  run('read', ...texts.map((name) => join(corpus, name)));
  for (const [name, body] of tests) {
    try {
      await body();
      passed += 1;
      console.log(`[       OK ] ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`[  FAILED  ] ${name}\n${error.stack}`);
      break; // each goes on from what the one before left in the store
    }
  }
} finally {
  for (const child of children) child.kill('SIGKILL');
  await browser.close();
  rmSync(study, { recursive: true, force: true });
}
console.log(`[  PASSED  ] ${passed} test(s).`);
if (failed) console.log(`[  FAILED  ] ${failed} test(s).`);
process.exit(failed ? 1 : 0);
