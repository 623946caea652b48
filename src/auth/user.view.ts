import type { User } from '@koneksi/contracts/users';
import { rightsOf } from './rights.js';
import type { UserEntity } from './user.entity.js';

export function toUser({ id, email, name, role, assignments, ...user }: UserEntity): User {
  const { outletIds } = rightsOf(role, assignments);
  return {
    id,
    email,
    name,
    role,
    outletIds: outletIds === 'all' ? [] : [...outletIds],
    isDisabled: user.isDisabled,
    mustChangePassword: user.mustChangePassword,
    hasSecondFactor: user.secondFactorAt !== null,
    lastLoginAt: user.lastLoginAt?.toISOString() ?? null,
    language: user.language ?? 'id',
    theme: user.theme ?? 'system',
  };
}
