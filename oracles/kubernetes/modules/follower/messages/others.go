package main

import (
	"fmt"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/tools/cache"
)

func (s *session) others() {
	s.errors()
	s.subresources()
	s.reviews()
	s.customKinds()
	s.informers()
	s.discovery()
	s.collections()
}

func (s *session) errors() {
	core := s.messages.CoreV1()
	_, err := core.ConfigMaps(s.namespace).Get(s.ctx, "missing", metav1.GetOptions{})
	s.that(errors.IsNotFound(err) && err.Error() == `configmaps "missing" not found`, "a missing object is not found, not %v", err)
	_, err = core.Secrets(s.namespace).Create(s.ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "A_"}}, metav1.CreateOptions{})
	status, isStatus := err.(errors.APIStatus)
	s.that(errors.IsInvalid(err) && isStatus && len(status.Status().Details.Causes) == 1, "a bad name is invalid, with one cause: %v", err)
}

func (s *session) subresources() {
	core, apps := s.messages.CoreV1(), s.messages.AppsV1()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "evicted"}, Spec: podSpec(corev1.RestartPolicyAlways)}
	_, err := core.Pods(s.namespace).Create(s.ctx, pod, metav1.CreateOptions{})
	s.check(err, "a pod to evict")
	eviction := &policyv1.Eviction{
		ObjectMeta:    metav1.ObjectMeta{Name: "evicted"},
		DeleteOptions: &metav1.DeleteOptions{GracePeriodSeconds: new(int64)},
	}
	s.check(core.Pods(s.namespace).EvictV1(s.ctx, eviction), "eviction")
	hour := int64(3600)
	token, err := core.ServiceAccounts(s.namespace).CreateToken(s.ctx, "default", &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &hour},
	}, metav1.CreateOptions{})
	if s.check(err, "a token") {
		s.that(strings.Count(token.Status.Token, ".") == 2 && time.Until(token.Status.ExpirationTimestamp.Time) > 0, "the token is one")
	}
	deployment := appsDeployment("scaled")
	_, err = apps.Deployments(s.namespace).Create(s.ctx, deployment, metav1.CreateOptions{})
	s.check(err, "a deployment to scale")
	scale, err := apps.Deployments(s.namespace).GetScale(s.ctx, "scaled", metav1.GetOptions{})
	if s.check(err, "scale") {
		scale.Spec.Replicas = 2
		scale, err = apps.Deployments(s.namespace).UpdateScale(s.ctx, "scaled", scale, metav1.UpdateOptions{})
		s.check(err, "a changed scale")
		s.that(err != nil || scale.Spec.Replicas == 2, "the scale is another")
	}
	deployment, err = apps.Deployments(s.namespace).Get(s.ctx, "scaled", metav1.GetOptions{})
	if s.check(err, "the deployment that was scaled") {
		deployment.Status.ObservedGeneration = deployment.Generation
		_, err = apps.Deployments(s.namespace).UpdateStatus(s.ctx, deployment, metav1.UpdateOptions{})
		s.check(err, "a status")
	}
}

func (s *session) reviews() {
	review, err := s.messages.AuthorizationV1().SelfSubjectAccessReviews().Create(s.ctx, &authorizationv1.SelfSubjectAccessReview{
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{
			ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "get", Resource: "pods", Namespace: s.namespace},
		},
	}, metav1.CreateOptions{})
	s.check(err, "an access review")
	s.that(err != nil || review.Status.Allowed, "the review allows")
	self, err := s.messages.AuthenticationV1().SelfSubjectReviews().Create(s.ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	s.check(err, "who am I")
	s.that(err != nil || self.Status.UserInfo.Username != "", "the review names somebody")
}

// informers follow in both forms, one of them with a list that comes as a watch.
func (s *session) informers() {
	stop := make(chan struct{})
	defer close(stop)
	seen := make(chan string, 64)
	handler := cache.ResourceEventHandlerFuncs{AddFunc: func(value any) {
		if named, ok := value.(metav1.Object); ok && named.GetName() == "followed" {
			seen <- fmt.Sprintf("%T", value)
		}
	}}
	factory := informers.NewSharedInformerFactoryWithOptions(s.messages, 0, informers.WithNamespace(s.namespace))
	messages := factory.Core().V1().ConfigMaps().Informer()
	client, err := dynamic.NewForConfig(s.config)
	s.check(err, "a dynamic client")
	dynamics := dynamicinformer.NewFilteredDynamicSharedInformerFactory(client, 0, s.namespace, nil)
	texts := dynamics.ForResource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Informer()
	for _, informer := range []cache.SharedIndexInformer{messages, texts} {
		_, err := informer.AddEventHandler(handler)
		s.check(err, "a handler")
	}
	factory.Start(stop)
	dynamics.Start(stop)
	s.that(cache.WaitForCacheSync(s.ctx.Done(), messages.HasSynced, texts.HasSynced), "the informers begin")
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "followed"}}
	_, err = s.messages.CoreV1().ConfigMaps(s.namespace).Create(s.ctx, object, metav1.CreateOptions{})
	s.check(err, "an object to follow")
	for range 2 {
		select {
		case <-seen:
			s.check(nil, "followed")
		case <-time.After(20 * time.Second):
			s.check(fmt.Errorf("it never came"), "an informer's event")
		}
	}
}

