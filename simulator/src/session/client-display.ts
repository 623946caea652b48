const BROWSERS = new Set(['Chrome', 'Edge', 'Firefox', 'IE', 'Internet Explorer', 'Opera', 'Safari']);
const SYSTEMS = new Set(['Windows', 'Mac OS', 'macOS', 'Linux', 'Ubuntu', 'Debian', 'Fedora', 'Chrome OS']);
/** Chrome, Edge, Firefox, IE, Opera, Safari. Programs that are no browser (7 Electron and on) get no code. */
const PLATFORM_IDS = /^[1-6]$/;
const DISPLAY = /^([^()]+) \(([^()]+)\)$/;

/**
 * Whether WhatsApp gives a pairing code to a client of this `companion_platform_id` and `companion_platform_display`:
 * `Browser (OS)`, both of them known. A product's own name is refused (WhiskeySockets/Baileys#2560, #2769, #2409;
 * tulir/whatsmeow pair-code.go).
 */
export function isKnownClient(platformId: string | undefined, display: string | undefined): boolean {
  const [, browser = '', system = ''] = DISPLAY.exec(display ?? '') ?? [];
  return BROWSERS.has(browser) && SYSTEMS.has(system) && PLATFORM_IDS.test(platformId ?? '');
}
