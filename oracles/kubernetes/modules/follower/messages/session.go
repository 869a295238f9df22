package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// session is a namespace to play in, seen by clients that speak protocol buffers and by clients that speak JSON.
type session struct {
	ctx       context.Context
	config    *rest.Config
	messages  *kubernetes.Clientset
	texts     *kubernetes.Clientset
	namespace string

	lock     sync.Mutex
	checks   int
	failures []string
	answers  map[string]int
}

func newSession(ctx context.Context, config *rest.Config) (*session, error) {
	s := &session{ctx: ctx, answers: map[string]int{}}
	s.config = rest.CopyConfig(config)
	s.config.ContentType = runtime.ContentTypeProtobuf
	s.config.AcceptContentTypes = runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON
	s.config.Wrap(s.counting)
	texts := rest.CopyConfig(config)
	texts.ContentType = runtime.ContentTypeJSON
	texts.AcceptContentTypes = runtime.ContentTypeJSON
	var err error
	if s.messages, err = kubernetes.NewForConfig(s.config); err != nil {
		return nil, err
	}
	if s.texts, err = kubernetes.NewForConfig(texts); err != nil {
		return nil, err
	}
	made, err := s.messages.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "messages-"},
	}, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	s.namespace = made.Name
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
	// A controller may be faster.
	_, _ = s.messages.CoreV1().ServiceAccounts(s.namespace).Create(ctx, account, metav1.CreateOptions{})
	return s, nil
}

func (s *session) close() {
	_ = s.texts.CoreV1().Namespaces().Delete(context.Background(), s.namespace, metav1.DeleteOptions{})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// counting takes down in which form each answer came.
func (s *session) counting(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(request *http.Request) (*http.Response, error) {
		answer, err := next.RoundTrip(request)
		if err == nil {
			s.lock.Lock()
			s.answers[strings.Split(answer.Header.Get("Content-Type"), ",")[0]]++
			s.lock.Unlock()
		}
		return answer, err
	})
}

// check takes down what went wrong, and says whether it went well.
func (s *session) check(err error, what string, arguments ...any) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.checks++
	if err == nil {
		return true
	}
	s.failures = append(s.failures, fmt.Sprintf(what, arguments...)+": "+err.Error())
	return false
}

func (s *session) that(isSo bool, what string, arguments ...any) bool {
	if isSo {
		return s.check(nil, what, arguments...)
	}
	return s.check(fmt.Errorf("it is not so"), what, arguments...)
}

func (s *session) result() report {
	s.lock.Lock()
	defer s.lock.Unlock()
	return report{Checks: s.checks, Failures: append([]string{}, s.failures...), Answers: s.answers}
}
