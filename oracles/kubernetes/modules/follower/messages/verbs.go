package main

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

type object interface {
	metav1.Object
	runtime.Object
}

// typed is what the clients of all kinds have in common.
type typed[T object, L runtime.Object] interface {
	Create(context.Context, T, metav1.CreateOptions) (T, error)
	Update(context.Context, T, metav1.UpdateOptions) (T, error)
	Get(context.Context, string, metav1.GetOptions) (T, error)
	List(context.Context, metav1.ListOptions) (L, error)
	Watch(context.Context, metav1.ListOptions) (watch.Interface, error)
	Patch(context.Context, string, types.PatchType, []byte, metav1.PatchOptions, ...string) (T, error)
	Delete(context.Context, string, metav1.DeleteOptions) error
}

// verbs makes an object, changes it in every way and deletes it, while it is watched.
func verbs[T object, L runtime.Object](s *session, kind string, messages, texts typed[T, L], given T) {
	name := given.GetName()
	selector := metav1.ListOptions{LabelSelector: "messages=" + s.namespace}
	given.SetLabels(map[string]string{"messages": s.namespace})
	seen, err := messages.Watch(s.ctx, selector)
	if !s.check(err, "%s: watch", kind) {
		return
	}
	defer seen.Stop()
	made, err := messages.Create(s.ctx, given, metav1.CreateOptions{})
	if !s.check(err, "%s: create", kind) {
		return
	}
	since := made.GetCreationTimestamp()
	s.that(made.GetUID() != "" && !since.IsZero(), "%s: what was made has a number and a time", kind)
	_, err = messages.Create(s.ctx, given, metav1.CreateOptions{})
	s.that(errors.IsAlreadyExists(err), "%s: create again is refused as existing, not with %v", kind, err)
	same(s, kind+": get", messages, texts, name)

	changed, err := messages.Get(s.ctx, name, metav1.GetOptions{})
	if s.check(err, "%s: get", kind) {
		changed.SetAnnotations(map[string]string{"by": "update"})
		changed, err = messages.Update(s.ctx, changed, metav1.UpdateOptions{})
		s.check(err, "%s: update", kind)
		stale := made.DeepCopyObject().(T)
		stale.SetAnnotations(map[string]string{"by": "somebody late"})
		_, err = messages.Update(s.ctx, stale, metav1.UpdateOptions{})
		s.that(errors.IsConflict(err), "%s: update of an old version is a conflict, not %v", kind, err)
	}
	for _, patch := range []struct {
		form types.PatchType
		body string
	}{
		{types.MergePatchType, `{"metadata":{"annotations":{"by":"merge"}}}`},
		{types.StrategicMergePatchType, `{"metadata":{"annotations":{"by":"strategic"}}}`},
		{types.JSONPatchType, `[{"op":"replace","path":"/metadata/annotations/by","value":"json"}]`},
	} {
		_, err = messages.Patch(s.ctx, name, patch.form, []byte(patch.body), metav1.PatchOptions{})
		s.check(err, "%s: %s", kind, patch.form)
	}
	same(s, kind+": get after changes", messages, texts, name)
	sameList(s, kind, messages, texts, selector)
	s.check(messages.Delete(s.ctx, name, metav1.DeleteOptions{GracePeriodSeconds: new(int64)}), "%s: delete", kind)
	s.watched(kind, seen, name)
}

// same asks for an object in both forms.
func same[T object, L runtime.Object](s *session, what string, messages, texts typed[T, L], name string) {
	message, err := messages.Get(s.ctx, name, metav1.GetOptions{})
	text, other := texts.Get(s.ctx, name, metav1.GetOptions{})
	if s.check(err, "%s", what) && s.check(other, "%s as JSON", what) && message.GetResourceVersion() == text.GetResourceVersion() {
		s.that(equality.Semantic.DeepEqual(message, text), "%s: the same in both forms:\n%+v\n%+v", what, message, text)
	}
}

func sameList[T object, L runtime.Object](s *session, kind string, messages, texts typed[T, L], options metav1.ListOptions) {
	message, err := messages.List(s.ctx, options)
	text, other := texts.List(s.ctx, options)
	if !s.check(err, "%s: list", kind) || !s.check(other, "%s: list as JSON", kind) {
		return
	}
	items, err := meta.ExtractList(message)
	s.check(err, "%s: items of the list", kind)
	others, _ := meta.ExtractList(text)
	s.that(len(items) == 1 && equality.Semantic.DeepEqual(items, others), "%s: the same list in both forms", kind)
}

// watched waits for the end of the object and looks whether everything was told.
func (s *session) watched(kind string, seen watch.Interface, name string) {
	told := map[watch.EventType]int{}
	patience := time.After(20 * time.Second)
	for {
		select {
		case event, isOpen := <-seen.ResultChan():
			if !isOpen {
				s.check(fmt.Errorf("it ended after %v", told), "%s: watch", kind)
				return
			}
			told[event.Type]++
			accessor, err := meta.Accessor(event.Object)
			if !s.check(err, "%s: object of a %s event", kind, event.Type) {
				return
			}
			if accessor.GetName() != name || event.Type != watch.Deleted {
				continue
			}
			s.that(told[watch.Added] == 1 && told[watch.Modified] >= 4, "%s: everything was told: %v", kind, told)
			return
		case <-patience:
			s.check(fmt.Errorf("nothing told the end, after %v", told), "%s: watch", kind)
			return
		}
	}
}
