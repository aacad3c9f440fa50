/**
 * Judges what left a worker or a page during a scan. Everything is forbidden that is not spelt out here.
 * @module
 */

/** One thing that left, by the channel it took. */
export interface LeakRecord {
  channel: 'port' | 'broadcast' | 'network' | 'storage' | 'lock' | 'object-url' | 'console';
  values: unknown[];
}

/** What a scan may name. */
export interface Allowed {
  listNames: readonly string[];
  labels: readonly string[];
  /** Bytes that must not be found anywhere: digests, hashes. */
  secrets: readonly Uint8Array[];
}

const VIDEO_CODECS = [
  'h264',
  'hevc',
  'vp8',
  'vp9',
  'av1',
  'prores',
  'mpeg1',
  'mpeg2',
  'mpeg4',
  'mjpeg',
  'theora',
  'vc1',
  'other',
];
const VERDICTS = ['match', 'no-known-match', 'inconclusive'];
const ACTIONS = ['block', 'ask', 'allow'];
const SIGNALS = ['exact', 'exact-weak', 'perceptual'];
const COMPLETE = ['all', 'partial', 'digests-only'];
const NOTES = [
  'low-detail',
  'animation-cut',
  'picture-cut',
  'motion-unchecked',
  'perceptual-unchecked',
  'not-checked',
  'list-expired',
  'list-missing',
  'part-missing',
  'frames-sampled',
  'frames-missing',
];
const REASONS = [
  'no-list',
  'list-expired',
  'unsupported',
  'undecodable',
  'unreadable',
  'too-large',
  'readback-blocked',
  'timeout',
  'busy',
  'worker-lost',
  'aborted',
];

type Json = Record<string, unknown>;

class Violation extends Error {}

function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Violation(what);
}

/** An object with exactly these keys; those ending in '?' may be absent. */
function fields(value: unknown, where: string, ...keys: string[]): Json {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), `${where} is not an object`);
  const known = keys.map((key) => key.replace('?', ''));
  for (const key of Object.keys(value)) demand(known.includes(key), `${where}.${key} is not expected`);
  for (const key of keys) demand(key.endsWith('?') || key in value, `${where}.${key} is missing`);
  return value as Json;
}

function oneOf(value: unknown, allowed: readonly unknown[], where: string): void {
  demand(allowed.includes(value), `${where} is ${JSON.stringify(value)}`);
}

function count(value: unknown, where: string): void {
  demand(
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 53,
    `${where} is no count`,
  );
}

function array(value: unknown, where: string): unknown[] {
  demand(Array.isArray(value), `${where} is not an array`);
  return value;
}

function checkOutcome(value: unknown, allowed: Allowed): void {
  const outcome = fields(value, 'outcome', 'verdict', 'action', 'matches', 'reason?', 'coverage', 'lists');
  oneOf(outcome.verdict, VERDICTS, 'outcome.verdict');
  oneOf(outcome.action, ACTIONS, 'outcome.action');
  if ('reason' in outcome) oneOf(outcome.reason, REASONS, 'outcome.reason');
  for (const item of array(outcome.matches, 'outcome.matches')) {
    const match = fields(item, 'match', 'list', 'signal', 'label?');
    oneOf(match.list, allowed.listNames, 'match.list');
    oneOf(match.signal, SIGNALS, 'match.signal');
    if ('label' in match) oneOf(match.label, allowed.labels, 'match.label');
  }
  const coverage = fields(outcome.coverage, 'coverage', 'complete', 'notes', 'video?');
  if ('video' in coverage) {
    const video = fields(coverage.video, 'coverage.video', 'frames', 'seconds', 'codec');
    count(video.frames, 'coverage.video.frames');
    count(video.seconds, 'coverage.video.seconds');
    oneOf(video.codec, VIDEO_CODECS, 'coverage.video.codec');
  }
  oneOf(coverage.complete, COMPLETE, 'coverage.complete');
  for (const note of array(coverage.notes, 'coverage.notes')) oneOf(note, NOTES, 'coverage note');
  for (const item of array(outcome.lists, 'outcome.lists')) {
    const list = fields(item, 'list', 'name', 'version', 'ageSeconds', 'demo?');
    oneOf(list.name, allowed.listNames, 'list.name');
    count(list.version, 'list.version');
    count(list.ageSeconds, 'list.ageSeconds');
    if ('demo' in list) oneOf(list.demo, [true], 'list.demo');
  }
}

