-- Tables for analysts: what a portcheck that has pulled operations knows of them, copied here.
--
-- Nothing is worked out here: each row is one of that portcheck's own tables, so that a figure
-- is never counted in two ways.  Money is in pence (`_pence`) or in minor units of `currency`.

CREATE SCHEMA IF NOT EXISTS portcheck_figures;
REVOKE ALL ON SCHEMA portcheck_figures FROM PUBLIC;

-- Joint operations.  `complete` says that all is known of it: nobody is awaited, nothing disputed
-- or pending.  `tally` is the document that was recorded when it ended; rows of checks are as
-- they stand now.
CREATE TABLE IF NOT EXISTS portcheck_figures.operations (
  operation_id text PRIMARY KEY,
  name text NOT NULL,
  site text NOT NULL,
  agencies jsonb NOT NULL,
  timezone text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  tally jsonb,
  awaited jsonb NOT NULL,
  disputes integer NOT NULL,
  pending integer NOT NULL,
  complete boolean GENERATED ALWAYS AS
    (awaited = '[]'::jsonb AND disputes = 0 AND pending = 0) STORED
);

-- Who takes part, and up to where it is known.
CREATE TABLE IF NOT EXISTS portcheck_figures.devices (
  operation_id text NOT NULL REFERENCES portcheck_figures.operations,
  chain text NOT NULL,
  label text NOT NULL,
  state text NOT NULL,
  finished boolean NOT NULL,
  events integer NOT NULL,
  checks integer NOT NULL,
  heard_at timestamptz,
  PRIMARY KEY (operation_id, chain)
);

-- Checks, as they stand after corrections; `day` is that of the operation's time zone.
CREATE TABLE IF NOT EXISTS portcheck_figures.checks (
  check_id text PRIMARY KEY,
  operation_id text NOT NULL REFERENCES portcheck_figures.operations,
  ref text NOT NULL,
  device text NOT NULL,
  at timestamptz NOT NULL,
  timezone text NOT NULL,
  day date GENERATED ALWAYS AS ((at AT TIME ZONE timezone)::date) STORED,
  site text NOT NULL,
  officer text NOT NULL,
  agency text NOT NULL,
  direction text NOT NULL,
  unit text NOT NULL,
  body text NOT NULL,
  lane text NOT NULL,
  country text NOT NULL,
  vehicle text NOT NULL,
  vehicle_key text NOT NULL,
  trailer text NOT NULL,
  trailer_key text NOT NULL,
  container text NOT NULL,
  container_key text NOT NULL,
  screened boolean NOT NULL,
  verdict text NOT NULL,
  primary_outcome text NOT NULL,
  amended boolean NOT NULL,
  voided boolean NOT NULL,
  source text NOT NULL
);
CREATE INDEX IF NOT EXISTS checks_of_operation
  ON portcheck_figures.checks (operation_id, day);
CREATE INDEX IF NOT EXISTS checks_of_vehicle ON portcheck_figures.checks (vehicle_key);

-- Matches of checks, and what was decided; only those that `counts` are in a tally.
CREATE TABLE IF NOT EXISTS portcheck_figures.matches (
  check_id text NOT NULL REFERENCES portcheck_figures.checks ON DELETE CASCADE,
  number integer NOT NULL,
  unit text NOT NULL,
  tier text NOT NULL,
  registration text NOT NULL,
  country text NOT NULL,
  list_name text NOT NULL,
  haulier text NOT NULL,
  decision text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz,
  later boolean NOT NULL,
  counts boolean NOT NULL,
  PRIMARY KEY (check_id, number)
);

-- Penalty lines of matches, as they were assessed when they were shown.
CREATE TABLE IF NOT EXISTS portcheck_figures.penalties (
  check_id text NOT NULL,
  match_number integer NOT NULL,
  number integer NOT NULL,
  reference text NOT NULL,
  liable_party text,
  section text,
  status text,
  issued_on text,
  owed_pence bigint,
  enforceable text NOT NULL,
  PRIMARY KEY (check_id, match_number, number),
  FOREIGN KEY (check_id, match_number) REFERENCES portcheck_figures.matches ON DELETE CASCADE
);

-- What was found, and what was done about penalties; void checks have none of either.
CREATE TABLE IF NOT EXISTS portcheck_figures.findings (
  check_id text NOT NULL REFERENCES portcheck_figures.checks ON DELETE CASCADE,
  field text NOT NULL,
  place integer NOT NULL,
  value text NOT NULL,
  detail text NOT NULL,
  quantity integer NOT NULL,
  amount_minor bigint,
  currency text NOT NULL,
  PRIMARY KEY (check_id, field, place)
);
CREATE INDEX IF NOT EXISTS findings_of_field ON portcheck_figures.findings (field, value);
CREATE TABLE IF NOT EXISTS portcheck_figures.penalty_actions (
  check_id text NOT NULL REFERENCES portcheck_figures.checks ON DELETE CASCADE,
  reference_key text NOT NULL,
  place integer NOT NULL,
  action text NOT NULL,
  amount_pence bigint,
  PRIMARY KEY (check_id, reference_key, place)
);

-- Up to where each operation was published: the newest event of the portcheck that did it.
CREATE TABLE IF NOT EXISTS portcheck_figures.publications (
  operation_id text PRIMARY KEY REFERENCES portcheck_figures.operations,
  arrival bigint NOT NULL,
  event text NOT NULL,
  texts bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  published_by name NOT NULL DEFAULT session_user
);

GRANT USAGE ON SCHEMA portcheck_figures TO portcheck_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA portcheck_figures TO portcheck_analyst;
