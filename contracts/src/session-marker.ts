/**
 * A cookie without content beside the refresh token's: pages cannot read that one, and by this know whether asking for
 * a session is worth it. The server sets and clears both together.
 */
export const SESSION_MARKER = 'koneksi_session';
