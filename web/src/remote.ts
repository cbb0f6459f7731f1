// What is only looked at online: asked for when a screen opens, and again on demand.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { Problem } from './api';
import { t } from './text';

export interface Remote<T> { data: T | undefined; trouble: string; again: () => void }

export const explain = (error: unknown): string => (error instanceof Problem ? error.detail : t('entry.unreachable'));

export function useRemote<T>(ask: () => Promise<T>, key: string): Remote<T> {
  const [data, setData] = useState<T>();
  const [trouble, setTrouble] = useState('');
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    setTrouble('');
    ask().then((found) => { if (wanted) setData(found); }, (error: unknown) => { if (wanted) setTrouble(explain(error)); });
    return () => { wanted = false; };
  }, [key, turn]);
  return { data, trouble, again: useCallback(() => setTurn((one) => one + 1), []) };
}
