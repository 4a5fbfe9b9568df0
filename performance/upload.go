package performance

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"path"
	"slices"
	"strings"

	"pitchside/internal/fault"
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

// Upload stores a file and begins its import: Store and Begin in one.
func (s *Service) Upload(ctx context.Context, by people.Actor, u Upload) (Import, error) {
	if err := mayImport(by, u.Kind); err != nil {
		return Import{}, err
	}
	file, err := s.Store(ctx, by, u.Filename, u.File)
	if err != nil {
		return Import{}, err
	}
	return s.Begin(ctx, by, u.Kind, file)
}

// A StoredFile is a file that was stored and is not yet an import.
type StoredFile struct {
	key, name string
	sniffer   tabular.Sniffer
	hash      hash.Hash
}

// Store streams a file into the store, however large, looking at it on the way.
// It becomes an import by Begin, or is let go by Discard.
func (s *Service) Store(ctx context.Context, by people.Actor, name string, file io.Reader) (*StoredFile, error) {
	if !by.Can(people.Admin, people.Manager) {
		return nil, fault.NotFoundf("There is nothing here for you.")
	}
	var random [12]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	f := &StoredFile{key: "imports/" + hex.EncodeToString(random[:]), name: filename(name), hash: sha256.New()}
	if _, err := s.Blobs.Put(ctx, f.key, io.TeeReader(file, io.MultiWriter(&f.sniffer, f.hash)), -1, "application/octet-stream"); err != nil {
		return nil, err
	}
	return f, nil
}

// Discard lets a stored file go that is not to be imported.
func (s *Service) Discard(ctx context.Context, f *StoredFile) error {
	return s.Blobs.Delete(context.WithoutCancel(ctx), f.key)
}

// Begin makes an import of a stored file: it finds out how the file is written
// and guesses what its columns hold, as the actor said of the last file with
// the same columns, else by their names. Nothing else is read or written yet. A
// file that is no table is Invalid, about the field "file", and let go.
func (s *Service) Begin(ctx context.Context, by people.Actor, k Kind, f *StoredFile) (Import, error) {
	var i Import
	err := mayImport(by, k)
	if err == nil {
		i, err = s.survey(ctx, f.key, &f.sniffer)
	}
	if err == nil {
		i.Kind, i.Filename = k, f.name
		err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			if err := s.record(ctx, tx, by, &i, f.key, f.hash.Sum(nil)); err != nil {
				return err
			}
			i, err = importFor(ctx, tx, by, i.ID)
			return err
		})
	}
	if err != nil {
		return Import{}, errors.Join(err, s.Discard(ctx, f))
	}
	return i, nil
}

// Forget removes an import that changed nothing, with its file.
func (s *Service) Forget(ctx context.Context, by people.Actor, id int64) error {
	var key string
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		i, err := importFor(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from import_errors where import_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from import_rows where import_id = $1`, id); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `delete from imports where id = $1 and state in ('mapping', 'previewed', 'failed') and imported_at is null returning blob_key`, id).Scan(&key)
		if pg.NoRows(err) {
			return fault.Conflictf("This import is %s, so it stays in the history.", i.State.words())
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.Blobs.Delete(context.WithoutCancel(ctx), key)
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