function checkReplyValue(value: unknown, allowed: Allowed): void {
  if (value === undefined) return;
  if (typeof value === 'object' && value !== null && 'protocol' in value) {
    const greeting = fields(value, 'greeting', 'protocol', 'holdsLifeLock');
    oneOf(greeting.protocol, [3], 'greeting.protocol');
    oneOf(greeting.holdsLifeLock, [true, false], 'greeting.holdsLifeLock');
    return;
  }
  const reply = fields(value, 'reply', 'ok', 'value');
  demand(reply.ok === true, 'a failure as data');
  if (reply.value === 'part-ready') return;
  const opened = Array.isArray(reply.value) ? reply.value : [];
  if (!Array.isArray(reply.value)) checkOutcome(reply.value, allowed);
  for (const item of opened) {
    const info = fields(item, 'opened list', 'name', 'version', 'createdSeconds', 'demo');
    oneOf(info.name, allowed.listNames, 'opened list.name');
    count(info.version, 'opened list.version');
    count(info.createdSeconds, 'opened list.createdSeconds');
    oneOf(info.demo, [true, false], 'opened list.demo');
  }
}

/** comlink's messages: replies `{id, type: 'RAW', value}`, and calls of the page's `onProgress`. */
function checkPortMessage(message: unknown, allowed: Allowed): void {
  const { type } = (message ?? {}) as Json;
  if (type === 'RAW') {
    const { value, id } = fields(message, 'message', 'id', 'type', 'value?');
    demand(typeof id === 'string' && /^[0-9a-f-]{1,64}$/.test(id), 'message.id is no comlink id');
    checkReplyValue(value, allowed);
    return;
  }
  const call = fields(message, 'message', 'id', 'type', 'path', 'argumentList');
  demand(typeof call.id === 'string' && /^[0-9a-f-]{1,64}$/.test(call.id), 'message.id is no comlink id');
  oneOf(call.type, ['APPLY'], 'message.type');
  const path = JSON.stringify(call.path);
  demand(path === '["onProgress"]' || path === '["onVideoLength"]', `a call of ${path}`);
  const [id, fraction, ...rest] = array(call.argumentList, 'arguments').map((a) =>
    fields(a, 'argument', 'type', 'value'),
  );
  demand(rest.length === 0 && id.type === 'RAW' && fraction.type === 'RAW', 'arguments of onProgress');
  count(id.value, 'scan id');
  if (path === '["onVideoLength"]') {
    count(fraction.value, 'length of a video');
    return;
  }
  demand(
    typeof fraction.value === 'number' && fraction.value >= 0 && fraction.value <= 1,
    'progress beyond 0 to 1',
  );
}

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Looks for a secret in any dress: hex, base64, raw bytes, decimal bytes. */
function checkSecrets(record: LeakRecord, secrets: readonly Uint8Array[]): void {
  const text = JSON.stringify(record.values) ?? '';
  const lower = text.toLowerCase();
  for (const secret of secrets) {
    demand(!lower.includes(toHex(secret).slice(0, 12)), 'a digest or hash in hex');
    demand(!lower.includes(toHex(secret.slice().reverse()).slice(0, 12)), 'a digest or hash in reversed hex');
    demand(!text.includes(Buffer.from(secret).toString('base64').slice(0, 12)), 'a digest or hash in base64');
    demand(!text.includes([...secret.subarray(0, 6)].join(',')), 'a digest or hash in bytes');
  }
  demand(!text.includes('"binary"'), 'bytes');
}

/**
 * @param records - all that left during a scan
 * @param allowed - the names it may carry, and the secrets it must not
 * @returns what is wrong, one line each; empty when nothing is
 */
export function findLeaks(records: readonly LeakRecord[], allowed: Allowed): string[] {
  const leaks: string[] = [];
  for (const record of records) {
    try {
      if (record.channel === 'lock') {
        // The worker's life lock: a random name, given by the page.
        demand(
          typeof record.values[0] === 'string' && /^presieve-[0-9a-f]{32}$/.test(record.values[0]),
          'an unknown lock',
        );
      } else {
        demand(
          record.channel === 'port',
          `use of ${record.channel}: ${JSON.stringify(record.values).slice(0, 80)}`,
        );
        checkPortMessage(record.values[0], allowed);
      }
      checkSecrets(record, allowed.secrets);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      leaks.push(`${record.channel}: ${error.message}`);
    }
  }
  return leaks;
}

/**
 * What a scan showed besides its outcome: the number and order of messages and the progress fractions. It
 * must be the same whether the file matched or not.
 */
export function visibleTrace(records: readonly LeakRecord[]): string[] {
  return records.map(({ channel, values }) => {
    const message = values[0] as { type?: string; argumentList?: { value: unknown }[] } | undefined;
    return message?.type === 'APPLY' ? `progress ${message.argumentList?.[1]?.value}` : channel;
  });
}
