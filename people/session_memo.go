package people

import (
	"sync"
	"time"
)

// sessionFresh is how long this process may not know that another ended a
// session or changed whose it is. Its own writes are known at once.
const sessionFresh = time.Second

// mostSessions bounds the memo; beyond it, all entries are let go.
const mostSessions = 10_000

// A sessionMemo remembers for a moment whose session a token is, so that a
// burst of requests by one person asks the database once.
type sessionMemo struct {
	mu   sync.RWMutex
	kept map[string]knownSession
}

type knownSession struct {
	actor Actor
	id    int64
	asked time.Time
}

func (m *sessionMemo) get(token string, now time.Time) (knownSession, bool) {
	m.mu.RLock()
	k, ok := m.kept[token]
	m.mu.RUnlock()
	age := now.Sub(k.asked)
	return k, ok && age >= 0 && age < sessionFresh
}

func (m *sessionMemo) put(token string, k knownSession) {
	m.mu.Lock()
	if m.kept == nil || len(m.kept) >= mostSessions {
		m.kept = map[string]knownSession{}
	}
	m.kept[token] = k
	m.mu.Unlock()
}

// ForgetSessions makes the next request of everybody ask the database whose
// session it is. It is called after whatever may have ended or changed one.
func (s *Service) ForgetSessions() {
	s.sessions.mu.Lock()
	s.sessions.kept = nil
	s.sessions.mu.Unlock()
}
