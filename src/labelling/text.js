// The text: paragraphs, highlights, and a selection that moves by words.
// Places are UTF-16 units of the text inside this file and code points outside it.

const paragraphEnd = /\n\n/g;

export class TextPane {
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.text = '';
    document.addEventListener('selectionchange', () => this.#followMouse());
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('focus', () => this.words.length && this.#move(this.anchor, this.focus, false));
  }

  show(text) {
    this.text = text;
    this.plain = !/[\ud800-\udfff]/.test(text);
    this.words = [...text.matchAll(/\S+/g)].map((match) => [match.index, match.index + match[0].length]);
    this.paragraphs = [];
    this.anchor = this.focus = 0;
    this.picked = null;
    this.query = '';
    const parts = [];
    let start = 0;
    for (const end of [...[...text.matchAll(paragraphEnd)].map((match) => match.index), text.length]) {
      const part = document.createElement('p');
      part.textContent = text.slice(start, end);
      if (part.firstChild) {
        this.paragraphs.push({ start, end, node: part.firstChild });
        parts.push(part);
      }
      start = end + 2;
    }
    this.element.replaceChildren(...parts);
    this.element.scrollTop = 0;
    for (const name of ['picked', 'evidence', 'current', 'reader']) this.mark(name, []);
  }

  // What is selected now or was last: {start, end, quote}, or null.
  selection() {
    if (!this.picked) return null;
    const [start, end] = this.picked;
    return { start: this.#points(start), end: this.#points(end), quote: this.text.slice(start, end) };
  }

  // Highlights, by code points; a name's earlier ones go.
  mark(name, spans) {
    if (!globalThis.CSS?.highlights) return;
    const ranges = spans.map(({ start, end }) => this.#range(this.#unit(start), this.#unit(end))).filter(Boolean);
    CSS.highlights.set(name, new Highlight(...ranges));
  }

  reveal({ start }) {
    this.#scrollTo(this.#unit(start));
  }

  find(query, from) {
    const folded = fold(query);
    if (!folded) return false;
    this.query = query;
    const text = fold(this.text);
    let at = text.indexOf(folded, from ?? 0);
    if (at < 0) at = text.indexOf(folded);
    if (at < 0) return false;
    const first = this.#wordAt(at);
    this.#move(first, Math.max(first, this.#wordAt(at + folded.length - 1)));
    return true;
  }

  findNext() {
    return this.find(this.query, this.words.length ? this.words[Math.max(this.anchor, this.focus)][1] : 0);
  }

  #points(unit) {
    return this.plain ? unit : [...this.text.slice(0, unit)].length;
  }

  #unit(points) {
    return this.plain ? points : [...this.text].slice(0, points).join('').length;
  }

  #paragraphAt(unit) {
    let low = 0;
    let high = this.paragraphs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.paragraphs[middle].start <= unit) low = middle;
      else high = middle - 1;
    }
    return this.paragraphs[low];
  }

  #range(start, end) {
    const first = this.#paragraphAt(start);
    const last = this.#paragraphAt(Math.max(start, end - 1));
    if (!first || !last) return null;
    const range = document.createRange();
    range.setStart(first.node, Math.min(start - first.start, first.node.length));
    range.setEnd(last.node, Math.min(end - last.start, last.node.length));
    return range;
  }

  #wordAt(unit) {
    let low = 0;
    let high = this.words.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.words[middle][0] <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #unitOf(node, offset) {
    const paragraph = this.paragraphs.find((one) => one.node === node || one.node.parentNode === node);
    return paragraph ? paragraph.start + (paragraph.node === node ? offset : 0) : -1;
  }

  // A selection made by mouse (or by a reader's own means) is taken whole words wide.
  #followMouse() {
    const selection = getSelection();
    if (this.moving || !selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!this.element.contains(range.startContainer) || !this.element.contains(range.endContainer)) return;
    const start = this.#unitOf(range.startContainer, range.startOffset);
    const end = this.#unitOf(range.endContainer, range.endOffset);
    if (start < 0 || end <= start) return;
    this.anchor = this.#wordAt(start);
    if (this.words[this.anchor][1] <= start) this.anchor += 1;
    this.focus = Math.max(this.anchor, this.#wordAt(end - 1));
    this.#pick();
  }

  #pick() {
    const [first, last] = [Math.min(this.anchor, this.focus), Math.max(this.anchor, this.focus)];
    this.picked = [this.words[first][0], this.words[last][1]];
    const range = this.#range(...this.picked);
    if (range && globalThis.CSS?.highlights) CSS.highlights.set('picked', new Highlight(range));
    this.onSelect(this.text.slice(...this.picked));
    return range;
  }

  #move(anchor, focus, scroll = true) {
    const last = this.words.length - 1;
    if (last < 0) return;
    this.anchor = Math.min(Math.max(anchor, 0), last);
    this.focus = Math.min(Math.max(focus, 0), last);
    const range = this.#pick();
    this.moving = true;
    getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    setTimeout(() => { this.moving = false; });
    if (scroll) this.#scrollTo(this.words[this.focus][0]);
  }

  #scrollTo(unit) {
    const box = this.#range(unit, unit + 1)?.getBoundingClientRect();
    const pane = this.element.getBoundingClientRect();
    if (!box) return;
    const margin = pane.height / 6;
    if (box.top < pane.top + margin || box.bottom > pane.bottom - margin) {
      this.element.scrollTop += box.top - pane.top - pane.height / 3;
    }
  }

  // The word nearest above or below the one at hand; lines are as high as that word.
  #lineFrom(word, step) {
    const box = this.#range(...this.words[word]).getBoundingClientRect();
    const x = box.left + box.width / 2;
    const next = (index) => index + Math.sign(step);
    let lines = 0;
    let top = box.top;
    let best = word;
    for (let index = next(word); index >= 0 && index < this.words.length; index = next(index)) {
      const here = this.#range(...this.words[index]).getClientRects()[0];
      if (Math.abs(here.top - top) > box.height / 2) {
        if (lines === Math.abs(step)) break;
        lines += 1;
        top = here.top;
        best = index;
      }
      const centre = here.left + here.width / 2;
      const kept = this.#range(...this.words[best]).getClientRects()[0];
      if (lines === Math.abs(step) && Math.abs(centre - x) < Math.abs(kept.left + kept.width / 2 - x)) best = index;
    }
    return best;
  }

  #sentence() {
    const { start, end } = this.#paragraphAt(this.words[this.focus][0]);
    const at = this.words[this.focus][0] - start;
    const segments = new Intl.Segmenter('es', { granularity: 'sentence' }).segment(this.text.slice(start, end));
    const one = segments.containing(at);
    this.#move(this.#wordAt(start + one.index), this.#wordAt(start + one.index + one.segment.trimEnd().length - 1));
  }

  #paragraph() {
    const { start, end } = this.#paragraphAt(this.words[this.focus][0]);
    this.#move(this.#wordAt(start), this.#wordAt(end - 1));
  }

  #key(event) {
    if (!this.words.length || event.altKey || event.metaKey) return;
    const { start, end } = this.#paragraphAt(this.words[this.focus][0]);
    const edge = event.ctrlKey ? [0, this.words.length - 1] : [this.#wordAt(start), this.#wordAt(end - 1)];
    const moves = {
      ArrowLeft: () => this.focus - 1,
      ArrowRight: () => this.focus + 1,
      ArrowUp: () => this.#lineFrom(this.focus, -1),
      ArrowDown: () => this.#lineFrom(this.focus, 1),
      PageUp: () => this.#lineFrom(this.focus, -12),
      PageDown: () => this.#lineFrom(this.focus, 12),
      Home: () => edge[0],
      End: () => edge[1],
    };
    if (moves[event.key]) {
      const focus = moves[event.key]();
      this.#move(event.shiftKey ? this.anchor : focus, focus);
    } else if (event.ctrlKey) {
      return;
    } else if (event.key.toLowerCase() === 's') {
      this.#sentence();
    } else if (event.key.toLowerCase() === 'p') {
      this.#paragraph();
    } else if (event.key.toLowerCase() === 'n') {
      this.findNext();
    } else {
      return;
    }
    event.preventDefault();
  }
}

// Lower case without accents, unit for unit, so that places stay.
function fold(text) {
  return text.toLowerCase().replace(/[áàâä]/g, 'a').replace(/[éèêë]/g, 'e').replace(/[íìîï]/g, 'i')
    .replace(/[óòôö]/g, 'o').replace(/[úùûü]/g, 'u').replace(/\s/g, ' ');
}
