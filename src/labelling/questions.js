// The questions: a form made from the questionnaire, answers by key (path), evidence beside each answer.

const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
};

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const empty = (value) => value == null || (Array.isArray(value) && !value.length);

export class Questions {
  // `on`: change(), current(key), reveal(span)
  constructor(form, questionnaire, on) {
    this.form = form;
    this.questionnaire = questionnaire;
    this.on = on;
    this.current = null;
    form.addEventListener('focusin', (event) => this.#enter(event.target.closest('.question')));
    form.addEventListener('keydown', (event) => this.#key(event));
    form.addEventListener('submit', (event) => event.preventDefault());
  }

  // `sheets`: what the labellers answered, when somebody decides between them
  show(sheet, sheets) {
    this.sheet = sheet;
    this.sheets = sheets;
    this.people = this.#countPeople();
    this.current = null;
    this.#draw();
  }

  // Answered and asked.
  count() {
    const keys = [...this.form.querySelectorAll('.question')].map((one) => one.dataset.key);
    return [keys.filter((key) => !empty(this.sheet.labels[key])).length, keys.length];
  }

  focus(key) {
    const question = this.#find(key ?? this.current) ?? this.form.querySelector('.question');
    const control = question?.querySelector('input:checked') ?? question?.querySelector('input, textarea, select, button');
    control?.focus();
  }

  step(by, wanted = () => true) {
    const all = [...this.form.querySelectorAll('.question')];
    let index = all.findIndex((one) => one.dataset.key === this.current) + by;
    while (index >= 0 && index < all.length && !wanted(all[index])) index += by;
    if (!all[index]) return false;
    this.focus(all[index].dataset.key);
    all[index].scrollIntoView({ block: 'nearest' });
    return true;
  }

  stepToDifference(by) {
    return this.step(by, (one) => one.classList.contains('differs'));
  }

  addEvidence(span) {
    if (!this.current || !span) return false;
    const list = (this.sheet.evidence[this.current] ??= []);
    if (!list.some((one) => one.start === span.start && one.end === span.end)) list.push(span);
    list.sort((a, b) => a.start - b.start);
    this.#changed(this.current);
    return true;
  }

  addPerson() {
    this.people += 1;
    this.#draw();
    this.focus(`defendants[${this.people - 1}].label`);
  }

  // The answer of a labeller, with its evidence, becomes the decision.
  take(index) {
    const other = this.sheets[index];
    if (!other || !this.current) return;
    this.#set(this.current, other.labels[this.current] ?? null);
    const evidence = other.evidence[this.current];
    if (evidence) this.sheet.evidence[this.current] = structuredClone(evidence);
    else delete this.sheet.evidence[this.current];
    this.#redraw(this.current);
    this.#changed(this.current);
    this.focus(this.current);
  }

  #countPeople() {
    const of = (sheet) => Object.keys(sheet.labels).map((key) => /^defendants\[(\d+)\]/.exec(key)).filter(Boolean)
      .map((match) => Number(match[1]) + 1);
    return Math.max(1, ...[this.sheet, ...this.sheets].flatMap(of));
  }

  #draw() {
    const parts = [];
    for (const group of this.questionnaire.groups) {
      if (!group.each) {
        const prefix = group.key ? `${group.key}.` : '';
        parts.push(this.#section(group, group.name, prefix));
        continue;
      }
      for (let i = 0; i < this.people; i += 1) {
        parts.push(this.#section(group, `${group.name} ${i + 1}`, `${group.key}[${i}].`, () => this.#removePerson(i)));
      }
      parts.push(make('p', { className: 'more' },
        make('button', { type: 'button', onclick: () => this.addPerson() }, 'Añadir otra persona')));
    }
    this.form.replaceChildren(...parts);
  }

  #section(group, title, prefix, remove) {
    const id = `group-${prefix}${group.name}`.replace(/\W+/g, '-');
    const head = make('h2', { id }, title);
    const section = make('section', { 'aria-labelledby': id, className: 'group' }, head,
      ...group.questions.map((question) => this.#question(question, prefix + question.key, group)));
    if (remove && this.people > 1) {
      section.append(make('p', { className: 'more' }, make('button', { type: 'button', onclick: remove }, `Quitar: ${title}`)));
    }
    return section;
  }

  #question(question, key, group) {
    const id = `q-${key}`.replace(/\W+/g, '-');
    const row = make('div', { className: 'question', role: 'group', 'aria-labelledby': id });
    row.dataset.key = key;
    row.dataset.kind = question.kind;
    row.asked = question;
    row.group = group;
    this.#fill(row, id);
    return row;
  }

  #fill(row, id = row.getAttribute('aria-labelledby')) {
    const { asked: question, dataset: { key } } = row;
    row.classList.toggle('answered', !empty(this.sheet.labels[key]));
    const parts = [
      make('p', { className: 'name', id }, question.name, question.help ? make('small', {}, question.help) : null),
      make('div', { className: 'answer' }, ...this.#controls(question, key, id)),
      this.#rivals(row, key),
      this.#evidence(key),
    ];
    row.replaceChildren(...parts.filter(Boolean));
  }

  #redraw(key) {
    const row = this.#find(key);
    if (row) this.#fill(row);
  }

  #find(key) {
    return key ? this.form.querySelector(`.question[data-key="${CSS.escape(key)}"]`) : null;
  }

