package main

// routes says what this service is for. Everything else in this folder is the same in every service.
func routes() []route {
	return []route{
		{"GET /greetings/{name}", greet},
		{"POST /greetings", greetSomebody},
	}
}

type greeting struct {
	Message string `json:"message"`
}

func greet(request *request) (reply, error) {
	return reply{200, greeting{"Hello, " + request.PathValue("name")}}, nil
}

func greetSomebody(request *request) (reply, error) {
	var body struct {
		Name string `json:"name"`
	}
	if err := request.readJSON(&body); err != nil {
		return reply{}, err
	}
	if body.Name == "" {
		return reply{}, problem{400, "the body needs a name"}
	}
	return reply{201, greeting{"Hello, " + body.Name}}, nil
}