func (s *session) discovery() {
	client := s.messages.Discovery()
	groups, lists, err := client.ServerGroupsAndResources()
	s.check(err, "discovery")
	s.that(len(groups) > 15 && len(lists) > 15, "all groups are discovered: %d, %d", len(groups), len(lists))
	list, err := client.ServerResourcesForGroupVersion("apps/v1")
	s.check(err, "discovery of apps/v1")
	s.that(err != nil || len(list.APIResources) > 5, "apps/v1 has its kinds")
	document, err := client.OpenAPISchema()
	s.check(err, "OpenAPI")
	s.that(err != nil || len(document.GetDefinitions().GetAdditionalProperties()) > 300, "OpenAPI has its definitions")
	for path, each := range must(client.OpenAPIV3().Paths()) {
		if path != "apis/apps/v1" {
			continue
		}
		body, err := each.Schema("application/com.github.proto-openapi.spec.v3.v1.0+protobuf")
		s.check(err, "OpenAPI v3")
		s.that(len(body) > 10_000, "OpenAPI v3 has its document")
	}
}

func must[T any](value T, _ error) T { return value }

// collections come in pages, as metadata alone, and go at once.
func (s *session) collections() {
	configMaps := s.messages.CoreV1().ConfigMaps(s.namespace)
	for index := range 7 {
		object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("page-%d", index), Labels: labels}}
		_, err := configMaps.Create(s.ctx, object, metav1.CreateOptions{})
		s.check(err, "an object of a page")
	}
	found, options := 0, metav1.ListOptions{Limit: 3, LabelSelector: "app=a"}
	for {
		page, err := configMaps.List(s.ctx, options)
		if !s.check(err, "a page") {
			return
		}
		found += len(page.Items)
		if options.Continue = page.Continue; options.Continue == "" {
			break
		}
	}
	s.that(found == 7, "the pages hold all seven, not %d", found)
	client, err := metadata.NewForConfig(s.config)
	s.check(err, "a metadata client")
	alone := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(s.namespace)
	list, err := alone.List(s.ctx, metav1.ListOptions{LabelSelector: "app=a"})
	s.check(err, "metadata")
	s.that(err != nil || (len(list.Items) == 7 && list.Items[0].Labels["app"] == "a"), "the metadata is there")
	s.check(configMaps.DeleteCollection(s.ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "app=a"}), "all at once")
	rest, err := configMaps.List(s.ctx, metav1.ListOptions{LabelSelector: "app=a"})
	s.that(err == nil && len(rest.Items) == 0, "nothing is left: %v", err)
}

// customKinds have no messages: their clients are answered in JSON, and their metadata in messages.
func (s *session) customKinds() {
	client, err := dynamic.NewForConfig(s.config)
	s.check(err, "a dynamic client")
	definitions := client.Resource(schema.GroupVersionResource{
		Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
	})
	group := s.namespace + ".example.com"
	_, err = definitions.Create(s.ctx, &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "gears." + group},
		"spec": map[string]any{
			"group": group, "scope": "Namespaced",
			"names": map[string]any{"plural": "gears", "singular": "gear", "kind": "Gear", "listKind": "GearList"},
			"versions": []any{map[string]any{
				"name": "v1", "served": true, "storage": true,
				"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object"}},
			}},
		},
	}}, metav1.CreateOptions{})
	s.check(err, "a definition")
	defer func() { _ = definitions.Delete(s.ctx, "gears."+group, metav1.DeleteOptions{}) }()
	place := schema.GroupVersionResource{Group: group, Version: "v1", Resource: "gears"}
	gear := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1", "kind": "Gear", "metadata": map[string]any{"name": "g"},
	}}
	for range 50 {
		if _, err = client.Resource(place).Namespace(s.namespace).Create(s.ctx, gear, metav1.CreateOptions{}); !errors.IsNotFound(err) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.check(err, "an object of a custom kind")
	partial, err := metadata.NewForConfig(s.config)
	s.check(err, "a metadata client")
	alone, err := partial.Resource(place).Namespace(s.namespace).Get(s.ctx, "g", metav1.GetOptions{})
	s.check(err, "metadata of a custom kind")
	s.that(err != nil || (alone.Name == "g" && alone.UID != ""), "it is that object's metadata")
	_, err = s.messages.RESTClient().Get().AbsPath("/apis/"+group+"/v1/namespaces/"+s.namespace+"/gears/g").
		SetHeader("Accept", "application/vnd.kubernetes.protobuf").DoRaw(s.ctx)
	s.that(errors.ReasonForError(err) == metav1.StatusReasonNotAcceptable, "a custom kind has no message: %v", err)
}
