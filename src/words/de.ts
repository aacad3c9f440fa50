/**
 * German.
 * @module
 */
import type { Catalogue } from './catalogue.js';

/** German words. */
export const german: Catalogue = {
  language: 'de',
  headlines: {
    exact: 'Genau diese Datei steht auf einer Liste',
    'exact-weak': 'Diese Datei hat den Fingerabdruck einer gelisteten Datei',
    perceptual: 'Dieses Bild sieht aus wie ein gelistetes Bild',
    'no-known-match': 'Steht nicht auf der Liste',
    inconclusive: 'Die Prüfung kam zu keinem Ergebnis',
  },
  meanings: {
    exact: 'Ihre SHA-256-Prüfsumme ist gelistet: Es ist die gelistete Datei, Byte für Byte.',
    'exact-weak':
      'Nur eine MD5- oder SHA-1-Prüfsumme ist gelistet. Man kann mit Absicht eine andere Datei mit derselben ' +
      'Prüfsumme herstellen; das ist also kein Beweis.',
    perceptual:
      'Ein gelistetes Bild sieht gleich oder fast gleich aus, vielleicht verkleinert, gespiegelt oder bearbeitet. ' +
      'Das ist ein starker Hinweis, aber kein Beweis: Auch verschiedene Bilder können für diesen Vergleich ' +
      'gleich aussehen.',
    'no-known-match':
      'Das heißt nicht, dass sie unbedenklich ist: Auf einer Liste steht nur, was schon einmal gemeldet wurde.',
  },
  reasons: {
    'no-list': 'Es ist keine Liste geladen, also gab es nichts, womit verglichen werden konnte.',
    'list-expired': 'Die Liste ist zu alt, um sich auf sie zu verlassen.',
    unsupported:
      'Diese Art von Datei lässt sich nicht mit der Liste vergleichen, etwa ein Video oder ein Bildformat, das der ' +
      'Browser nicht öffnet. Es zählt der Inhalt, nicht der Name.',
    undecodable:
      'Der Browser konnte sie nicht als Bild öffnen. Sie ist vielleicht beschädigt oder unvollständig.',
    unreadable:
      'Die Datei konnte nicht gelesen werden. Vielleicht wurde sie verschoben oder geändert, oder es ist ein Ordner.',
    'too-large': 'Die Datei oder das Bild darin ist größer, als die Prüfung es zulässt.',
    'readback-blocked':
      'Der Browser verbirgt oder verändert die Bildpunkte, um vor Nachverfolgung zu schützen. Das Aussehen konnte ' +
      'deshalb nicht verglichen werden.',
    timeout: 'Die Prüfung hat länger gedauert, als sie darf.',
    busy: 'Es warten schon zu viele Dateien.',
    'worker-lost': 'Die Prüfung ist unerwartet abgebrochen. Mit der nächsten Datei beginnt sie neu.',
    aborted: 'Du hast diese Prüfung abgebrochen.',
  },
  signals: {
    exact: 'dieselbe Datei',
    'exact-weak': 'gleiche MD5 oder SHA-1',
    perceptual: 'sieht gleich aus',
  },
  actions: {
    block: 'Die Datei wurde nicht gesendet.',
    ask: 'Die Datei ist noch nicht gesendet. Du entscheidest, oder jemand sieht sie sich vorher an.',
    allow: 'Nichts spricht dagegen, sie zu senden.',
  },
  coverage: {
    all: 'Alle Prüfungen, die zu dieser Art von Datei gehören, wurden gemacht.',
    'digests-only': 'Nur Byte für Byte verglichen: Eine veränderte Kopie würde nicht auffallen.',
    partial: 'Ein Teil wurde nicht angesehen.',
  },
  notes: {
    'low-detail': 'Das Bild hat zu wenig Einzelheiten, um sein Aussehen zu vergleichen.',
    'animation-cut': 'Einige seiner Einzelbilder oder weiteren Bilder wurden nicht verglichen.',
    'picture-cut': 'Das Bild ist abgeschnitten: Die Datei endet zu früh.',
    'motion-unchecked': 'Das kurze Video, das zum Bild gehört, wurde nicht verglichen.',
    'perceptual-unchecked': 'Das Aussehen konnte nicht verglichen werden.',
    'not-checked': 'Nichts darin wurde angesehen.',
    'list-expired': 'Die Freigabe einer Liste ist abgelaufen.',
    'list-missing': 'Eine Liste ist noch nicht angekommen.',
    'frames-sampled': 'Vom Video wurden weniger Bilder verglichen als eines je Sekunde.',
    'frames-missing': 'Einige Bilder des Videos konnten nicht gelesen werden.',
    'part-missing': 'Etwas, das man zum Hineinsehen braucht, konnte nicht geladen werden.',
  },
  video: 'Verglichene Einzelbilder: {frames}, aus einem Video von {seconds} s.',
  finder: {
    ran: 'Auch nach Bildern darin, etwa in einem Bildschirmfoto, wurde gesucht.',
    off: 'Nach Bildern darin, etwa in einem Bildschirmfoto, wird hier nicht gesucht.',
    failed: 'Nach Bildern darin, etwa in einem Bildschirmfoto, konnte nicht gesucht werden.',
  },
  privacy: 'Die Prüfung lief auf deinem Gerät und hat niemandem etwas mitgeteilt.',
  appeal:
    'Hältst du das für einen Irrtum? Nenne uns diese Nummer: {appeal}. Sie ist zufällig und sagt nichts über ' +
    'deine Datei.',
  list: '{name}, Version {version}, erstellt {age}',
  justNow: 'gerade eben',
  help: [
    {
      text: 'Wurde dir das geschickt? Du kannst es melden, ohne deinen Namen zu nennen. Bitte gib das Bild nicht weiter.',
      name: 'INHOPE, Meldestellen in vielen Ländern',
      url: 'https://www.inhope.org/',
    },
    {
      text: 'Bist du auf dem Bild und warst du unter 18? Du kannst es sperren lassen, ohne es jemandem zu zeigen.',
      name: 'Take It Down',
      url: 'https://takeitdown.ncmec.org/',
    },
    {
      text: 'Bist du auf dem Bild und warst du 18 oder älter?',
      name: 'StopNCII.org',
      url: 'https://stopncii.org/',
    },
    {
      text: 'Machst du dir Sorgen wegen deiner eigenen Gedanken? Du kannst vertraulich darüber sprechen.',
      name: 'Kein Täter werden',
      url: 'https://www.kein-taeter-werden.de/',
    },
  ],
};