  #controls(question, key, id) {
    const value = this.sheet.labels[key];
    const choices = question.kind === 'bool'
      ? [{ code: true, name: 'Sí' }, { code: false, name: 'No' }]
      : question.choices.map(({ code, name }) => ({ code: question.numbers ? Number(code) : code, name }));
    switch (question.kind) {
      case 'choice':
      case 'bool':
        return choices.map(({ code, name }, index) => make('label', {},
          make('input', { type: 'radio', name: id, checked: value === code, onchange: () => this.#answer(key, code) }),
          make('kbd', { 'aria-hidden': 'true' }, String(index + 1)), name));
      case 'choices':
        return choices.map(({ code, name }, index) => make('label', {},
          make('input', { type: 'checkbox', checked: (value ?? []).includes(code), onchange: (event) => {
            const rest = (this.sheet.labels[key] ?? []).filter((one) => one !== code);
            const next = event.target.checked ? [...rest, code] : rest;
            this.#answer(key, choices.map((one) => one.code).filter((one) => next.includes(one)));
          } }), make('kbd', { 'aria-hidden': 'true' }, String(index + 1)), name));
      case 'list':
        return [make('textarea', { rows: Math.max(1, value?.length ?? 1), value: (value ?? []).join('\n'), 'aria-labelledby': id, spellcheck: false,
          oninput: (event) => this.#answer(key, event.target.value.split('\n').map((line) => line.trim()).filter(Boolean)) })];
      case 'offences':
        return this.#offences(key, value ?? []);
      default:
        return [this.#input(question, key, id, value)];
    }
  }

  #input(question, key, id, value) {
    const note = make('span', { className: 'wrong', id: `${id}-wrong` });
    const input = make('input', { type: 'text', value: value ?? '', 'aria-labelledby': id, spellcheck: false,
      inputMode: question.kind === 'number' ? 'decimal' : 'text',
      placeholder: question.kind === 'date' ? 'AAAA-MM-DD' : '' });
    input.setAttribute('aria-describedby', note.id);
    input.oninput = () => {
      const [answer, wrong] = understand(question.kind, input.value.trim());
      input.setAttribute('aria-invalid', String(Boolean(wrong)));
      note.textContent = wrong ?? '';
      if (!wrong) this.#answer(key, answer);
    };
    const both = document.createDocumentFragment();
    both.append(input, note);
    return both;
  }

  #offences(key, value) {
    const set = (next) => { this.#answer(key, next.filter((one) => one.offence)); };
    const row = (one, index) => {
      const select = make('select', { 'aria-label': `Delito ${index + 1}` },
        ...['', ...this.questionnaire.offences, 'other'].map((code) =>
          make('option', { value: code, selected: code === (one.offence ?? '') }, code || '—')));
      const article = make('input', { type: 'text', value: one.article ?? '', placeholder: 'artículo', 'aria-label': `Artículo ${index + 1}` });
      const read = () => ({ article: article.value.trim() || null, offence: select.value });
      const keep = () => {
        const next = [...(this.sheet.labels[key] ?? [])];
        next[index] = read();
        set(next);
      };
      select.onchange = () => {
        keep();
        this.#redraw(key);
        this.#find(key).querySelectorAll('select')[index]?.focus();
      };
      article.oninput = () => select.value && keep();
      return make('div', { className: 'offence' }, select, article);
    };
    return [...value, {}].map(row);
  }

  #rivals(row, key) {
    if (!this.sheets.length) return null;
    const shown = (value) => this.#say(row.asked, value) ?? this.#say(row.asked, row.group.fallback) ?? 'no consta';
    const answers = this.sheets.map((sheet) => {
      const value = sheet.labels[key];
      return empty(value) ? row.group.fallback ?? null : value;
    });
    const differs = answers.some((value) => !same(value, answers[0]));
    row.classList.toggle('differs', differs);
    if (!differs) return null;
    return make('ul', { className: 'rivals', 'aria-label': 'Respuestas que difieren' },
      ...this.sheets.map((sheet, index) => make('li', {},
        make('button', { type: 'button', onclick: () => this.take(index) },
          make('kbd', {}, 'AB'[index] ?? '·'), make('b', {}, sheet.labeller), shown(sheet.labels[key])),
        ...(sheet.evidence[key] ?? []).map((span) => this.#quote(span)))));
  }

  #say(question, value) {
    if (empty(value)) return null;
    if (typeof value === 'boolean') return value ? 'Sí' : 'No';
    const name = (code) => question.choices.find((one) => one.code === String(code))?.name ?? code;
    if (!Array.isArray(value)) return String(name(value));
    return value.map((one) => (one.offence ? `${one.offence}${one.article ? ` (${one.article})` : ''}` : name(one))).join(', ');
  }

  #quote(span) {
    return make('button', { type: 'button', className: 'quote', title: 'Mostrar en el texto', onclick: () => this.on.reveal(span) },
      `«${span.quote.length > 90 ? `${span.quote.slice(0, 88)}…` : span.quote}»`);
  }

  #evidence(key) {
    const spans = this.sheet.evidence[key] ?? [];
    if (!spans.length) return null;
    return make('ul', { className: 'evidence', 'aria-label': 'Pruebas' }, ...spans.map((span, index) => make('li', {},
      this.#quote(span),
      make('button', { type: 'button', className: 'remove', 'aria-label': `Quitar la prueba ${index + 1}`, onclick: () => {
        spans.splice(index, 1);
        if (!spans.length) delete this.sheet.evidence[key];
        this.#changed(key);
        this.focus(key);
      } }, '×'))));
  }

  #set(key, value) {
    if (empty(value)) delete this.sheet.labels[key];
    else this.sheet.labels[key] = value;
  }

  #answer(key, value) {
    this.#set(key, value);
    this.#find(key)?.classList.toggle('answered', !empty(value));
    this.on.change();
  }

  #changed(key) {
    const row = this.#find(key);
    if (row) {
      row.querySelector('.evidence')?.remove();
      const list = this.#evidence(key);
      if (list) row.append(list);
    }
    this.on.current(key);
    this.on.change();
  }

  #removePerson(index) {
    const shift = (object) => Object.fromEntries(Object.entries(object).flatMap(([key, value]) => {
      const match = /^defendants\[(\d+)\]\.(.*)$/.exec(key);
      if (!match || Number(match[1]) < index) return [[key, value]];
      return Number(match[1]) === index ? [] : [[`defendants[${Number(match[1]) - 1}].${match[2]}`, value]];
    }));
    if (!confirm(`¿Quitar la persona ${index + 1} y lo respondido sobre ella?`)) return;
    this.sheet.labels = shift(this.sheet.labels);
    this.sheet.evidence = shift(this.sheet.evidence);
    this.people -= 1;
    this.#draw();
    this.on.change();
    this.focus(`defendants[${Math.max(0, index - 1)}].label`);
  }

