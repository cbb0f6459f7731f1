// A server with a demo municipality, phones (each a browser of its own with a folder of its own), and what must never happen.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const folder = mkdtempSync(join(tmpdir(), 'huella-test-app-'));
const children = new Set();

export async function serve(...args) {
  const child = spawn(process.env.HUELLA_PROGRAM, ['serve', '--study', join(folder, 'study'), '--listen', '127.0.0.1:0', '--quiet', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const line = await new Promise((resolve) => { createInterface({ input: child.stdout }).once('line', resolve); });
  return JSON.parse(line);
}

// Sizes of a cheap phone and of an office's screen.
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

// A browser of its own process, so that it can end as with a dead battery.
export async function phone(name, url, { viewport = PHONE, colorScheme = 'light', scale = 1, offline = false } = {}) {
  const child = spawn(process.argv[2], [
    '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${join(folder, name)}`, '--lang=es-PE', '--no-first-run', '--disable-gpu',
    `--force-device-scale-factor=${scale}`, ...(process.getuid() === 0 ? ['--no-sandbox'] : []), 'about:blank',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  const endpoint = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('Chromium ended')));
    createInterface({ input: child.stderr }).on('line', (line) => { const found = /listening on (ws:\S+)/.exec(line); if (found) resolve(found[1]); });
  });
  const browser = await chromium.connectOverCDP(endpoint);
  const context = browser.contexts()[0];
  const page = context.pages()[0] ?? await context.newPage();
  page.setDefaultTimeout(15_000);
  const one = { child, browser, context, page, complaints: [] };
  watch(one, url);
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  if (offline) await context.setOffline(true);
  await page.goto(url);
  return one;
}

// Nothing of another origin is asked for, the policy is never broken, no script fails.
function watch(one, url) {
  one.context.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !/^about:/.test(request.url()) && !request.url().startsWith(url)) one.complaints.push(`asked for ${request.url()}`);
  });
  one.context.on('page', (page) => listen(one, page));
  listen(one, one.page);
}

function listen(one, page) {
  page.on('pageerror', (error) => one.complaints.push(String(error)));
  page.on('console', (message) => {
    const expected = /ERR_INTERNET_DISCONNECTED|status of (401|404|409)/;
    if (message.type() === 'error' && !expected.test(message.text())) one.complaints.push(message.text());
  });
  page.on('dialog', (dialog) => void dialog.accept());
}

export async function kill(one) {
  await new Promise((resolve) => {
    one.child.once('exit', resolve);
    one.child.kill('SIGKILL');
  });
  children.delete(one.child);
  await one.browser.close().catch(() => undefined);
}

export async function close(one) {
  assert.deepEqual(one.complaints, []);
  const ended = new Promise((resolve) => { one.child.once('exit', resolve); });
  one.child.kill('SIGTERM');
  await ended;
  children.delete(one.child);
}

export async function end() {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

// The API as another client sees it.
export async function client(url, { username, password }) {
  const response = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) });
  assert.equal(response.status, 200);
  const cookie = response.headers.get('set-cookie').split(';')[0];
  return async (path, { method = 'GET', csrf = '', body } = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { Cookie: cookie, ...(body && { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }) },
      body: body && JSON.stringify(body),
    });
    return method === 'GET' ? answer.json() : answer.status;
  };
}
