-- The exchange: what devices put into a PostgreSQL database for each other.
--
-- `exchange init` runs this whenever it is called: each statement may be run again.  The
-- engine's own keys hold the chains together; there is no trigger, no sequence and no lock, so
-- that other engines that understand PostgreSQL can take its place.

CREATE SCHEMA IF NOT EXISTS portcheck;
REVOKE ALL ON SCHEMA portcheck FROM PUBLIC;

-- Which form the tables have, and the oldest that a portcheck may know to work with them.
CREATE TABLE IF NOT EXISTS portcheck.exchange (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  version integer NOT NULL,
  least integer NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);

-- Which operations a role may read the texts of, and put pieces of: '*' for all.
CREATE TABLE IF NOT EXISTS portcheck.member (
  role name NOT NULL,
  operation text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  granted_by name NOT NULL DEFAULT session_user,
  PRIMARY KEY (role, operation)
);

-- The headers of all chains.  A gap, a wrong link and a second event of one number are refused
-- by the keys, a header that is not the one that was hashed by `as_hashed`.  A chain is whole in
-- one part of the table, which refers to itself: (chain, prior, previous) to (chain, seq, hash).
-- That is checked eight times as fast as a reference to the table as a whole.
CREATE TABLE IF NOT EXISTS portcheck.event (
  chain bytea NOT NULL,
  seq integer NOT NULL,
  prior integer GENERATED ALWAYS AS (NULLIF(seq - 1, 0)) STORED,
  "position" bigint NOT NULL,
  device text NOT NULL,
  kind text NOT NULL,
  recorded_at text NOT NULL,
  officer text NOT NULL,
  agency text NOT NULL,
  previous bytea NOT NULL,
  digest bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT begins CHECK (
    seq > 1 OR (seq = 1 AND chain = hash AND previous = decode(repeat('00', 32), 'hex'))
  ),
  CONSTRAINT as_hashed CHECK (
    octet_length(digest) = 32 AND hash = sha256(previous || convert_to(
      '[' || "position" || ',' || to_json(device) || ',' || seq || ',' || to_json(kind) || ','
      || to_json(recorded_at) || ',' || to_json(officer) || ',' || to_json(agency) || ']',
      'UTF8') || digest)
  ),
  PRIMARY KEY (chain, seq),
  UNIQUE (chain, seq, hash)
) PARTITION BY HASH (chain);

-- Texts with their salts, by the month in which they came: old months can be detached.
CREATE TABLE IF NOT EXISTS portcheck.payload (
  operation text NOT NULL,
  chain bytea NOT NULL,
  seq integer NOT NULL,
  month date NOT NULL,
  salt bytea NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (operation, chain, seq, month)
) PARTITION BY RANGE (month);
CREATE TABLE IF NOT EXISTS portcheck.payload_rest PARTITION OF portcheck.payload DEFAULT;

-- Pieces: which events a device sent together for an operation, and what it signed of the last.
CREATE TABLE IF NOT EXISTS portcheck.piece (
  operation text NOT NULL,
  chain bytea NOT NULL,
  first integer NOT NULL CHECK (first > 0),
  last integer NOT NULL CHECK (last >= first),
  hash bytea NOT NULL,
  note text NOT NULL,
  size integer NOT NULL,
  month date NOT NULL,
  arrived timestamptz NOT NULL DEFAULT now(),
  put_by name NOT NULL DEFAULT session_user,
  PRIMARY KEY (operation, chain, last, first),
  FOREIGN KEY (chain, last, hash) REFERENCES portcheck.event (chain, seq, hash)
);

-- Whatever else devices exchange: what an operation is called, the entries of lists.
CREATE TABLE IF NOT EXISTS portcheck.content (
  name text PRIMARY KEY,
  operation text GENERATED ALWAYS AS (split_part(name, '/', 1)) STORED,
  content bytea NOT NULL,
  arrived timestamptz NOT NULL DEFAULT now(),
  put_by name NOT NULL DEFAULT session_user
);
CREATE INDEX IF NOT EXISTS content_of_operation ON portcheck.content (operation);

-- Devices add and read, and nobody changes anything; who carries out an erasing order deletes
-- texts, and nothing else.
GRANT USAGE ON SCHEMA portcheck TO portcheck_device, portcheck_eraser;
GRANT SELECT ON portcheck.exchange, portcheck.member, portcheck.event, portcheck.payload,
  portcheck.piece, portcheck.content TO portcheck_device;
GRANT INSERT (chain, seq, "position", device, kind, recorded_at, officer, agency, previous,
  digest, hash) ON portcheck.event TO portcheck_device;
GRANT INSERT ON portcheck.payload TO portcheck_device;
GRANT INSERT (operation, chain, first, last, hash, note, size, month) ON portcheck.piece
  TO portcheck_device;
GRANT INSERT (name, content) ON portcheck.content TO portcheck_device;
GRANT SELECT (operation, chain, seq, month), DELETE ON portcheck.payload TO portcheck_eraser;
GRANT SELECT ON portcheck.event TO portcheck_eraser;

-- Headers are for every device, or chains would have gaps; all else is for who was granted it.
ALTER TABLE portcheck.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE portcheck.payload ENABLE ROW LEVEL SECURITY;
ALTER TABLE portcheck.piece ENABLE ROW LEVEL SECURITY;
ALTER TABLE portcheck.content ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS own ON portcheck.member;
CREATE POLICY own ON portcheck.member FOR SELECT TO portcheck_device
  USING (role = current_user);

DROP POLICY IF EXISTS granted ON portcheck.payload;
CREATE POLICY granted ON portcheck.payload TO portcheck_device
  USING (operation IN (SELECT m.operation FROM portcheck.member AS m)
    OR '*' IN (SELECT m.operation FROM portcheck.member AS m));
DROP POLICY IF EXISTS granted ON portcheck.piece;
CREATE POLICY granted ON portcheck.piece TO portcheck_device
  USING (operation IN (SELECT m.operation FROM portcheck.member AS m)
    OR '*' IN (SELECT m.operation FROM portcheck.member AS m));
DROP POLICY IF EXISTS granted ON portcheck.content;
CREATE POLICY granted ON portcheck.content TO portcheck_device
  USING (operation IN (SELECT m.operation FROM portcheck.member AS m)
    OR '*' IN (SELECT m.operation FROM portcheck.member AS m));

DROP POLICY IF EXISTS erasing ON portcheck.payload;
CREATE POLICY erasing ON portcheck.payload TO portcheck_eraser USING (true);