  #enter(row) {
    if (!row || row.dataset.key === this.current) return;
    this.form.querySelector('.question.current')?.classList.remove('current');
    row.classList.add('current');
    this.current = row.dataset.key;
    this.on.current(this.current);
  }

  #key(event) {
    const row = event.target.closest('.question');
    const writing = event.target.matches('input[type=text], textarea, select');
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) this.step(event.key === 'ArrowDown' ? 1 : -1);
    else if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    else if (event.key === 'Enter' && event.target.matches('input')) this.step(1);
    else if (!writing && /^[1-9]$/.test(event.key)) row.querySelectorAll('.answer input')[Number(event.key) - 1]?.click();
    else if (!writing && (event.key === 'Delete' || event.key === 'Backspace') && event.target.matches('.answer input')) {
      this.#answer(row.dataset.key, null);
      this.#redraw(row.dataset.key);
      this.focus(row.dataset.key);
    } else return;
    event.preventDefault();
  }
}

// What was typed, and what is wrong with it.
function understand(kind, typed) {
  if (!typed) return [null, null];
  if (kind === 'number') {
    const number = Number(typed.replace(/(?<=\d),(?=\d{1,2}$)/, '.'));
    return Number.isFinite(number) && number >= 0 ? [number, null] : [null, 'se espera un número'];
  }
  if (kind !== 'date') return [typed, null];
  const turned = typed.replace(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/,
    (_, day, month, year) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  const date = /^\d{4}-\d{2}-\d{2}$/.test(turned) ? new Date(`${turned}T00:00:00Z`) : null;
  return date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(turned)
    ? [turned, null] : [null, 'se espera AAAA-MM-DD o DD/MM/AAAA'];
}
