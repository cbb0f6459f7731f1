// Controls: real inputs with labels, large enough for a thumb.

import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { named, t, type Key } from './text';

export function Button(props: JSX.HTMLAttributes<HTMLButtonElement> & { kind?: 'main' | 'quiet' | 'danger'; busy?: boolean; disabled?: boolean; type?: 'button' | 'submit' }) {
  const { kind = 'quiet', busy = false, disabled = false, type = 'button', ...rest } = props;
  return <button type={type} class={`button ${kind}`} disabled={busy || disabled} aria-busy={busy} {...rest} />;
}

interface FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  help?: string;
  rows?: number;
  type?: string;
  autocomplete?: string;
  inputMode?: 'numeric' | 'tel' | 'text';
  required?: boolean;
  limit?: number;
  list?: string[];
}

export function Field({ label, value, onValue, help, rows, type = 'text', autocomplete = 'off', inputMode, required = false, limit, list }: FieldProps) {
  const id = useId();
  const shared = {
    id,
    value,
    required,
    maxLength: limit,
    onInput: (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => onValue(event.currentTarget.value),
    'aria-describedby': help ? `${id}-help` : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {help && <p class="help" id={`${id}-help`}>{help}</p>}
      {rows
        ? <textarea rows={rows} {...shared} />
        : <input type={type} autocomplete={autocomplete} autocapitalize="none" spellcheck={false} inputMode={inputMode} list={list && `${id}-list`} {...shared} />}
      {list && <datalist id={`${id}-list`}>{list.map((one) => <option key={one} value={one} />)}</datalist>}
    </div>
  );
}

interface SelectProps { label: string; value: string; onValue: (value: string) => void; options: [string, string][]; empty?: string }

export function Select({ label, value, onValue, options, empty }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
      </select>
    </div>
  );
}

interface ChoiceProps { legend: string; group: string; codes: readonly string[]; value: string | undefined; onValue: (value: string) => void; name?: (code: string) => string; row?: boolean }

// One of several, as chips.
export function Choice({ legend, group, codes, value, onValue, name = (code) => named(group, code), row = false }: ChoiceProps) {
  const id = useId();
  return (
    <fieldset class={row ? 'chips row' : 'chips'}>
      <legend>{legend}</legend>
      <div>
        {codes.map((code) => (
          <label key={code} class={`chip ${code}`}>
            <input type="radio" name={id} checked={value === code} onChange={() => onValue(code)} />
            <span>{name(code)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ChoicesProps { legend: string; group: string; codes: readonly string[]; values: string[] | undefined; onValues: (values: string[]) => void }

export function Choices({ legend, group, codes, values = [], onValues }: ChoicesProps) {
  return (
    <fieldset class="chips">
      <legend>{legend}</legend>
      <div>
        {codes.map((code) => (
          <label key={code} class="chip">
            <input type="checkbox" checked={values.includes(code)}
              onChange={(event) => onValues(event.currentTarget.checked ? [...values, code] : values.filter((one) => one !== code))} />
            <span>{named(group, code)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Notice({ kind = 'info', children }: { kind?: 'info' | 'warning' | 'error' | 'fine'; children: ComponentChildren }) {
  return <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>{children}</div>;
}

export function Empty({ text }: { text: Key }) {
  return <p class="empty">{t(text)}</p>;
}

export function Badge({ kind, children }: { kind: string; children: ComponentChildren }) {
  return <span class={`badge ${kind}`}>{children}</span>;
}
