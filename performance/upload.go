package performance

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"pitchside/internal/pg"
	"pitchside/internal/tabular"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// An Upload is a file to be imported.
type Upload struct {
	Kind     Kind
	Filename string
	File     io.Reader
}

// Upload stores a file, however large, finds out how it is written, and
// guesses what its columns hold: as the actor said of the last file with the
// same columns, else by their names. Nothing else is read or written yet. A
// file that is no table is Invalid, about the field "file".
func (s *Service) Upload(ctx context.Context, by people.Actor, u Upload) (Import, error) {
	if err := mayImport(by, u.Kind); err != nil {
		return Import{}, err
	}
	var random [12]byte
	if _, err := rand.Read(random[:]); err != nil {
		return Import{}, err
	}
	key := "imports/" + hex.EncodeToString(random[:])
	var sniffer tabular.Sniffer
	hash := sha256.New()
	if _, err := s.Blobs.Put(ctx, key, io.TeeReader(u.File, io.MultiWriter(&sniffer, hash)), -1, "application/octet-stream"); err != nil {
		return Import{}, err
	}
	i, err := s.survey(ctx, key, &sniffer)
	if err == nil {
		i.Kind, i.Filename = u.Kind, filename(u.Filename)
		err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			if err := s.record(ctx, tx, by, &i, key, hash.Sum(nil)); err != nil {
				return err
			}
			i, err = importFor(ctx, tx, by, i.ID)
			return err
		})
	}
	if err != nil {
		return Import{}, errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), key))
	}
	return i, nil
}

// survey looks at the beginning of a stored file.
func (s *Service) survey(ctx context.Context, key string, sniffer *tabular.Sniffer) (Import, error) {
	f, err := sniffer.Format()
	if err != nil {
		return Import{}, err
	}
	file, _, err := s.Blobs.Get(ctx, key)
	if err != nil {
		return Import{}, err
	}
	defer file.Close()
	r, err := tabular.Open(file, f)
	if err != nil {
		return Import{}, err
	}
	columns, _, err := look(r, f.Encoding == tabular.Workbook)
	if err = errors.Join(err, r.Close()); err != nil {
		return Import{}, err
	}
	return Import{Size: sniffer.Size, Encoding: f.Encoding, Delimiter: f.Delimiter, Columns: columns}, nil
}

// record writes a new import with what is guessed of its columns.
func (s *Service) record(ctx context.Context, tx pgx.Tx, by people.Actor, i *Import, key string, hash []byte) error {
	headers := headerKey(i.Columns)
	i.Mapping, i.Values = guess(i.Kind, i.Columns), map[string]map[string]string{}
	var remembered struct {
		Mapping      map[string]string
		ValueMaps    map[string]map[string]string
		DateFormat   string
		NumberFormat string
	}
	err := tx.QueryRow(ctx, `select mapping, value_maps, date_format, number_format from imports
		where created_by = @actor and kind = @kind and header_key = @headers and state not in ('mapping', 'failed') order by id desc limit 1`,
		pgx.NamedArgs{"actor": by.ID, "kind": i.Kind, "headers": headers}).
		Scan(&remembered.Mapping, &remembered.ValueMaps, &remembered.DateFormat, &remembered.NumberFormat)
	if err == nil {
		i.Mapping, i.Values = remembered.Mapping, remembered.ValueMaps
	} else if !pg.NoRows(err) {
		return err
	}
	switch possible, _ := dateFormats(i.Kind, i.Columns, i.Mapping); {
	case len(possible) == 1:
		i.DateFormat = possible[0]
	case slices.Contains(possible, remembered.DateFormat):
		i.DateFormat = remembered.DateFormat
	}
	i.NumberFormat = numberFormat(i.Kind, i.Columns, i.Mapping)
	return tx.QueryRow(ctx, `insert into imports (kind, filename, blob_key, sha256, size, encoding, delimiter, columns, header_key, mapping, value_maps, date_format, number_format, created_by, created_at)
		values (@kind, @filename, @key, @hash, @size, @encoding, @delimiter, @columns, @headers, @mapping, @values, @dates, @numbers, @actor, @now) returning id`,
		pgx.NamedArgs{"kind": i.Kind, "filename": i.Filename, "key": key, "hash": hash, "size": i.Size, "encoding": i.Encoding, "delimiter": i.Delimiter,
			"columns": i.Columns, "headers": headers, "mapping": i.Mapping, "values": i.Values, "dates": i.DateFormat, "numbers": i.NumberFormat,
			"actor": by.ID, "now": s.Now()}).Scan(&i.ID)
}

// headerKey is the same for files with the same columns in any order.
func headerKey(columns []Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	h := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return hex.EncodeToString(h[:8])
}

func filename(name string) string {
	name = strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), "�")
	if r := []rune(name); len(r) > 200 {
		name = string(r[len(r)-200:])
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, name)
}
