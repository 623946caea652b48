import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import { AppInfoState } from '../app-info/app-info.js';
import { BlastModule } from '../blast/blast.module.js';
import { ReplyWordsModule } from '../blast/replies/reply-words.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { UsersModule } from '../users/users.module.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { DemoController } from './demo.controller.js';
import { DemoCustomers } from './demo-customers.js';
import { DemoLab } from './demo-lab.js';
import { DemoSeeder } from './demo-seeder.js';
import { PastBlast } from './past/past-blast.js';
import { PastLog } from './past/past-log.js';
import { SIMULATOR, VirtualPhones } from './virtual-phones.js';

/** Loaded by the demo alone: outside it neither the routes nor the simulator exist. */
@Module({})
export class DemoModule implements OnModuleInit {
  constructor(private readonly appInfo: AppInfoState) {}

  /** @param lived where there is no outlet yet: with a week behind those of the demo */
  static for(simulator: Simulator, { lived = false } = {}): DynamicModule {
    return {
      module: DemoModule,
      imports: [BlastModule, ContactsModule, OutletsModule, ReplyWordsModule, UsersModule, WaSessionModule],
      controllers: [DemoController],
      providers: [
        { provide: SIMULATOR, useValue: simulator },
        DemoCustomers,
        DemoLab,
        DemoSeeder,
        PastBlast,
        VirtualPhones,
        ...(lived ? [PastLog] : []),
      ],
    };
  }

  onModuleInit(): void {
    this.appInfo.demo = true;
  }
}
