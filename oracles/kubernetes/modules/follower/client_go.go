package main

import (
	"context"
	"errors"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

func handlerOf(ledger *ledger) cache.ResourceEventHandler {
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    ledger.changed,
		UpdateFunc: func(_, now any) { ledger.changed(now) },
		DeleteFunc: ledger.deleted,
	}
}

func followWithClientGo(ctx context.Context, config *rest.Config, namespace string, ledger *ledger) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	informer := factory.Core().V1().ConfigMaps().Informer()
	if _, err := informer.AddEventHandler(handlerOf(ledger)); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		return errors.New("the informer never began")
	}
	return nil
}
