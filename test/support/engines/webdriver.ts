/**
 * As much of the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/) as the tests need, over `fetch`.
 * @module
 */

/** Member name by which WebDriver marks a reference to an element. */
export const ELEMENT_KEY = 'element-6066-11e4-a52e-4f735466cecf';

/** A session; paths are below `/session/{id}/`. */
export interface Session {
  readonly capabilities: Record<string, unknown>;
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  delete(path: string): Promise<unknown>;
  /** Ends the session and its browser. */
  end(): Promise<void>;
}

/** How long a driver may take until it listens, in milliseconds. */
const START_TIMEOUT_MS = 120_000;

/**
 * @param origin - of a driver that is starting
 * @param capabilities - that it must match
 * @returns a new session
 * @throws Error where the driver does not answer, or with its own words
 */
export async function connect(origin: string, capabilities: object): Promise<Session> {
  await listening(origin);
  const body = { capabilities: { alwaysMatch: capabilities } };
  const created = (await call(origin, 'POST', '/session', body)) as {
    sessionId: string;
    capabilities: Record<string, unknown>;
  };
  const base = `/session/${created.sessionId}`;
  return {
    capabilities: created.capabilities,
    get: (path) => call(origin, 'GET', `${base}/${path}`),
    post: (path, content) => call(origin, 'POST', `${base}/${path}`, content),
    delete: (path) => call(origin, 'DELETE', `${base}/${path}`),
    end: async () => void (await call(origin, 'DELETE', base)),
  };
}

async function listening(origin: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return void (await call(origin, 'GET', '/status'));
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function call(origin: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(origin + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`WebDriver, ${method} ${path.replace(/^\/session\/[^/]+/, '')}: ${error}: ${message}`);
}
