import { DataSource } from 'typeorm';

/**
 * The same database by connections of its own, for whatever keeps the outlets going: sessions, credentials, the journal
 * and what is being sent. However much people ask for, none of these waits in line behind them.
 */
export class SystemDataSource extends DataSource {}
