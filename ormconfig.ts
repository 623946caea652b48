import type { DataSource } from 'typeorm';
import { ActivityEntity } from './src/acts/activity.entity.js';
import { AlertDeliveryEntity, AlertRuleEntity, AlertToldEntity } from './src/alerts/alert.entity.js';
import { PushKeyEntity, PushSubscriptionEntity } from './src/alerts/push/push.entity.js';
import { ApiKeyEntity, ApiKeyOutletEntity } from './src/auth/api-key.entity.js';
import { PasswordResetEntity } from './src/auth/password-reset.entity.js';
import { RefreshTokenEntity, SignInEntity } from './src/auth/sign-in.entity.js';
import { RecoveryCodeEntity, SecondFactorEntity } from './src/auth/second-factor.entity.js';
import { UserEntity, UserOutletEntity } from './src/auth/user.entity.js';
import { BlastAuditEntity } from './src/blast/blast-audit.entity.js';
import { BlastRepetitionEntity, RepeatingBlastEntity } from './src/blast/repeating/repeating-blast.entity.js';
import { BlastPolicyEntity } from './src/blast/blast-policy.entity.js';
import { BlastRecipientEntity } from './src/blast/blast-recipient.entity.js';
import { BlastEntity, BlastOutletEntity } from './src/blast/blast.entity.js';
import {
  BlastDayEntity,
  BlastSettingsEntity,
  OutletChatEntity,
  WhatsappNumberEntity,
} from './src/blast/limits/limits.entity.js';
import { BlastReplyEntity } from './src/blast/replies/blast-reply.entity.js';
import { PendingReplyEntity } from './src/blast/replies/pending-reply.entity.js';
import { BlastMediaEntity } from './src/blast/media/blast-media.entity.js';
import { HeldWishEntity } from './src/consent/held-wish.entity.js';
import { OptOutEntity, OptOutLedgerEntity } from './src/consent/opt-out.entity.js';
import { OwedConfirmationEntity } from './src/consent/owed-confirmation.entity.js';
import { PendingWishEntity } from './src/consent/pending-wish.entity.js';
import { AttemptEntity } from './src/common/attempts/attempt.entity.js';
import { NodeEntity } from './src/cluster/node.entity.js';
import { BinnedContactEntity } from './src/contacts/bin/binned-contact.entity.js';
import { ContactEntity } from './src/contacts/contact.entity.js';
import { ContactImportEntity } from './src/contacts/import/contact-import.entity.js';
import {
  buildDataSource,
  buildSystemDataSource,
  type DataSourceTuning,
  type Schema,
} from './src/database/data-source.js';
import { CreateAccountsAndOutlets1763712000000 } from './src/database/migrations/1763712000000-create-accounts-and-outlets.js';
import { CreateWaSessions1763712100000 } from './src/database/migrations/1763712100000-create-wa-sessions.js';
import { ServeTheDashboard1763712200000 } from './src/database/migrations/1763712200000-serve-the-dashboard.js';
import { CreateContactsAndConsent1763712400000 } from './src/database/migrations/1763712400000-create-contacts-and-consent.js';
import { KeepUploadedImports1763712410000 } from './src/database/migrations/1763712410000-keep-uploaded-imports.js';
import { CreateBlasts1763712500000 } from './src/database/migrations/1763712500000-create-blasts.js';
import { PurgeEndedBlasts1763712510000 } from './src/database/migrations/1763712510000-purge-ended-blasts.js';
import { HandOverKeys1763712600000 } from './src/database/migrations/1763712600000-hand-over-keys.js';
import { RecordWhoSawACode1763712700000 } from './src/database/migrations/1763712700000-record-who-saw-a-code.js';
import { TellOfTheLink1763713100000 } from './src/database/migrations/1763713100000-tell-of-the-link.js';
import { EndDelegatedWork1763719000000 } from './src/database/migrations/1763719000000-end-delegated-work.js';
import { DateLinks1763713110000 } from './src/database/migrations/1763713110000-date-links.js';
import { EraseCustomers1763719900000 } from './src/database/migrations/1763719900000-erase-customers.js';
import { HoldWishes1763719100000 } from './src/database/migrations/1763719100000-hold-wishes.js';
import { KeepIncidents1763733000000 } from './src/database/migrations/1763733000000-keep-incidents.js';
import { OpenReconnectLinks1763738600000 } from './src/database/migrations/1763738600000-open-reconnect-links.js';
import { ReconnectLinkEntity } from './src/reconnect-links/reconnect-link.entity.js';
import type { SystemDataSource } from './src/database/system-data-source.js';
import { ReadFilesAsPeopleHaveThem1763714100000 } from './src/database/migrations/1763714100000-read-files-as-people-have-them.js';
import { AskAgainBeforeSending1763714200000 } from './src/database/migrations/1763714200000-ask-again-before-sending.js';
import { RememberEndings1763715000000 } from './src/database/migrations/1763715000000-remember-endings.js';
import { KnowPeopleByAllNames1763714310000 } from './src/database/migrations/1763714310000-know-people-by-all-names.js';
import { RememberWhoReplied1763719200000 } from './src/database/migrations/1763719200000-remember-who-replied.js';
import { KeepTheClientVersion1763719500000 } from './src/database/migrations/1763719500000-keep-the-client-version.js';
import { OweLeaves1763729000000 } from './src/database/migrations/1763729000000-owe-leaves.js';
import { CountReplies1763730000000 } from './src/database/migrations/1763730000000-count-replies.js';
import { BlindSpanEntity } from './src/status-log/blind-span.entity.js';
import { StatusRetentionEntity } from './src/status-log/status-retention.entity.js';
import { HoldWishesByLid1763731700000 } from './src/database/migrations/1763731700000-hold-wishes-by-lid.js';
import { IncidentEntity, IncidentOutletEntity } from './src/incidents/incident.entity.js';
import { CallPeople1763741000000 } from './src/database/migrations/1763741000000-call-people.js';
import { TellWebhooks1763734000000 } from './src/database/migrations/1763734000000-tell-webhooks.js';
import { DoThingsOnce1763738700000 } from './src/database/migrations/1763738700000-do-things-once.js';
import { FindContactsByAPart1763742000000 } from './src/database/migrations/1763742000000-find-contacts-by-a-part.js';
import { KnowHowEachRoadIs1763743000000 } from './src/database/migrations/1763743000000-know-how-each-road-is.js';
import { ConfirmStop1763751000000 } from './src/database/migrations/1763751000000-confirm-stop.js';
import { OfferAWayOut1763751100000 } from './src/database/migrations/1763751100000-offer-a-way-out.js';
import { RepeatBlasts1763752000000 } from './src/database/migrations/1763752000000-repeat-blasts.js';
import { ResetPasswordsByMail1763760000000 } from './src/database/migrations/1763760000000-reset-passwords-by-mail.js';
import { FenceWhatIsSent1763761000000 } from './src/database/migrations/1763761000000-fence-what-is-sent.js';
import { KeepActivity1763770000000 } from './src/database/migrations/1763770000000-keep-activity.js';
import { SaveMessages1763771000000 } from './src/database/migrations/1763771000000-save-messages.js';
import { AskForASecondFactor1763772000000 } from './src/database/migrations/1763772000000-ask-for-a-second-factor.js';
import { RememberTries1763781000000 } from './src/database/migrations/1763781000000-remember-tries.js';
import { KeepReplies1763797000000 } from './src/database/migrations/1763797000000-keep-replies.js';
import { KeepABin1763798000000 } from './src/database/migrations/1763798000000-keep-a-bin.js';
import { RememberLeaving1763791000000 } from './src/database/migrations/1763791000000-remember-leaving.js';
import { KnowTheNodes1763792000000 } from './src/database/migrations/1763792000000-know-the-nodes.js';
import { AskAgain1763793000000 } from './src/database/migrations/1763793000000-ask-again.js';
import { CountEqualActs1763794000000 } from './src/database/migrations/1763794000000-count-equal-acts.js';
import { RememberOpenings1763799500000 } from './src/database/migrations/1763799500000-remember-openings.js';
import { CallBrowsers1763799700000 } from './src/database/migrations/1763799700000-call-browsers.js';
import { KeepRepliesInOrder1763799800000 } from './src/database/migrations/1763799800000-keep-replies-in-order.js';
import { ShowFilms1763799900000 } from './src/database/migrations/1763799900000-show-films.js';
import { CountTogether1763801000000 } from './src/database/migrations/1763801000000-count-together.js';
import { CountWhatWasMade1763801100000 } from './src/database/migrations/1763801100000-count-what-was-made.js';
import { FindWordsThatWereOffered1763801200000 } from './src/database/migrations/1763801200000-find-words-that-were-offered.js';
import { LeaveOutAsBefore1763801300000 } from './src/database/migrations/1763801300000-leave-out-as-before.js';
import { RepeatInTime1763801400000 } from './src/database/migrations/1763801400000-repeat-in-time.js';
import { KnowSinceWhenWeListen1763801500000 } from './src/database/migrations/1763801500000-know-since-when-we-listen.js';
import { NoteWhoSendsOn1763800000000 } from './src/database/migrations/1763800000000-note-who-sends-on.js';
import { KeepWhenNobodyLooked1763800100000 } from './src/database/migrations/1763800100000-keep-when-nobody-looked.js';
import { DrainNodes1763800150000 } from './src/database/migrations/1763800150000-drain-nodes.js';
import { TellWhoPressed1763800200000 } from './src/database/migrations/1763800200000-tell-who-pressed.js';
import { LinkIncidents1763800300000 } from './src/database/migrations/1763800300000-link-incidents.js';
import { FindWhatIsDue1763738000000 } from './src/database/migrations/1763738000000-find-what-is-due.js';
import { BinnedOutletEntity, BinnedOutletRowEntity } from './src/outlets/bin/binned-outlet.entity.js';
import { OutletEntity } from './src/outlets/outlet.entity.js';
import { CredentialEntity } from './src/wa-session/credentials/credential.entity.js';
import { FarewellEntity } from './src/wa-session/credentials/farewell.entity.js';
import { KeyHandoverEntity } from './src/wa-session/credentials/key-handover.entity.js';
import { SignalKeyEntity } from './src/wa-session/credentials/signal-key.entity.js';
import { KnownNumberEntity } from './src/wa-session/known-number.entity.js';
import { LeaseEntity } from './src/wa-session/lease.entity.js';
import { LinkAuditEntity } from './src/wa-session/link-audit.entity.js';
import { SessionEntity } from './src/wa-session/session.entity.js';
import { ClientVersionEntity } from './src/wa-session/whatsapp/client-version.entity.js';
import { StatusChangeEntity, StatusCursorEntity } from './src/status-log/status-change.entity.js';
import { IdempotencyKeyEntity } from './src/idempotency/idempotency-key.entity.js';
import { LookBack1763750000000 } from './src/database/migrations/1763750000000-look-back.js';
import {
  UptimeDayEntity,
  UptimeHourEntity,
  UptimeOutletEntity,
  UptimeProgressEntity,
} from './src/uptime/uptime.entity.js';
import { WebhookDeliveryEntity, WebhookEntity, WebhookSpoolEntity } from './src/webhooks/webhook.entity.js';

