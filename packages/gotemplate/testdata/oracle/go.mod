module fairway.dev/gotemplate-oracle

go 1.25
