import type { Audience as ChosenAudience } from '@koneksi/contracts/blast-requests';

/** An outlet of a blast, in the order people gave them. */
export interface PickedOutlet {
  id: string;
  name: string;
  /** Whether it may have recipients at all. */
  sends: boolean;
}

/** Who is meant: by which outlets, and with which values of theirs. */
export interface AudienceRequest {
  outlets: readonly PickedOutlet[];
  audience: ChosenAudience;
  /** Whose contacts' tags leave a number out beside these outlets' own; `null` for every outlet's. */
  exceptWithin: readonly string[] | null;
  /** Of which outlets' own numbers it is told that they are; `null` for every outlet. */
  seenOutlets: readonly string[] | null;
  /** The variables the message names, as the template names them. */
  variables: readonly string[];
  /** Whether it says nothing to who has none of them, and carries no file either. */
  mayBeEmpty: boolean;
  /** Whether it is sent at another time than now. */
  isLater: boolean;
}
