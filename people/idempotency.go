package people

import (
	"bytes"
	"context"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// An Answer is what was answered to a request that carried an Idempotency-Key.
type Answer struct {
	Status      int
	Response    []byte
	ContentType string
}

// Remembered claims the key for this request, or returns what an earlier one
// with the same key was answered within 24 hours. It is a Conflict while that
// one is still running, and Invalid if its body was another.
func (s *Service) Remembered(ctx context.Context, by Actor, key, method, path string, bodyHash []byte) (*Answer, error) {
	args := pgx.NamedArgs{"person": by.ID, "key": key, "method": method, "path": path, "hash": bodyHash}
	if _, err := s.DB.Exec(ctx, `delete from idempotency_keys where person_id = @person and key = @key and method = @method and path = @path
		and (created_at < now() - interval '24 hours' or (status is null and created_at < now() - interval '2 minutes'))`, args); err != nil {
		return nil, err
	}
	tag, err := s.DB.Exec(ctx, `insert into idempotency_keys (person_id, key, method, path, body_hash)
		values (@person, @key, @method, @path, @hash) on conflict do nothing`, args)
	if err != nil || tag.RowsAffected() == 1 {
		return nil, err
	}
	type row struct {
		BodyHash    []byte
		Status      *int
		Response    []byte
		ContentType *string
	}
	was, err := pg.One[row](ctx, s.DB, `select body_hash, status, response, content_type from idempotency_keys
		where person_id = @person and key = @key and method = @method and path = @path`, args)
	switch {
	case err != nil:
		return nil, err
	case !bytes.Equal(was.BodyHash, bodyHash):
		return nil, fault.Invalidf("This Idempotency-Key was used with another body. Send a new key for a new request.")
	case was.Status == nil:
		return nil, fault.Conflictf("The first request with this Idempotency-Key is still running. Try again in a moment.")
	}
	return &Answer{Status: *was.Status, Response: was.Response, ContentType: *was.ContentType}, nil
}

// Remember keeps what the request with this key was answered; an answer that is
// our fault is forgotten, so that the request can be tried again.
func (s *Service) Remember(ctx context.Context, by Actor, key, method, path string, a Answer) error {
	args := pgx.NamedArgs{"person": by.ID, "key": key, "method": method, "path": path,
		"status": a.Status, "response": a.Response, "type": a.ContentType}
	sql := `update idempotency_keys set status = @status, response = @response, content_type = @type
		where person_id = @person and key = @key and method = @method and path = @path`
	if a.Status >= 500 {
		sql = `delete from idempotency_keys where person_id = @person and key = @key and method = @method and path = @path`
	}
	_, err := s.DB.Exec(ctx, sql, args)
	return err
}
