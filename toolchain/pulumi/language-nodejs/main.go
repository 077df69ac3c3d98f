// pulumi-language-nodejs for closed networks: runs Node.js programs for the Pulumi engine by the
// runner that @pulumi/pulumi brings (cmd/run). The official one is no Go module that can be fetched.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

func serve() error {
	// The engine may pass it to any language host, whether that traces or not.
	flag.String("tracing", "", "ignored")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	engine := flag.Arg(0)
	if engine != "" {
		// An engine that died without a word must not leave this process behind.
		if err := rpcutil.Healthcheck(ctx, engine, time.Minute, stop); err != nil {
			return err
		}
	}
	host := &languageHost{engine: engine, ctx: ctx, cancel: stop}

	done := make(chan bool)
	go func() {
		<-ctx.Done()
		close(done)
	}()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: done,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}
