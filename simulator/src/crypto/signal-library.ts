import libsignal from 'libsignal';
import { muteSessionRecords } from './mute-session-records.js';

muteSessionRecords();

export const { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord } = libsignal;