/** Every entity and every migration, oldest first. */
const schema: Schema = {
  entities: [
    OutletEntity,
    BinnedContactEntity,
    BinnedOutletEntity,
    BinnedOutletRowEntity,
    UserEntity,
    UserOutletEntity,
    SignInEntity,
    RefreshTokenEntity,
    PasswordResetEntity,
    SecondFactorEntity,
    RecoveryCodeEntity,
    ApiKeyEntity,
    ApiKeyOutletEntity,
    SessionEntity,
    LeaseEntity,
    NodeEntity,
    CredentialEntity,
    FarewellEntity,
    KeyHandoverEntity,
    SignalKeyEntity,
    LinkAuditEntity,
    ClientVersionEntity,
    StatusChangeEntity,
    StatusCursorEntity,
    BlindSpanEntity,
    StatusRetentionEntity,
    IncidentEntity,
    IncidentOutletEntity,
    ContactEntity,
    ContactImportEntity,
    HeldWishEntity,
    OptOutEntity,
    OptOutLedgerEntity,
    OwedConfirmationEntity,
    PendingWishEntity,
    KnownNumberEntity,
    BlastMediaEntity,
    BlastEntity,
    BlastOutletEntity,
    BlastRecipientEntity,
    BlastReplyEntity,
    PendingReplyEntity,
    BlastSettingsEntity,
    BlastDayEntity,
    OutletChatEntity,
    WhatsappNumberEntity,
    BlastPolicyEntity,
    RepeatingBlastEntity,
    BlastRepetitionEntity,
    BlastAuditEntity,
    ActivityEntity,
    AttemptEntity,
    ReconnectLinkEntity,
    AlertDeliveryEntity,
    AlertRuleEntity,
    AlertToldEntity,
    PushKeyEntity,
    PushSubscriptionEntity,
    WebhookEntity,
    WebhookDeliveryEntity,
    WebhookSpoolEntity,
    IdempotencyKeyEntity,
    UptimeOutletEntity,
    UptimeDayEntity,
    UptimeHourEntity,
    UptimeProgressEntity,
  ],
  migrations: [
    CreateAccountsAndOutlets1763712000000,
    CreateWaSessions1763712100000,
    ServeTheDashboard1763712200000,
    CreateContactsAndConsent1763712400000,
    KeepUploadedImports1763712410000,
    CreateBlasts1763712500000,
    PurgeEndedBlasts1763712510000,
    HandOverKeys1763712600000,
    RecordWhoSawACode1763712700000,
    TellOfTheLink1763713100000,
    DateLinks1763713110000,
    ReadFilesAsPeopleHaveThem1763714100000,
    AskAgainBeforeSending1763714200000,
    RememberEndings1763715000000,
    KnowPeopleByAllNames1763714310000,
    EndDelegatedWork1763719000000,
    HoldWishes1763719100000,
    RememberWhoReplied1763719200000,
    KeepTheClientVersion1763719500000,
    EraseCustomers1763719900000,
    OweLeaves1763729000000,
    CountReplies1763730000000,
    HoldWishesByLid1763731700000,
    KeepIncidents1763733000000,
    TellWebhooks1763734000000,
    FindWhatIsDue1763738000000,
    OpenReconnectLinks1763738600000,
    DoThingsOnce1763738700000,
    CallPeople1763741000000,
    FindContactsByAPart1763742000000,
    KnowHowEachRoadIs1763743000000,
    LookBack1763750000000,
    ConfirmStop1763751000000,
    OfferAWayOut1763751100000,
    RepeatBlasts1763752000000,
    ResetPasswordsByMail1763760000000,
    FenceWhatIsSent1763761000000,
    KeepActivity1763770000000,
    SaveMessages1763771000000,
    AskForASecondFactor1763772000000,
    RememberTries1763781000000,
    RememberLeaving1763791000000,
    KnowTheNodes1763792000000,
    AskAgain1763793000000,
    CountEqualActs1763794000000,
    KeepReplies1763797000000,
    KeepABin1763798000000,
    RememberOpenings1763799500000,
    CallBrowsers1763799700000,
    KeepRepliesInOrder1763799800000,
    ShowFilms1763799900000,
    NoteWhoSendsOn1763800000000,
    KeepWhenNobodyLooked1763800100000,
    DrainNodes1763800150000,
    TellWhoPressed1763800200000,
    LinkIncidents1763800300000,
    CountTogether1763801000000,
    CountWhatWasMade1763801100000,
    FindWordsThatWereOffered1763801200000,
    LeaveOutAsBefore1763801300000,
    RepeatInTime1763801400000,
    KnowSinceWhenWeListen1763801500000,
  ],
};

export function createDataSource(url: string, tuning?: DataSourceTuning): DataSource {
  return buildDataSource(url, schema, tuning);
}

export function createSystemDataSource(url: string, tuning?: DataSourceTuning): SystemDataSource {
  return buildSystemDataSource(url, schema, tuning);
}

/** For the TypeORM command line: `npx typeorm migration:generate -d dist/ormconfig.js …`. */
export default createDataSource(process.env.DATABASE_URL ?? 'postgres://127.0.0.1/koneksi');
