import { Injectable } from '@nestjs/common';

/** What a client must know before anyone logs in. */
@Injectable()
export class AppInfoState {
  readonly version = '0.1.0';
  /** Set by the demo's module, which nothing else loads. */
  demo = false;
}
