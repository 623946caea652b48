import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccountsAndOutlets1763712000000 implements MigrationInterface {
  name = 'CreateAccountsAndOutlets1763712000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE outlets (
        id uuid NOT NULL CONSTRAINT outlets_pkey PRIMARY KEY,
        name text NOT NULL,
        whatsapp_number text NOT NULL CONSTRAINT outlets_whatsapp_number_key UNIQUE,
        is_active boolean NOT NULL DEFAULT true,
        auto_reconnect boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE users (
        id uuid NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
        email text NOT NULL CONSTRAINT users_email_key UNIQUE,
        name text NOT NULL,
        password_hash text NOT NULL,
        role text NOT NULL,
        token_version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE user_outlets (
        user_id uuid NOT NULL CONSTRAINT user_outlets_user_id_fkey REFERENCES users ON DELETE CASCADE,
        outlet_id uuid NOT NULL CONSTRAINT user_outlets_outlet_id_fkey REFERENCES outlets ON DELETE CASCADE,
        CONSTRAINT user_outlets_pkey PRIMARY KEY (user_id, outlet_id)
      );

      CREATE TABLE sign_ins (
        id uuid NOT NULL CONSTRAINT sign_ins_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sign_ins_user_id_fkey REFERENCES users ON DELETE CASCADE,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX sign_ins_user_id_idx ON sign_ins (user_id);
      CREATE INDEX sign_ins_expires_at_idx ON sign_ins (expires_at);

      CREATE TABLE refresh_tokens (
        hash text NOT NULL CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
        sign_in_id uuid NOT NULL CONSTRAINT refresh_tokens_sign_in_id_fkey REFERENCES sign_ins ON DELETE CASCADE,
        used_at timestamptz
      );
      CREATE INDEX refresh_tokens_sign_in_id_idx ON refresh_tokens (sign_in_id);

      CREATE TABLE api_keys (
        id uuid NOT NULL CONSTRAINT api_keys_pkey PRIMARY KEY,
        name text NOT NULL,
        hash text NOT NULL CONSTRAINT api_keys_hash_key UNIQUE,
        role text NOT NULL,
        maker_id uuid NOT NULL CONSTRAINT api_keys_maker_id_fkey REFERENCES users ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz
      );
      CREATE INDEX api_keys_maker_id_idx ON api_keys (maker_id);

      CREATE TABLE api_key_outlets (
        api_key_id uuid NOT NULL CONSTRAINT api_key_outlets_api_key_id_fkey REFERENCES api_keys ON DELETE CASCADE,
        outlet_id uuid NOT NULL CONSTRAINT api_key_outlets_outlet_id_fkey REFERENCES outlets ON DELETE CASCADE,
        CONSTRAINT api_key_outlets_pkey PRIMARY KEY (api_key_id, outlet_id)
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE api_key_outlets, api_keys, refresh_tokens, sign_ins, user_outlets, users, outlets',
    );
  }
}
