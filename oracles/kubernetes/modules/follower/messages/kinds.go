package main

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	named    = metav1.ObjectMeta{Name: "a"}
	labels   = map[string]string{"app": "a"}
	selector = &metav1.LabelSelector{MatchLabels: labels}
	third    = intstr.FromString("33%")
	httpPort = intstr.FromString("http")
)

func podSpec(restart corev1.RestartPolicy) corev1.PodSpec {
	return corev1.PodSpec{
		RestartPolicy: restart,
		Containers: []corev1.Container{{
			Name: "c", Image: "example.com/c:1", Args: []string{"", "b"},
			Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 80}},
			Env:   []corev1.EnvVar{{Name: "E", Value: "é 𝄞"}},
			Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{
				"cpu": resource.MustParse("1500m"), "memory": resource.MustParse("1.5Gi"),
			}},
			LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: httpPort}}},
		}},
		Volumes: []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
	}
}

func template(restart corev1.RestartPolicy) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: podSpec(restart)}
}

func appsDeployment(name string) *appsv1.Deployment {
	return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: appsv1.DeploymentSpec{
		Selector: selector, Template: template(corev1.RestartPolicyAlways),
		Strategy: appsv1.DeploymentStrategy{RollingUpdate: &appsv1.RollingUpdateDeployment{MaxSurge: &third}},
	}}
}

func (s *session) kinds() {
	s.coreKinds()
	s.workloads()
	s.policies()
}

func (s *session) coreKinds() {
	m, t, ns := s.messages.CoreV1(), s.texts.CoreV1(), s.namespace
	verbs(s, "ConfigMap", m.ConfigMaps(ns), t.ConfigMaps(ns), &corev1.ConfigMap{
		ObjectMeta: named, Data: map[string]string{"b": "", "a": "x\n"}, BinaryData: map[string][]byte{"c": {0, 255}},
	})
	verbs(s, "Secret", m.Secrets(ns), t.Secrets(ns), &corev1.Secret{
		ObjectMeta: named, Data: map[string][]byte{"k": {1, 2, 3}, "empty": {}},
	})
	verbs(s, "Service", m.Services(ns), t.Services(ns), &corev1.Service{
		ObjectMeta: named, Spec: corev1.ServiceSpec{Selector: labels, Ports: []corev1.ServicePort{{Port: 80, TargetPort: httpPort}}},
	})
	verbs(s, "Pod", m.Pods(ns), t.Pods(ns), &corev1.Pod{ObjectMeta: named, Spec: podSpec(corev1.RestartPolicyAlways)})
	verbs(s, "LimitRange", m.LimitRanges(ns), t.LimitRanges(ns), &corev1.LimitRange{
		ObjectMeta: named, Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{
			Type: corev1.LimitTypeContainer, Max: corev1.ResourceList{"cpu": resource.MustParse("64")},
		}}},
	})
	verbs(s, "PodTemplate", m.PodTemplates(ns), t.PodTemplates(ns), &corev1.PodTemplate{
		ObjectMeta: named, Template: template(corev1.RestartPolicyAlways),
	})
}

func (s *session) workloads() {
	m, t, ns := s.messages, s.texts, s.namespace
	verbs(s, "Deployment", m.AppsV1().Deployments(ns), t.AppsV1().Deployments(ns), appsDeployment("a"))
	verbs(s, "StatefulSet", m.AppsV1().StatefulSets(ns), t.AppsV1().StatefulSets(ns), &appsv1.StatefulSet{
		ObjectMeta: named, Spec: appsv1.StatefulSetSpec{Selector: selector, Template: template(corev1.RestartPolicyAlways)},
	})
	verbs(s, "DaemonSet", m.AppsV1().DaemonSets(ns), t.AppsV1().DaemonSets(ns), &appsv1.DaemonSet{
		ObjectMeta: named, Spec: appsv1.DaemonSetSpec{Selector: selector, Template: template(corev1.RestartPolicyAlways)},
	})
	verbs(s, "CronJob", m.BatchV1().CronJobs(ns), t.BatchV1().CronJobs(ns), &batchv1.CronJob{
		ObjectMeta: named, Spec: batchv1.CronJobSpec{
			Schedule:    "0 0 1 1 *",
			JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template(corev1.RestartPolicyNever)}},
		},
	})
	verbs(s, "HorizontalPodAutoscaler",
		m.AutoscalingV2().HorizontalPodAutoscalers(ns), t.AutoscalingV2().HorizontalPodAutoscalers(ns),
		&autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: named, Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "a"},
			MaxReplicas:    3,
		}},
	)
}

func (s *session) policies() {
	m, t, ns := s.messages, s.texts, s.namespace
	verbs(s, "Lease", m.CoordinationV1().Leases(ns), t.CoordinationV1().Leases(ns), &coordinationv1.Lease{
		ObjectMeta: named, Spec: coordinationv1.LeaseSpec{RenewTime: &metav1.MicroTime{Time: time.Unix(1_700_000_000, 123_456_000)}},
	})
	verbs(s, "EndpointSlice", m.DiscoveryV1().EndpointSlices(ns), t.DiscoveryV1().EndpointSlices(ns), &discoveryv1.EndpointSlice{
		ObjectMeta: named, AddressType: discoveryv1.AddressTypeIPv4, Endpoints: []discoveryv1.Endpoint{{Addresses: []string{"10.0.0.1"}}},
	})
	verbs(s, "Ingress", m.NetworkingV1().Ingresses(ns), t.NetworkingV1().Ingresses(ns), &networkingv1.Ingress{
		ObjectMeta: named, Spec: networkingv1.IngressSpec{DefaultBackend: &networkingv1.IngressBackend{
			Service: &networkingv1.IngressServiceBackend{Name: "a", Port: networkingv1.ServiceBackendPort{Number: 80}},
		}},
	})
	verbs(s, "NetworkPolicy", m.NetworkingV1().NetworkPolicies(ns), t.NetworkingV1().NetworkPolicies(ns), &networkingv1.NetworkPolicy{
		ObjectMeta: named, Spec: networkingv1.NetworkPolicySpec{
			Ingress: []networkingv1.NetworkPolicyIngressRule{{Ports: []networkingv1.NetworkPolicyPort{{Port: &httpPort}}}},
		},
	})
	verbs(s, "PodDisruptionBudget", m.PolicyV1().PodDisruptionBudgets(ns), t.PolicyV1().PodDisruptionBudgets(ns),
		&policyv1.PodDisruptionBudget{ObjectMeta: named, Spec: policyv1.PodDisruptionBudgetSpec{
			Selector: selector, MinAvailable: &third,
		}})
	verbs(s, "Role", m.RbacV1().Roles(ns), t.RbacV1().Roles(ns), &rbacv1.Role{
		ObjectMeta: named, Rules: []rbacv1.PolicyRule{{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"pods"}}},
	})
	cluster := metav1.ObjectMeta{Name: s.namespace}
	verbs(s, "ClusterRole", m.RbacV1().ClusterRoles(), t.RbacV1().ClusterRoles(), &rbacv1.ClusterRole{ObjectMeta: cluster})
}
