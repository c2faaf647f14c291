-- Users as SQL sees them. The user's state lives in Orleans grain storage as one JSON document and has one writer, the
-- user's grain; the triggers below carry what may be queried into this table, in the same transaction. So the table
-- can't lag or differ, and its constraints are constraints on the state: a write that breaks one fails as a whole.
-- The password's hash stays behind.

CREATE TABLE users (
  id                     uuid        PRIMARY KEY,
  email                  text        NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
  first_name             text        NOT NULL CHECK (char_length(first_name) BETWEEN 1 AND 100),
  last_name              text        NOT NULL CHECK (char_length(last_name) BETWEEN 1 AND 100),
  role                   text        NOT NULL CHECK (role IN ('user', 'admin')),
  credential_version     integer     NOT NULL CHECK (credential_version >= 1),
  created_at             timestamptz NOT NULL,
  updated_at             timestamptz NOT NULL,
  -- When credential_version was last raised, by the database's clock: all silos poll by it, so one clock has to count.
  credentials_changed_at timestamptz NOT NULL
);

-- Who owns an address. The rule about case stands here and nowhere else. Addresses are ASCII, so "C" folds all of them,
-- and the same way under every locale that a database may have been created with.
CREATE UNIQUE INDEX users_email_unique ON users (lower(email COLLATE "C"));

-- What silos poll. New users have no older token to revoke, so signing up doesn't make the polls longer.
CREATE INDEX users_by_credential_change ON users (credentials_changed_at) WHERE credential_version > 1;

-- The uuid behind a grain's Guid key. Orleans keeps it as two numbers, which hold the sixteen bytes of .NET's Guid,
-- least significant byte first: that reverses the first three groups of the uuid and the order within the second half.
CREATE FUNCTION orleans_guid(n0 bigint, n1 bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (substr(h0, 9, 8) || substr(h0, 5, 4) || substr(h0, 1, 4)
          || substr(h1, 15, 2) || substr(h1, 13, 2) || substr(h1, 11, 2) || substr(h1, 9, 2)
          || substr(h1, 7, 2) || substr(h1, 5, 2) || substr(h1, 3, 2) || substr(h1, 1, 2))::uuid
    FROM (SELECT encode(int8send(n0), 'hex') AS h0, encode(int8send(n1), 'hex') AS h1) AS halves
$$;

CREATE FUNCTION project_user() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  user_id uuid := orleans_guid(NEW.grainidn0, NEW.grainidn1);
  state   jsonb;
BEGIN
  IF NEW.payloadbinary IS NULL THEN
    DELETE FROM users WHERE id = user_id;
    RETURN NULL;
  END IF;

  state := convert_from(NEW.payloadbinary, 'UTF8')::jsonb;
  -- A document under another user's key would give that user's e-mail and role away.
  IF (state ->> 'id')::uuid IS DISTINCT FROM user_id THEN
    RAISE EXCEPTION 'the stored user is not the one that its key names' USING ERRCODE = 'EF002';
  END IF;

  INSERT INTO users AS u (id, email, first_name, last_name, role, credential_version, created_at, updated_at,
                          credentials_changed_at)
  VALUES (user_id, state ->> 'email', state ->> 'first_name', state ->> 'last_name', state ->> 'role',
          (state ->> 'credential_version')::integer, (state ->> 'created_at')::timestamptz,
          (state ->> 'updated_at')::timestamptz, clock_timestamp())
  ON CONFLICT (id) DO UPDATE
     SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
         role = excluded.role, credential_version = excluded.credential_version,
         created_at = excluded.created_at, updated_at = excluded.updated_at,
         credentials_changed_at = CASE WHEN excluded.credential_version = u.credential_version
                                       THEN u.credentials_changed_at ELSE excluded.credentials_changed_at END;
  RETURN NULL;
END $$;

CREATE FUNCTION forget_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM users WHERE id = orleans_guid(OLD.grainidn0, OLD.grainidn1);
  RETURN NULL;
END $$;

-- 'user' is the name of the grain's state. The conditions stand in the triggers' heads, so that the writes of other
-- grains pay nothing.
CREATE TRIGGER users_follow_state AFTER INSERT OR UPDATE ON orleans_storage
  FOR EACH ROW WHEN (NEW.graintypestring = 'user') EXECUTE FUNCTION project_user();
CREATE TRIGGER users_follow_removal AFTER DELETE ON orleans_storage
  FOR EACH ROW WHEN (OLD.graintypestring = 'user') EXECUTE FUNCTION forget_user();
