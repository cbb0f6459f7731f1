import { render } from 'preact';
import { App } from './app';
import { guard, start } from './device';
import { watch } from './sync';
import { language, setLanguage } from './text';

setLanguage(language.value);
render(<App />, document.getElementById('app')!);
guard();
watch();
void start();
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js');
