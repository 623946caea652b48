import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { UnlinkCause } from '../events.js';
import type { ServiceContext } from './service-context.js';

const DAY_MS = 86_400_000;
/** Every companion goes when the phone was away for so long (faq.whatsapp.com/378279804439436, mautrix/whatsapp phoneping.go). */
const PHONE_AWAY_MS = 14 * DAY_MS;
/** One that is never available goes after this, however much it does (devlikeapro/waha#1584, aldinokemal/go-whatsapp-web-multidevice#644). */
const IDLE_MS = 30 * DAY_MS;

/** Unlinks companions that were neglected for too long by the simulator's clock. */
export class Lifetimes {
  constructor(
    private readonly context: ServiceContext,
    private readonly unlink: (account: Account, device: Device, cause: UnlinkCause) => void,
  ) {}

  check(): void {
    for (const account of this.context.accounts.all()) this.checkAccount(account);
  }

  checkAccount(account: Account): void {
    const now = this.context.clock.now();
    const isPhoneGone = account.awaySince !== null && now - account.awaySince >= PHONE_AWAY_MS;
    for (const device of [...account.devices.values()]) {
      if (isPhoneGone) this.unlink(account, device, 'phone-away');
      else if (isNeglected(device, now)) this.unlink(account, device, 'idle');
    }
  }
}

function isNeglected({ isAvailable, lastAvailableAt, linkedAt }: Device, now: number): boolean {
  return !isAvailable && now - (lastAvailableAt ?? linkedAt) >= IDLE_MS;
}
