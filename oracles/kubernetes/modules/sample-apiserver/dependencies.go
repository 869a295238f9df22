//go:build dependencies

// The aggregated API server that the conformance suite deploys, in the version that its image name says.
package main

import _ "k8s.io/sample-apiserver"
