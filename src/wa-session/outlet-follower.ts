import { Injectable } from '@nestjs/common';
import { OutletsService } from '../outlets/outlets.service.js';
import { OutletCommands } from './desk/outlet-commands.js';
import { SessionRegistry } from './session-registry.js';

/** Both wait for WhatsApp or a row, and end by themselves before. */
const WITHIN_MS = 12_000;

/** Lets the session of an outlet that is saved or removed know of it, on whichever node it is. */
@Injectable()
export class OutletFollower {
  constructor(registry: SessionRegistry, commands: OutletCommands, outlets: OutletsService) {
    const leave = commands.command('leave', WITHIN_MS, (outletId) => registry.takeLeave(outletId));
    // An outlet that was just made is nobody's: whoever made it may have it.
    const follow = commands.command('follow', WITHIN_MS, (outletId) => registry.follow(outletId), 'here');
    outlets.beforeRemoving((outletId) => leave(outletId, null));
    outlets.afterSaving((outletId) => follow(outletId, null));
  }
}
