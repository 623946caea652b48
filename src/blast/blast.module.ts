import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { Audience } from './audience.js';
import { Birthdays } from './birthdays.js';
import { BlastAudit } from './blast-audit.js';
import { BlastControl } from './blast-control.js';
import { BlastForecasts } from './blast-forecast.js';
import { BlastPlanner } from './blast-plan.js';
import { BlastPolicyController } from './blast-policy.controller.js';
import { BlastPolicies } from './blast-policy.js';
import { BlastPreviewer } from './blast-preview.js';
import { BlastReader } from './blast-reader.js';
import { BlastsController } from './blasts.controller.js';
import { BlastsService } from './blasts.service.js';
import { CanceledBlasts } from './canceled-blasts.js';
import { ContentRetention } from './content-retention.js';
import { Ledger } from './ledger.js';
import { MadeInADay } from './made-in-a-day.js';
import { Limits } from './limits/limits.js';
import { LimitsController } from './limits/limits.controller.js';
import { MediaDownloads } from './media/media-downloads.js';
import { MediaStore } from './media/media-store.js';
import { MediaController } from './media/media.controller.js';
import { MessagesController } from './messages/messages.controller.js';
import { Confirmations } from './messages/confirmations.js';
import { FromAnyOutlet } from './messages/from-any-outlet.js';
import { Messages } from './messages/messages.service.js';
import { OneMessageWriter } from './messages/one-message.js';
import { PreviewIds } from './preview-ids.js';
import { WorkAhead } from './work-ahead.js';
import { Progress } from './progress.js';
import { OpenWork } from './open-work.js';
import { OrphanedBlasts } from './orphaned-blasts.js';
import { RecipientReader } from './recipient-reader.js';
import { Repeats } from './repeats.js';
import { RepeatingBlasts } from './repeating/repeating-blasts.js';
import { RepeatingBlastsController } from './repeating/repeating-blasts.controller.js';
import { RepeatingStore } from './repeating/repeating-store.js';
import { Repetitions } from './repeating/repetitions.js';
import { OfferedWayOut } from './replies/offered-way-out.js';
import { Replies } from './replies/replies.js';
import { ReplyWordsModule } from './replies/reply-words.module.js';
import { SavedMessages } from './saved/saved-messages.js';
import { SavedMessagesController } from './saved/saved-messages.controller.js';
import { BlastRunner } from './sending/blast-runner.js';
import { BlastStart } from './sending/blast-start.js';
import { MessageMaker } from './sending/message-maker.js';
import { MessageSender } from './sending/message-sender.js';
import { OutletSender } from './sending/outlet-sender.js';
import { SendStore } from './sending/send-store.js';
import { Turns } from './sending/turns.js';
import { WordFromWhatsapp } from './sending/word-from-whatsapp.js';
import { TestSend } from './test-send.js';

@Module({
  imports: [AuthModule, ConsentModule, OutletsModule, ReplyWordsModule, WaSessionModule],
  // Before the blasts, whose `:id` would otherwise take `media`.
  controllers: [
    MediaController,
    BlastsController,
    LimitsController,
    BlastPolicyController,
    MessagesController,
    RepeatingBlastsController,
    SavedMessagesController,
  ],
  providers: [
    Audience,
    Birthdays,
    BlastAudit,
    BlastControl,
    BlastForecasts,
    BlastPlanner,
    BlastPolicies,
    BlastPreviewer,
    BlastReader,
    BlastRunner,
    BlastStart,
    BlastsService,
    CanceledBlasts,
    Confirmations,
    ContentRetention,
    FromAnyOutlet,
    Ledger,
    MadeInADay,
    OpenWork,
    OrphanedBlasts,
    Limits,
    MediaDownloads,
    MediaStore,
    Messages,
    MessageMaker,
    MessageSender,
    OfferedWayOut,
    OneMessageWriter,
    OutletSender,
    PreviewIds,
    WorkAhead,
    Progress,
    RecipientReader,
    Repeats,
    RepeatingBlasts,
    RepeatingStore,
    Repetitions,
    Replies,
    SavedMessages,
    SendStore,
    TestSend,
    Turns,
    WordFromWhatsapp,
  ],
  exports: [BlastReader, FromAnyOutlet, Limits, MadeInADay, MediaStore, OpenWork, RepeatingBlasts, SavedMessages],
})
export class BlastModule {}
