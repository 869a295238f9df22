package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// An object is made, changed again and again, and deleted.
const changesOfObject = 50

const writersAtOnce = 8

type writer struct {
	client    kubernetes.Interface
	namespace string
	objects   int
}

func newWriter(ctx context.Context, client kubernetes.Interface, changes int) (*writer, error) {
	made, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "follower-"},
	}, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	return &writer{client, made.Name, (changes + changesOfObject - 1) / changesOfObject}, nil
}

func (w *writer) total() int {
	return w.objects * changesOfObject
}

// write makes all changes: those of one object one after the other, several objects at once.
func (w *writer) write(ctx context.Context) error {
	names := make(chan string, w.objects)
	for index := range w.objects {
		names <- fmt.Sprintf("object-%d", index)
	}
	close(names)
	failures := make(chan error, writersAtOnce)
	var all sync.WaitGroup
	for range writersAtOnce {
		all.Go(func() {
			for name := range names {
				if err := w.writeOne(ctx, name); err != nil {
					failures <- fmt.Errorf("%s: %w", name, err)
					return
				}
			}
		})
	}
	all.Wait()
	close(failures)
	return <-failures
}

func (w *writer) writeOne(ctx context.Context, name string) error {
	configs := w.client.CoreV1().ConfigMaps(w.namespace)
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"number": "1"}}
	if _, err := configs.Create(ctx, object, metav1.CreateOptions{}); err != nil {
		return err
	}
	for number := 2; number < changesOfObject; number++ {
		patch := fmt.Appendf(nil, `{"data":{"number":"%d"}}`, number)
		if _, err := configs.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
			return err
		}
	}
	return configs.Delete(ctx, name, metav1.DeleteOptions{})
}

func (w *writer) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = w.client.CoreV1().Namespaces().Delete(ctx, w.namespace, metav1.DeleteOptions{})
}
