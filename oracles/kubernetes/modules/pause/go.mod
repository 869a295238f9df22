module fairway.dev/oracles/pause

go 1.25.0
