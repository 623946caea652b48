import { randomBytes } from 'node:crypto';
import { renderMessage, variablesOf } from '@koneksi/contracts/blast-template';
import { isBlank } from '@koneksi/contracts/plain-text';
import { withWayOut, wayOutOf } from '@koneksi/contracts/way-out';
import type { RecipientReason } from '@koneksi/contracts/blast-states';
import type { TestBlast, TestBlastAnswer } from '@koneksi/contracts/blast-requests';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { DomainError } from '../common/domain-error.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { OptOuts } from '../consent/opt-outs.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { Presses } from '../outlets/presses.js';
import { OutletCommands } from '../wa-session/desk/outlet-commands.js';
import { SendingDesk } from '../wa-session/desk/sending-desk.js';
import type { Messenger } from '../wa-session/messenger.js';
import { Audience } from './audience.js';
import { BlastAudit } from './blast-audit.js';
import { BlastPlanner } from './blast-plan.js';
import { RESTRICTED_CODE } from './domain/refusals.js';
import { Limits } from './limits/limits.js';
import { MediaStore } from './media/media-store.js';
import { toldReason, whyOutOfReach } from './sending/out-of-reach.js';

const ACKNOWLEDGED_WITHIN_MS = 20_000;
/** With an upload, and the way to another node. */
const ANSWERED_WITHIN_MS = 60_000;

interface Asked {
  caller: Caller;
  body: TestBlast;
}

/** One message at once, so that people see what a blast will look like. */
@Injectable()
export class TestSend {
  private readonly sending: (outletId: string, asked: Asked) => Promise<TestBlastAnswer>;

  constructor(
    private readonly outlets: OutletsService,
    private readonly planner: BlastPlanner,
    private readonly audience: Audience,
    private readonly desk: SendingDesk,
    private readonly media: MediaStore,
    private readonly limits: Limits,
    private readonly audit: BlastAudit,
    private readonly optOuts: OptOuts,
    private readonly presses: Presses,
    commands: OutletCommands,
  ) {
    this.sending = commands.command('test-send', ANSWERED_WITHIN_MS, (_, { caller, body }: Asked) =>
      this.sendHere(caller, body),
    );
  }

  /** @throws what kept it from being acknowledged, each by its code. */
  async send(caller: Caller, body: TestBlast): Promise<TestBlastAnswer> {
    const outlet = await this.outlets.require(caller, body.outletId);
    const problems = await this.planner.checkContent(caller, [outlet.id], body);
    if (problems.length > 0) throw new ValidationFailed(problems);
    await this.presses.take(caller.id, outlet.id);
    return this.sending(outlet.id, { caller, body });
  }

  /** On the node that has the outlet's socket. */
  private async sendHere(caller: Caller, body: TestBlast): Promise<TestBlastAnswer> {
    const outlet = await this.outlets.require(caller, body.outletId);
    const messenger = this.desk.line(outlet.id)?.messenger;
    if (!messenger) throw new DomainError('OUTLET_NOT_HEALTHY', 409, 'the outlet cannot send now');
    const { samples, counts } = await this.audience.count({
      outlets: [{ ...outlet, sends: true }],
      audience: { phones: [body.phone] },
      exceptWithin: null,
      seenOutlets: null,
      variables: variablesOf(body.message),
      mayBeEmpty: false,
      isLater: true,
    });
    if (counts.some(({ reason }) => reason === 'OPTED_OUT')) throw optedOut();
    if ((await messenger.onWhatsApp([body.phone])).get(body.phone) === false)
      throw new DomainError('NUMBER_NOT_ON_WHATSAPP', 422, 'the number is not on WhatsApp');
    const [sample] = samples;
    const values = { ...sample?.params, nama: sample?.name ?? caller.name, outlet: outlet.name };
    const said = renderMessage(body.message, values);
    if (isBlank(said) && body.mediaId === null) throw new ValidationFailed([fieldProblem('message', 'MESSAGE_EMPTY')]);
    const text = withWayOut(said, wayOutOf(body.message, body.wayOutLanguage, body.noWayOut).line);
    const isNew = counts.some(({ new_chats }) => new_chats > 0);
    const allowed = this.desk.newChats(outlet.id);
    if (isNew && allowed && (allowed.lockedUntil !== null || allowed.left === 0))
      throw new DomainError('NEW_CHATS_LOCKED', 409, 'WhatsApp lets this outlet start no new chats now');
    const messageId = await this.deliver(messenger, body, text, isNew);
    const deed = {
      action: 'tested',
      blastId: null,
      outletIds: [outlet.id],
      recipients: 1,
      message: body.message,
    } as const;
    await this.audit.write(caller, deed);
    return { success: true, messageId, text };
  }

  private async deliver(
    messenger: Messenger,
    { outletId, phone, mediaId }: TestBlast,
    text: string,
    isNew: boolean,
  ): Promise<string> {
    const messageId = `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
    const uploaded = mediaId ? await this.upload(messenger, mediaId) : null;
    const content = messenger.compose(text, uploaded);
    const message = messenger.begin(phone, messageId, content);
    const mayLeave = async (): Promise<boolean> => {
      // Looking the number up, uploading and encrypting take a while, in which people may have had enough.
      if ((await this.optOuts.isOptedOut([phone])).size > 0) throw optedOut();
      await this.limits.countOne(outletId, isNew);
      return true;
    };
    const outcome = await message.leave(mayLeave, ACKNOWLEDGED_WITHIN_MS);
    switch (outcome.kind) {
      case 'acknowledged':
        return messageId;
      case 'refused':
        throw await this.refused(messenger, { outletId, phone }, outcome.code);
      case 'not-sent':
      case 'held-back':
        throw new DomainError('OUTLET_NOT_HEALTHY', 409, 'the outlet could not send');
      case 'uncertain':
        throw new DomainError('MESSAGE_UNCERTAIN', 504, 'WhatsApp did not acknowledge the message');
    }
  }

  /** Why, as far as it can be told: the same code is of the outlet's lock and of a person who has written to it never. */
  private async refused(
    messenger: Messenger,
    { outletId, phone }: Pick<TestBlast, 'outletId' | 'phone'>,
    code: string,
  ): Promise<DomainError> {
    const why = code === RESTRICTED_CODE ? await whyOutOfReach(this.desk, { outletId, messenger }, phone) : 'REFUSED';
    const reason = why === 'REFUSED' ? why : toldReason(why);
    const details = { code, reason } satisfies { code: string; reason: RecipientReason };
    return new DomainError('MESSAGE_REFUSED', 502, `WhatsApp refused the message with ${code}`, undefined, details);
  }

  private async upload(messenger: Messenger, mediaId: string): Promise<Uint8Array> {
    const file = await this.media.readToSend(mediaId);
    return messenger.upload(file).catch(() => {
      throw new DomainError('UPLOAD_FAILED', 502, 'the file could not be uploaded to WhatsApp');
    });
  }
}

const optedOut = (): DomainError => new DomainError('NUMBER_OPTED_OUT', 409, 'the number has opted out');
