// messages uses typed clients of client-go in protocol buffers on a cluster: every verb on many kinds, watches, informers, metadata, subresources
// and errors. What it is answered has to come in protocol buffers, and to say the same as in JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/tools/clientcmd"
)

type report struct {
	Checks   int            `json:"checks"`
	Failures []string       `json:"failures"`
	Answers  map[string]int `json:"answers"`
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "of the cluster")
	withoutGzip := flag.Bool("without-gzip", false, "ask for nothing compressed")
	timeout := flag.Duration("timeout", 2*time.Minute, "when to give up")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	config.QPS, config.Burst = -1, -1
	config.DisableCompression = *withoutGzip
	session, err := newSession(ctx, config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer session.close()
	session.kinds()
	session.others()
	result := session.result()
	_ = json.NewEncoder(os.Stdout).Encode(result)
	if len(result.Failures) > 0 {
		os.Exit(1)
	}
}
