package blob

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"pitchside/internal/config"
)

// partSize is how much of an object is in memory at a time. S3 takes up to
// 10,000 parts, so an object of unknown size may have 156 GiB.
const partSize = 16 << 20

// S3 is a Store in a bucket.
type S3 struct {
	client *minio.Client
	bucket string
}

var _ Store = (*S3)(nil)

// OpenS3 connects to the bucket and makes it when it is missing.
func OpenS3(ctx context.Context, cfg config.S3) (*S3, error) {
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey.Reveal(), ""),
		Secure:     cfg.TLS,
		MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("PITCHSIDE_S3_ENDPOINT cannot be used: %w", err)
	}
	s := &S3{client, cfg.Bucket}
	exists, err := client.BucketExists(ctx, cfg.Bucket)
	if err == nil && !exists {
		err = client.MakeBucket(ctx, cfg.Bucket, minio.MakeBucketOptions{})
	}
	if err != nil {
		return nil, fmt.Errorf("the S3 bucket %q at %s cannot be used: %w", cfg.Bucket, cfg.Endpoint, err)
	}
	return s, nil
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	up, err := s.client.PutObject(ctx, s.bucket, key, r, size, minio.PutObjectOptions{
		ContentType: contentType, PartSize: partSize, NumThreads: 2,
	})
	if err != nil {
		return Info{}, fmt.Errorf("%s: %w", key, err)
	}
	return Info{Size: up.Size, ContentType: contentType, Modified: time.Now().UTC()}, nil
}

// Get implements Store. ctx must live until the object is closed.
func (s *S3) Get(ctx context.Context, key string) (io.ReadSeekCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	o, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, named(key, err)
	}
	st, err := o.Stat()
	if err != nil {
		_ = o.Close() // nothing was opened
		return nil, Info{}, named(key, err)
	}
	return o, info(st), nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	st, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, named(key, err)
	}
	return info(st), nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if missing(err) {
		return nil
	}
	return err
}

// Keys implements Store.
func (s *S3) Keys(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for o := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Recursive: true}) {
			if !yield(o.Key, o.Err) || o.Err != nil {
				return
			}
		}
	}
}

// Check implements Store.
func (s *S3) Check(ctx context.Context) error {
	exists, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("the S3 server does not answer: %w", err)
	}
	if !exists {
		return fmt.Errorf("the S3 bucket %q is gone", s.bucket)
	}
	return nil
}

func info(st minio.ObjectInfo) Info {
	return Info{Size: st.Size, ContentType: st.ContentType, Modified: st.LastModified.UTC()}
}

func missing(err error) bool {
	return err != nil && minio.ToErrorResponse(err).StatusCode == http.StatusNotFound
}

func named(key string, err error) error {
	if missing(err) {
		return notFound(key)
	}
	return fmt.Errorf("%s: %w", key, err)
}
