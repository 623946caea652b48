import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EraseCustomer, ErasedCustomer, PersonalDataFile } from '@koneksi/contracts/personal-data';
import { KnownNumber } from '@koneksi/contracts/phone-number-schema';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { PersonalData } from './personal-data.js';

/** What a customer may ask of a shop by law: what it knows of them, and that it forgets it. */
@ApiTags('customers')
@Access('ADMIN')
@Controller('customers')
export class PersonalDataController {
  constructor(private readonly personalData: PersonalData) {}

  @Get(':phone/data')
  @Header('Cache-Control', 'no-store')
  @Describe('Everything that is kept about one number', { status: 200, schema: PersonalDataFile })
  data(@Param('phone', { schema: KnownNumber }) phone: string): Promise<PersonalDataFile> {
    return this.personalData.of(phone);
  }

  @Post(':phone/erase')
  @Leaves('customer.erased', { forgets: true })
  @HttpCode(200)
  @Describe('Erase a number for good; that it must not be written to is all that stays. `confirm` repeats it', {
    status: 200,
    schema: ErasedCustomer,
  })
  erase(
    @CurrentCaller() caller: Caller,
    @Param('phone', { schema: KnownNumber }) phone: string,
    @Body({ schema: EraseCustomer }) { confirm }: EraseCustomer,
  ): Promise<ErasedCustomer> {
    if (confirm !== phone) throw new ValidationFailed([fieldProblem('confirm', 'INVALID')]);
    return this.personalData.erase(caller, phone);
  }
}
