// follower makes changes to config maps, follows them through an informer whose connections are cut again and again, and
// tells whether a change was missed or came twice.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type options struct {
	kubeconfig string
	library    string
	changes    int
	cutEvery   time.Duration
	timeout    time.Duration
}

// follow reports what an informer sees to the ledger until the context ends. It returns when the informer has begun.
type follow func(ctx context.Context, config *rest.Config, namespace string, ledger *ledger) error

var libraries = map[string]follow{
	"client-go":          followWithClientGo,
	"controller-runtime": followWithControllerRuntime,
}

func main() {
	var given options
	// Libraries bring flags of their own.
	flags := flag.NewFlagSet("follower", flag.ExitOnError)
	flags.StringVar(&given.kubeconfig, "kubeconfig", "", "of the cluster")
	flags.StringVar(&given.library, "library", "client-go", "client-go or controller-runtime")
	flags.IntVar(&given.changes, "changes", 10000, "how many changes are made")
	// A watch that ends within a second without an event makes client-go list anew, which may leave out what was between.
	flags.DurationVar(&given.cutEvery, "cut-every", 1200*time.Millisecond, "how long a connection of the informer lives")
	flags.DurationVar(&given.timeout, "timeout", 5*time.Minute, "when to give up")
	_ = flags.Parse(os.Args[1:])
	result, err := run(given)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(result)
	if result.Missed+result.Twice > 0 || result.Seen != result.Changes {
		os.Exit(1)
	}
}

func run(given options) (*report, error) {
	begin, known := libraries[given.library]
	if !known {
		return nil, fmt.Errorf("no library %q: there are client-go and controller-runtime", given.library)
	}
	config, err := clientcmd.BuildConfigFromFlags("", given.kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = -1, -1
	ctx, cancel := context.WithTimeout(context.Background(), given.timeout)
	defer cancel()
	// The changes are made by a connection of their own, which nobody cuts.
	writer, err := newWriter(ctx, kubernetes.NewForConfigOrDie(rest.CopyConfig(config)), given.changes)
	if err != nil {
		return nil, err
	}
	defer writer.close()
	proxy, err := startCuttingProxy(config.Host, given.cutEvery)
	if err != nil {
		return nil, err
	}
	defer proxy.close()
	cut := rest.CopyConfig(config)
	cut.Host = proxy.url()
	book := newLedger(writer.total())
	if err := begin(ctx, cut, writer.namespace, book); err != nil {
		return nil, err
	}
	started := time.Now()
	if err := writer.write(ctx); err != nil {
		return nil, err
	}
	book.wait(ctx)
	return book.report(given.library, proxy.cuts(), time.Since(started)), nil
}
