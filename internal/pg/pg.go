// Package pg is the house's one way into PostgreSQL. It knows no table.
package pg

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A Querier runs statements: a pool or a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// A DB is a Querier that can begin: a pool begins a transaction, a transaction
// begins a savepoint. Code that takes a DB works alone and inside a larger unit
// of work, and a test can hand it a transaction that it rolls back.
type DB interface {
	Querier
	Begin(ctx context.Context) (pgx.Tx, error)
}

// News is a past-tense struct that a room sends up as a job: what happened, by
// the kind that names it. Rooms word their news with it and need no more of
// the queue than this.
type News = river.JobArgs

// A Queue enlists a job in the caller's transaction. *river.Client[pgx.Tx] is one.
type Queue interface {
	InsertTx(ctx context.Context, tx pgx.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// InTx runs f in a transaction: committed if f returns nil, else rolled back.
func InTx(ctx context.Context, db DB, f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, db, f)
}

// All returns every row of query as a T, by column name.
func All[T any](ctx context.Context, q Querier, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// One returns the only row of query as a T, or pgx.ErrNoRows.
func One[T any](ctx context.Context, q Querier, query string, args ...any) (T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}

// Column returns the single column of every row of query.
func Column[T any](ctx context.Context, q Querier, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

// NoRows reports whether err says that a query for one row found none.
func NoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Violated returns the name of the constraint that err says was violated, or "".
func Violated(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.ConstraintName
	}
	return ""
}

// Unreadable reports whether err says that a text holds what no text may: a NUL
// character, or bytes that are not UTF-8. What was sent is at fault, not we.
func Unreadable(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "22021" || e.Code == "22P05")
}
