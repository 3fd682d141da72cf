"""Values that the database worked out, as own fields keep them."""

from __future__ import annotations

from renmai.kernel.money import currencies, digits

NUMBERS = frozenset({"integer", "decimal", "money", "percent"})
BASE = "renmai_base_currency()"
MOMENT = """YYYY-MM-DD"T"HH24:MI:SS.US"+00:00\""""
LONGEST = 500
HELPERS = """
CREATE OR REPLACE FUNCTION renmai_put(own jsonb, key text, value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL OR value IN ('null', '""') THEN own - key ELSE own || jsonb_build_object(key, value) END
$$;
CREATE OR REPLACE FUNCTION renmai_kept(own jsonb, keys text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(own) WHERE key = ANY(keys)
$$;
CREATE OR REPLACE FUNCTION renmai_json_number(value numeric, places integer) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) < 1e16 THEN to_jsonb(trim_scale(round(value, places))::text) END
$$;
CREATE OR REPLACE FUNCTION renmai_base_currency() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT NULLIF(currency, '') FROM kernel_company WHERE id = 1), 'USD')
$$;
CREATE OR REPLACE FUNCTION renmai_day_of(moment timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (moment AT TIME ZONE coalesce((SELECT NULLIF(time_zone, '') FROM kernel_company WHERE id = 1), 'UTC'))::date
$$;
CREATE OR REPLACE FUNCTION renmai_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT renmai_day_of(now())
$$;
CREATE OR REPLACE FUNCTION renmai_digits(code text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE %(cases)s ELSE 2 END
$$;
CREATE OR REPLACE FUNCTION renmai_recompute_later(field uuid) RETURNS void LANGUAGE sql AS $$
  -- One per field and transaction: a job that another transaction has asked for may begin before this one is done.
  INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
  VALUES ('default', '%(task)s', '%(task)s ' || field, '%(task)s ' || field || ' ' || pg_current_xact_id(),
          jsonb_build_object('field', field))
  ON CONFLICT DO NOTHING
$$;
"""


def helpers(task: str) -> str:
    """The functions that those of the fields call.

    Args:
        task: name of the task of the queue that works a field out anew.
    """
    by_places: dict[int, list[str]] = {}
    for code in currencies():
        by_places.setdefault(digits(code), []).append(f"'{code}'")
    cases = " ".join(f"WHEN code IN ({', '.join(codes)}) THEN {places}" for places, codes in by_places.items() if places != digits(""))
    return HELPERS.replace("%(cases)s", cases).replace("%(task)s", task)


def encoded(result: str, value: str, currency: str) -> str:
    """A value as JSON, NULL where there is none.

    Args:
        result: ``number``, ``money``, ``text``, ``date``, ``moment`` or ``boolean``.
        value: its SQL.
        currency: SQL of the code that an amount is in.
    """
    match result:
        case "number":
            return f"renmai_json_number({value}, 4)"
        case "money":
            return f"renmai_json_number({value}, renmai_digits({currency}))"
        case "text":
            return f"to_jsonb(left({value}, {LONGEST}))"
        case "date":
            return f"to_jsonb(to_char({value}, 'YYYY-MM-DD'))"
        case "moment":
            return f"to_jsonb(to_char({value} AT TIME ZONE 'UTC', '{MOMENT}'))"
    return f"to_jsonb({value})"
