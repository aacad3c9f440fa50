/**
 * The main process: one window without Node in it, and the protocol that serves it. It alone talks to the network, and
 * only for lists: paths that the trust worker asks for, never anything about a file.
 * @module
 */
import { join } from 'node:path';
import { app, BrowserWindow, net, protocol, session } from 'electron';
import { createHandler, listsFromFolder } from './serve.js';

const ORIGIN = 'app://messenger';

/** Address of a list repository; without it the demo lists that `build.js` made. */
const LISTS = process.env.MESSENGER_LISTS;

app.enableSandbox();
// A secure, standard origin: IndexedDB, module workers and WebAssembly need one.
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

function createWindow() {
  const window = new BrowserWindow({
    width: 1080,
    height: 760,
    minWidth: 360,
    minHeight: 480,
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false },
  });
  window.setMenuBarVisibility(false);
  window.loadURL(`${ORIGIN}/`);
}

app.on('web-contents-created', (_event, contents) => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // A file that is dropped beside the page must not replace it.
  contents.on('will-navigate', (event) => event.preventDefault());
});

await app.whenReady();
protocol.handle(
  'app',
  createHandler(join(import.meta.dirname, 'build/app'), {
    fetchList: LISTS
      ? (path) => net.fetch(new URL(path, LISTS.endsWith('/') ? LISTS : `${LISTS}/`).href)
      : listsFromFolder(join(import.meta.dirname, 'build/lists')),
    // Here the messenger would encrypt and send.
    send: async (name, bytes) => console.log(`sent ${name}, ${bytes.length} bytes`),
  }),
);
session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
session.defaultSession.webRequest.onBeforeRequest(({ url }, decide) =>
  decide({ cancel: !url.startsWith(`${ORIGIN}/`) && !url.startsWith(`blob:${ORIGIN}/`) }),
);
createWindow();
app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && createWindow());
app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit());
