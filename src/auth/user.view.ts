import type { User } from '@koneksi/contracts/users';
import { rightsOf } from './rights.js';
import type { UserEntity } from './user.entity.js';

export function toUser(user: UserEntity): User {
  const { outletIds } = rightsOf(user);
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    outletIds: outletIds === 'all' ? [] : [...outletIds],
    isDisabled: user.isDisabled,
    mustChangePassword: user.mustChangePassword,
    hasSecondFactor: user.secondFactorAt !== null,
    lastLoginAt: user.lastLoginAt?.toISOString() ?? null,
    language: user.language ?? 'id',
    theme: user.theme ?? 'system',
  };
}
