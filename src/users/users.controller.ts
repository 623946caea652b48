import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CreateUser, UpdateUser, User, UserList, UserQuery } from '@koneksi/contracts/users';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { NeedsProof } from '../auth/proof.guard.js';
import { SecondFactors } from '../auth/second-factors.service.js';
import { refuseGuessable } from '../auth/refuse-guessable.js';
import { Describe } from '../common/api-docs.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { byName, wholeOrPageOf } from '../common/short-lists.js';
import { UsersService } from './users.service.js';

/** Of a change: whether it could open an account to others than whose it is, or open more to whose it is. */
const letsSomebodyIn = (change: { readonly [field in keyof UpdateUser]?: unknown }): boolean =>
  [change.email, change.password, change.mustChangePassword, change.role, change.outletIds].some(
    (field) => field !== undefined,
  ) || change.isDisabled === false;

@ApiTags('users')
@Access('SUPERADMIN')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly secondFactors: SecondFactors,
  ) {}

  @Get()
  @Describe('All users', { status: 200, schema: UserList })
  async list(@Query({ schema: UserQuery }) { role, ...page }: UserQuery): Promise<UserList> {
    const users = await this.users.list();
    return wholeOrPageOf(role ? users.filter((user) => user.role === role) : users, page, byName);
  }

  @Post()
  @NeedsProof()
  @Leaves('user.created')
  @Editable(UpdateUser)
  @Describe('Create a user', { status: 201, schema: User })
  async create(@Body({ schema: CreateUser }) request: CreateUser): Promise<User> {
    refuseGuessable('password', request.password, request);
    return this.users.create(request);
  }

  @Get(':id')
  @Editable(UpdateUser)
  @Describe('One user', { status: 200, schema: User })
  find(@Param('id') id: string): Promise<User> {
    return this.users.find(id);
  }

  @Patch(':id')
  @NeedsProof(letsSomebodyIn)
  @Leaves('user.changed')
  @Editable(UpdateUser)
  @Describe('Change a user; a new password or role makes them sign in again, `isDisabled` shuts them out at once', {
    status: 200,
    schema: User,
  })
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateUser }) request: UpdateUser,
    @IfMatch() seen: Seen,
  ): Promise<User> {
    await this.users.refusePassword(caller, id, request);
    return this.users.update(id, request, seen);
  }

  @Delete(':id/second-factor')
  @NeedsProof()
  @Leaves('user.second-factor-off')
  @HttpCode(204)
  @Describe('Switch off the codes of somebody who lost their app and recovery codes; not your own', { status: 204 })
  async disableSecondFactor(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    await this.users.find(id);
    await this.secondFactors.disableFor(caller, id);
  }

  @Delete(':id')
  @Leaves('user.removed')
  @HttpCode(204)
  @Editable(UpdateUser)
  @Describe('Remove a user, their sign-ins and their API keys', { status: 204 })
  remove(@Param('id') id: string, @IfMatch() seen: Seen): Promise<void> {
    return this.users.remove(id, seen);
  }
}
